import { chatFinish, readChatUsage, type Json, type Reading } from '@routewise/core'
import { newTrace, type WireCall, type WireChunk } from '../call.ts'

/** What a chat model is to say: deltas, how it ends, and what it bills. */
export interface ChatScript {
  deltas: readonly Json[]
  finish?: string
  usage?: Json
}

export const MODEL = 'gpt-test'
const USAGE: Json = { prompt_tokens: 12, completion_tokens: 7, total_tokens: 19, prompt_tokens_details: { cached_tokens: 5 } }
const encoder = new TextEncoder()

/** A call of the Responses API. */
export const responsesCall = (body: Json): WireCall => ({ api: 'responses', body, stream: body['stream'] === true, trace: newTrace(0) })

/** The chunks of a chat's stream, one event each. */
export function chatChunks({ deltas, finish = 'stop', usage = USAGE }: ChatScript): WireChunk[] {
  const said = deltas.map(delta => chunk(choiceOf(delta), { meaningful: true }))
  const begin = chunk(choiceOf({ role: 'assistant', content: '' }), { meaningful: false })
  const end = chunk(choiceOf({}, finish), { meaningful: false, finish: chatFinish(finish) })
  return [begin, ...said, end, chunk({ choices: [], usage }, { meaningful: false, usage: readChatUsage(usage) })]
}

/** The same as a whole answer. */
export function chatWhole(
  message: Json,
  { finish = 'stop', usage = USAGE, logprobs = null }: Partial<ChatScript> & { logprobs?: unknown } = {},
): WireChunk {
  const choices = [{ index: 0, message: { role: 'assistant', ...message }, logprobs, finish_reason: finish }]
  const body = { id: 'chat', object: 'chat.completion', created: 1, model: MODEL, choices, usage }
  return {
    target: 't',
    bytes: encoder.encode(JSON.stringify(body)),
    reading: { meaningful: true, finish: chatFinish(finish), usage: readChatUsage(usage) },
  }
}

const choiceOf = (delta: Json, finish: string | null = null): Json => ({
  choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
})

export function chunk(fields: Json, reading: Reading): WireChunk {
  const event = { id: 'chat', object: 'chat.completion.chunk', created: 1, model: MODEL, ...fields }
  return { target: 't', bytes: encoder.encode(`data: ${JSON.stringify(event)}\n\n`), reading }
}

/** Several chunks as they may come in one network read. */
export function joined(chunks: readonly WireChunk[]): WireChunk {
  const readings = chunks.map(({ reading }) => reading)
  const reading = Object.assign({}, ...readings, { meaningful: readings.some(({ meaningful }) => meaningful) }) as Reading
  return { target: 't', bytes: Buffer.concat(chunks.map(({ bytes }) => bytes)), reading }
}
