import Anthropic, {
  AuthenticationError,
  PermissionDeniedError,
  PaymentRequiredError,
  RateLimitError,
  ContentTooLargeError,
  InternalServerError,
  OverloadedError,
} from '@anthropic-ai/sdk'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startSimulator } from '../start.ts'
import type { Simulator } from '../start.ts'

let sim: Simulator
let client: Anthropic

beforeAll(async () => {
  sim = await startSimulator({
    providers: ['anthropic'],
    timeScale: 1000,
    recordings: [{ prompt: 'What is 2 + 2?', answer: { text: 'Four, END as ever.' } }],
  })
  client = new Anthropic({ baseURL: sim.url('anthropic'), apiKey: 'test', maxRetries: 0 })
})
afterAll(() => sim.close())

const model = 'claude-haiku-4-5'
const ask = (content: string): Anthropic.MessageParam[] => [{ role: 'user', content }]
const tools: Anthropic.Tool[] = [
  { name: 'get_weather', input_schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } },
]
/** A text of about so many tokens that no other test has sent. */
const long = (topic: string, words: number): string => Array.from({ length: words }, (_, index) => `${topic} ${index}`).join(', ')

test('creates a message', async () => {
  const message = await client.messages.create({ model, max_tokens: 100, messages: ask('What is 2 + 2?') })
  expect(message).toMatchObject({
    type: 'message',
    role: 'assistant',
    model,
    content: [{ type: 'text', text: 'Four, END as ever.' }],
    stop_reason: 'end_turn',
  })
  expect(message.id).toMatch(/^msg_01/)
  expect(message._request_id).toMatch(/^req_01/)
  expect(message.usage.input_tokens).toBeGreaterThan(5)
  expect(message.usage.output_tokens).toBeGreaterThan(3)
})

test('stops at a stop sequence and at max_tokens', async () => {
  const stopped = await client.messages.create({ model, max_tokens: 100, stop_sequences: ['END'], messages: ask('What is 2 + 2?') })
  expect(stopped).toMatchObject({ content: [{ text: 'Four, ' }], stop_reason: 'stop_sequence', stop_sequence: 'END' })
  const cut = await client.messages.create({ model, max_tokens: 2, messages: ask('What is 2 + 2?') })
  expect(cut).toMatchObject({ stop_reason: 'max_tokens', usage: { output_tokens: 2 } })
})

test('the stream helper puts the same message together', async () => {
  const whole = await client.messages.create({ model, max_tokens: 500, messages: ask('Tell me more') })
  const stream = client.messages.stream({ model, max_tokens: 500, messages: ask('Tell me more') })
  let text = ''
  stream.on('text', delta => (text += delta))
  const final = await stream.finalMessage()
  expect(final.content).toEqual(whole.content)
  expect(final.usage).toEqual(whole.usage)
  expect(text).toBe(whole.content.flatMap(block => (block.type === 'text' ? block.text : [])).join(''))
})

test('calls a tool, takes its result, answers in text', async () => {
  const stream = client.messages.stream({ model, max_tokens: 500, tools, messages: ask('Weather in Oslo?') })
  const first = await stream.finalMessage()
  const call = first.content.find(block => block.type === 'tool_use')!
  expect(first.stop_reason).toBe('tool_use')
  expect(call).toMatchObject({ name: 'get_weather', input: { city: expect.any(String) } })
  expect(call.id).toMatch(/^[a-zA-Z0-9_-]{1,64}$/)
  const second = await client.messages.create({
    model,
    max_tokens: 500,
    tools,
    messages: [
      ...ask('Weather in Oslo?'),
      { role: 'assistant', content: first.content },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: call.id, content: 'Rain' }] },
    ],
  })
  expect(second).toMatchObject({ stop_reason: 'end_turn', content: [{ type: 'text' }] })
  const none = await client.messages.create({
    model,
    max_tokens: 500,
    tools,
    tool_choice: { type: 'none' },
    messages: ask('Weather in Oslo?'),
  })
  expect(none.stop_reason).toBe('end_turn')
})

test('shows thinking, signed, and takes it back', async () => {
  const thinking = { type: 'enabled', budget_tokens: 1024 } as const
  const stream = client.messages.stream({ model, max_tokens: 2000, thinking, messages: ask('Think it over') })
  const first = await stream.finalMessage()
  expect(first.content.map(block => block.type)).toEqual(['thinking', 'text'])
  expect(first.usage.output_tokens_details!.thinking_tokens).toBeGreaterThan(0)
  const messages = [...ask('Think it over'), { role: 'assistant' as const, content: first.content }, ...ask('And again')]
  await expect(client.messages.create({ model, max_tokens: 2000, thinking, messages })).resolves.toMatchObject({ role: 'assistant' })
})

test('holds output to a schema', async () => {
  const schema = {
    type: 'object',
    properties: { city: { type: 'string' }, population: { type: 'integer' } },
    required: ['city', 'population'],
    additionalProperties: false,
  }
  const message = await client.messages.parse({
    model,
    max_tokens: 500,
    messages: ask('Oslo as JSON'),
    output_config: { format: { type: 'json_schema', schema } },
  })
  const [block] = message.content
  expect(JSON.parse(block?.type === 'text' ? block.text : '')).toEqual({ city: expect.any(String), population: expect.any(Number) })
})

test('counts tokens as it bills them', async () => {
  const request = { model, system: 'Be brief.', tools, messages: ask('How many tokens is this?') }
  const { input_tokens } = await client.messages.countTokens(request)
  const message = await client.messages.create({ ...request, max_tokens: 50 })
  expect(message.usage.input_tokens).toBe(input_tokens)
  expect(input_tokens).toBeGreaterThan(346)
})

test('lists its models', async () => {
  const ids: string[] = []
  for await (const info of client.models.list()) ids.push(info.id)
  expect(ids).toContain(model)
  expect(await client.models.retrieve(model)).toMatchObject({ id: model, type: 'model', max_input_tokens: 200_000 })
})

const marker = (ttl: '5m' | '1h') => ({ type: 'ephemeral' as const, ttl })
const system = (topic: string, ttl: '5m' | '1h' | undefined): Anthropic.TextBlockParam[] => [
  { type: 'text', text: long(topic, 1500), ...(ttl === undefined ? {} : { cache_control: marker(ttl) }) },
]
const usageOf = async (blocks: Anthropic.TextBlockParam[], content: string) =>
  (await client.messages.create({ model, max_tokens: 10, system: blocks, messages: ask(content) })).usage

test('writes to the prompt cache at a breakpoint only, and reads it back from there', async () => {
  const first = await usageOf(system('apples', '5m'), 'one')
  expect(first.cache_creation_input_tokens).toBeGreaterThan(4096)
  expect(first.cache_creation).toEqual({ ephemeral_5m_input_tokens: first.cache_creation_input_tokens, ephemeral_1h_input_tokens: 0 })
  const second = await usageOf(system('apples', '5m'), 'two')
  expect(second).toMatchObject({ cache_read_input_tokens: first.cache_creation_input_tokens, cache_creation_input_tokens: 0 })
  expect(second.input_tokens).toBeLessThan(20)
  expect(await usageOf(system('pears', undefined), 'one')).toMatchObject({ cache_read_input_tokens: 0, cache_creation_input_tokens: 0 })
  expect(await usageOf(system('pears', undefined), 'one')).toMatchObject({ cache_read_input_tokens: 0, cache_creation_input_tokens: 0 })
})

test('below the minimum nothing is cached, and nothing said', async () => {
  const blocks = [{ type: 'text' as const, text: long('plums', 200), cache_control: marker('5m') }]
  for (const turn of ['one', 'two'])
    expect(await usageOf(blocks, turn)).toMatchObject({ cache_read_input_tokens: 0, cache_creation_input_tokens: 0 })
})

test('an hour of lifetime has its own count and its own price', async () => {
  const usage = await usageOf(system('cherries', '1h'), 'one')
  const written = usage.cache_creation_input_tokens!
  expect(usage.cache_creation).toEqual({ ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: written })
  await sim.settled()
  // USD per million tokens: input 1, hour-long writes 2, output 5.
  expect(sim.bill.rows.at(-1)!.costNanoUsd).toBe(usage.input_tokens * 1000 + written * 2000 + usage.output_tokens * 5000)
})

test('a top-level cache_control carries the cache from turn to turn', async () => {
  const turn = async (messages: Anthropic.MessageParam[]) =>
    client.messages.create({ model, max_tokens: 20, system: long('grapes', 1500), messages, cache_control: { type: 'ephemeral' } })
  const first = await turn(ask('one'))
  const next: Anthropic.MessageParam[] = [...ask('one'), { role: 'assistant', content: first.content }, ...ask('two')]
  const second = await turn(next)
  expect(second.usage.cache_read_input_tokens).toBe(first.usage.cache_creation_input_tokens)
  expect(second.usage.cache_creation_input_tokens).toBeGreaterThan(0)
})

test.each([
  ['auth', AuthenticationError, 401, 'authentication_error'],
  ['permission', PermissionDeniedError, 403, 'permission_error'],
  ['quota', PaymentRequiredError, 402, 'billing_error'],
  ['rate-limit', RateLimitError, 429, 'rate_limit_error'],
  ['too-large', ContentTooLargeError, 413, 'request_too_large'],
  ['server', InternalServerError, 500, 'api_error'],
  ['overloaded', OverloadedError, 529, 'overloaded_error'],
] as const)('%s is thrown as its own class', async (kind, type, status, name) => {
  sim.fault({ effect: { type: 'http-error', kind }, times: 1 })
  const error: unknown = await client.messages.create({ model, max_tokens: 10, messages: ask('Hello') }).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(type)
  expect(error).toMatchObject({ status, type: name })
})

test('a rate limit says how long to wait, a spend limit that waiting is of no use', async () => {
  sim.fault({ effect: { type: 'http-error', kind: 'rate-limit', retryAfterMs: 2000 }, times: 1 })
  const limited: unknown = await client.messages
    .create({ model, max_tokens: 10, messages: ask('Hello') })
    .catch((thrown: unknown) => thrown)
  const { headers } = limited instanceof RateLimitError ? limited : {}
  expect(headers?.get('retry-after')).toBe('2')
  expect(headers?.get('anthropic-ratelimit-requests-remaining')).toBe('0')
  sim.fault({ effect: { type: 'http-error', kind: 'quota', status: 429 }, times: 1 })
  await expect(client.messages.create({ model, max_tokens: 10, messages: ask('Hello') })).rejects.toMatchObject({
    errorCode: 'enforced_spend_limit_reached',
  })
})

test('an unknown model is not found, a wrong request names its field', async () => {
  await expect(client.messages.create({ model: 'claude-9', max_tokens: 10, messages: ask('Hello') })).rejects.toMatchObject({
    status: 404,
    apiMessage: 'model: claude-9',
  })
  await expect(client.messages.create({ model, max_tokens: 10, messages: [] })).rejects.toThrow(
    'messages: at least one message is required',
  )
})

test('a prompt over the window is too long', async () => {
  const messages = ask(long('word', 70_000))
  await expect(client.messages.create({ model, max_tokens: 10, messages })).rejects.toThrow(
    /prompt is too long: \d+ tokens > 200000 maximum/,
  )
})

test('a refusal is an answer with its own stop reason', async () => {
  sim.fault({ effect: { type: 'refusal' }, times: 1 })
  const message = await client.messages.stream({ model, max_tokens: 10, messages: ask('Hello') }).finalMessage()
  expect(message).toMatchObject({ stop_reason: 'refusal', stop_details: { type: 'refusal', explanation: expect.any(String) } })
})

test('a stream that breaks midway throws what broke it', async () => {
  const read = async () => {
    for await (const event of client.messages.stream({ model, max_tokens: 500, messages: ask('Tell me more') })) void event
  }
  sim.fault({ effect: { type: 'stream-error', at: 'midway', kind: 'overloaded' }, times: 1 })
  await expect(read()).rejects.toMatchObject({ type: 'overloaded_error' })
  sim.fault({ effect: { type: 'cut', at: 'midway' }, times: 1 })
  await expect(read()).rejects.toThrow(/terminated|fetch failed/)
  sim.fault({ effect: { type: 'silent-end' }, times: 1 })
  const silent = client.messages.stream({ model, max_tokens: 500, messages: ask('Tell me more') })
  await expect(silent.finalMessage()).rejects.toThrow('stream ended without producing a Message')
})

test('every error has a request id of its own, the same in header and body', async () => {
  const ids = new Set<unknown>()
  for (const attempt of [1, 2]) {
    sim.fault({ effect: { type: 'http-error', kind: 'rate-limit' }, times: 1 })
    const error: unknown = await client.messages
      .create({ model, max_tokens: 10, messages: ask(`Hello ${attempt}`) })
      .catch((thrown: unknown) => thrown)
    if (!(error instanceof RateLimitError)) throw error
    expect(error.error).toMatchObject({ request_id: error.requestID })
    expect(error.headers.get('anthropic-ratelimit-requests-reset')).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    ids.add(error.requestID)
  }
  expect(ids.size).toBe(2)
})
