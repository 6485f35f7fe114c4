/** A body of a request, without its `model` and `stream`. */
export type Body = Record<string, unknown>

/** What is asked for, in every way that the API has of asking. */
export type Wish =
  | 'text'
  | 'system and history'
  | 'tools'
  | 'forced tool'
  | 'parallel tools'
  | 'one tool at a time'
  | 'tool result'
  | 'json_schema'
  | 'image'
  | 'logprobs'
  | 'cut'
  | 'one choice'

const parameters = {
  type: 'object',
  properties: { city: { type: 'string' }, days: { type: 'integer', minimum: 1, maximum: 7 } },
  required: ['city', 'days'],
  additionalProperties: false,
}
const functions = [
  { name: 'weather', description: 'Weather of a city', parameters, strict: true },
  { name: 'clock', description: 'Time of a city', parameters, strict: true },
]
const chatTools = functions.map(definition => ({ type: 'function', function: definition }))
const tools = functions.map(definition => ({ type: 'function', ...definition }))
const schema = {
  type: 'object',
  properties: { title: { type: 'string' }, kind: { type: 'string', enum: ['bug', 'feature'] } },
  required: ['title', 'kind'],
  additionalProperties: false,
}
const user = (content: unknown) => ({ role: 'user', content })
const asked = [user('What is the weather in Vienna?')]
const args = '{"city":"Vienna","days":1}'
const pixel = 'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=='

/** Requests of `POST /chat/completions`. */
export const chatRequests: Readonly<Record<Wish, Body>> = {
  text: { messages: [user('Say something.')] },
  'system and history': {
    messages: [{ role: 'system', content: 'Be brief.' }, user('One.'), { role: 'assistant', content: 'Two.' }, user('Three.')],
  },
  tools: { messages: asked, tools: chatTools.slice(0, 1) },
  'forced tool': { messages: asked, tools: chatTools, tool_choice: { type: 'function', function: { name: 'clock' } } },
  'parallel tools': { messages: asked, tools: chatTools, tool_choice: 'auto', parallel_tool_calls: true },
  'one tool at a time': { messages: asked, tools: chatTools, parallel_tool_calls: false },
  'tool result': {
    messages: [
      ...asked,
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'callaaaa1', type: 'function', function: { name: 'weather', arguments: args } }],
      },
      { role: 'tool', tool_call_id: 'callaaaa1', content: 'Sunny.' },
    ],
    tools: chatTools,
  },
  json_schema: {
    messages: [user('Extract the ticket.')],
    response_format: { type: 'json_schema', json_schema: { name: 'ticket', schema, strict: true } },
  },
  image: {
    messages: [
      user([
        { type: 'text', text: 'What is it?' },
        { type: 'image_url', image_url: { url: pixel, detail: 'low' } },
      ]),
    ],
  },
  logprobs: { messages: [user('Say something.')], logprobs: true, top_logprobs: 2 },
  cut: { messages: [user('Tell me a story.')], max_completion_tokens: 3, max_tokens: undefined },
  'one choice': { messages: [user('Say something.')], n: 1 },
}

/** Requests of `POST /responses`. */
export const responsesRequests: Readonly<Record<Exclude<Wish, 'one choice'>, Body>> = {
  text: { input: 'Say something.' },
  'system and history': { instructions: 'Be brief.', input: [user('One.'), { role: 'assistant', content: 'Two.' }, user('Three.')] },
  tools: { input: asked, tools: tools.slice(0, 1) },
  'forced tool': { input: asked, tools, tool_choice: { type: 'function', name: 'clock' } },
  'parallel tools': { input: asked, tools, tool_choice: 'auto', parallel_tool_calls: true },
  'one tool at a time': { input: asked, tools, parallel_tool_calls: false },
  'tool result': {
    input: [
      ...asked,
      { type: 'function_call', call_id: 'callaaaa1', name: 'weather', arguments: args },
      { type: 'function_call_output', call_id: 'callaaaa1', output: 'Sunny.' },
    ],
    tools,
  },
  json_schema: { input: 'Extract the ticket.', text: { format: { type: 'json_schema', name: 'ticket', schema, strict: true } } },
  image: {
    input: [
      user([
        { type: 'input_text', text: 'What is it?' },
        { type: 'input_image', image_url: pixel, detail: 'low' },
      ]),
    ],
  },
  logprobs: { input: 'Say something.', include: ['message.output_text.logprobs'], top_logprobs: 2 },
  cut: { input: 'Tell me a story.', max_output_tokens: 16 },
}

/** Requests of `POST /embeddings`. */
export const embeddingRequests: Readonly<Record<string, Body>> = {
  'one text': { input: 'Whales.' },
  'several texts': { input: ['Whales.', 'Ships.'] },
  tokens: { input: [1, 2, 3] },
  base64: { input: 'Whales.', encoding_format: 'base64' },
  'short vectors': { input: 'Whales.', dimensions: 8 },
}
