/** What every contender sends. */
export const INSTRUCTIONS = 'You are a support agent.'
export const PROMPT = 'My parcel has not arrived, the order number is 48213. What can I do? '.repeat(15)

const sentence = 'The parcel left the warehouse on Monday and should be with you by Thursday. '
const about = { id: 'chatcmpl-bench', created: 1_763_700_000, model: 'gpt-6-luna', service_tier: 'default' }
const usage = {
  prompt_tokens: 210,
  completion_tokens: 68,
  total_tokens: 278,
  prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
}

/** The answer as one body. */
export const body = JSON.stringify({
  ...about,
  object: 'chat.completion',
  choices: [
    {
      index: 0,
      message: { role: 'assistant', content: sentence.repeat(4), refusal: null, annotations: [] },
      logprobs: null,
      finish_reason: 'stop',
    },
  ],
  usage,
})

const event = (delta: object, finishReason: string | null = null): object => ({
  ...about,
  object: 'chat.completion.chunk',
  choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }],
})
const words = sentence.repeat(4).split(/(?<= )/)
const events = [
  event({ role: 'assistant', content: '' }),
  ...words.map(content => event({ content })),
  event({}, 'stop'),
  { ...about, object: 'chat.completion.chunk', choices: [], usage },
]

/** The same as a stream. */
export const stream = `${events.map(chunk => `data: ${JSON.stringify(chunk)}\n\n`).join('')}data: [DONE]\n\n`
