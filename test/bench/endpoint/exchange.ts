import { INSTRUCTIONS } from '../faces/upstream-answer.ts'

/** Bytes of the whole answer, as others have measured gateways with. */
const ANSWER_BYTES = 744
/** Events of a stream before its `[DONE]`: the role, words, the finish, the usage. */
export const EVENTS = 200

/** What the upstream does with a request: read off the request's words, which every contender passes on as they are. */
export const paces = {
  /** Event by event: the first word waits for nothing, what follows waits for the next turn of the loop. */
  stepwise: '[stepwise]',
  /** An event for every stream at every tick, so that many are open at once. */
  ticking: '[ticking]',
} as const

const SENTENCE = 'The parcel left the warehouse on Monday and should be with you by Thursday. '
const about = { id: 'chatcmpl-bench', created: 1_763_700_000, model: 'gpt-6-luna', service_tier: 'default', system_fingerprint: 'fp_bench' }
const usage = {
  prompt_tokens: 210,
  completion_tokens: 197,
  total_tokens: 407,
  prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
}

const answerOf = (content: string): string =>
  JSON.stringify({
    ...about,
    object: 'chat.completion',
    choices: [{ index: 0, message: { role: 'assistant', content, refusal: null }, logprobs: null, finish_reason: 'stop' }],
    usage,
  })

export const wholeText = SENTENCE.repeat(9).slice(0, ANSWER_BYTES - answerOf('').length)
export const wholeAnswer = Buffer.from(answerOf(wholeText))

const event = (delta: object, finishReason: string | null = null): object => ({
  ...about,
  object: 'chat.completion.chunk',
  choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }],
  usage: null,
})
/** Numbered, so that one that is lost, doubled or out of order is seen. */
const words = Array.from({ length: EVENTS - 3 }, (_, at) => `word${at} `)
export const streamText = words.join('')
export const streamEvents = [
  event({ role: 'assistant', content: '', refusal: null }),
  ...words.map(content => event({ content })),
  event({}, 'stop'),
  { ...about, object: 'chat.completion.chunk', choices: [], usage },
].map(chunk => Buffer.from(`data: ${JSON.stringify(chunk)}\n\n`))
export const done = Buffer.from('data: [DONE]\n\n')
export const wholeStream = Buffer.concat([...streamEvents, done])

/** A question as a client sends it, about so many bytes long. */
export function question({ stream = false, bytes = 1_000, words: mark = '' } = {}): string {
  const body = (text: string) =>
    JSON.stringify({
      model: 'auto',
      messages: [
        { role: 'system', content: INSTRUCTIONS },
        { role: 'user', content: text },
      ],
      temperature: 0.7,
      ...(stream ? { stream: true, stream_options: { include_usage: true } } : {}),
    })
  const asked = `${mark} My parcel has not arrived, the order number is 48213. What can I do? `
  const room = bytes - body('').length
  return body(asked.repeat(Math.ceil(room / asked.length)).slice(0, room))
}

/** Whether an answer says all that the upstream has said, and nothing else. */
export function isTrue(text: string, stream: boolean): boolean {
  if (!stream) return textOf(JSON.parse(text) as Completion, 'message') === wholeText
  const frames = text.split('\n\n').filter(frame => frame.startsWith('data: '))
  if (frames.pop() !== 'data: [DONE]') return false
  const chunks = frames.map(frame => JSON.parse(frame.slice('data: '.length)) as Completion)
  const finishes = chunks.filter(({ choices }) => choices[0]?.finish_reason === 'stop')
  return finishes.length === 1 && chunks.map(chunk => textOf(chunk, 'delta')).join('') === streamText
}

interface Completion {
  choices: readonly { message?: { content?: string }; delta?: { content?: string }; finish_reason?: string | null }[]
}
const textOf = ({ choices }: Completion, part: 'message' | 'delta'): string => choices[0]?.[part]?.content ?? ''
