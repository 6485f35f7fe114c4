import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Simulator } from '../start.ts'
import { startSimulator } from '../start.ts'

// The truth that every vendor words in its own way: 2006 tokens in, 300 out.
let sim: Simulator
beforeAll(async () => {
  sim = await startSimulator({
    timeScale: 1000,
    providers: ['openai', 'deepseek', 'mistral', 'xai', 'groq', 'moonshotai', 'alibaba'],
    recordings: {
      match: ({ prompt }) => (prompt === 'q' ? { answer: { text: 'a b c d e f g h', inputTokens: 2006, outputTokens: 300 } } : undefined),
    },
  })
})
afterAll(() => sim.close())

const models = {
  openai: 'gpt-5.4',
  deepseek: 'deepseek-v4-flash',
  mistral: 'mistral-small-2603',
  xai: 'grok-4.3',
  groq: 'openai/gpt-oss-20b',
  moonshotai: 'kimi-k3',
  alibaba: 'qwen3.7-plus',
} as const
type Vendor = keyof typeof models

const post = (vendor: Vendor, body: object = {}, headers: Record<string, string> = {}) =>
  fetch(`${sim.origin(vendor)}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: 'Bearer k', ...headers },
    body: JSON.stringify({ model: models[vendor], messages: [{ role: 'user', content: 'q' }], ...body }),
  })
const usageOf = async (vendor: Vendor, body: object = {}) => (await (await post(vendor, body)).json()).usage
const chunksOf = async (vendor: Vendor, body: object = {}) => {
  const frames = (await (await post(vendor, { stream: true, ...body })).text()).split('\n\n').filter(frame => frame !== '')
  expect(frames.at(-1)).toBe('data: [DONE]')
  return frames.slice(0, -1).map(frame => JSON.parse(frame.slice('data: '.length)))
}
const withUsage = { stream_options: { include_usage: true } }

test('OpenAI: usage stands in a chunk of its own, if asked for', async () => {
  expect(await usageOf('openai')).toEqual({
    prompt_tokens: 2006,
    completion_tokens: 300,
    total_tokens: 2306,
    prompt_tokens_details: { cached_tokens: 0, cache_write_tokens: 0, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0, accepted_prediction_tokens: 0, rejected_prediction_tokens: 0 },
  })
  expect((await chunksOf('openai')).some(chunk => 'usage' in chunk)).toBe(false)
  const chunks = await chunksOf('openai', withUsage)
  expect(chunks.slice(0, -1).every(chunk => chunk.usage === null)).toBe(true)
  expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: 2306 } })
})

test('DeepSeek: hits and misses of the cache add up to the prompt', async () => {
  const usage = await usageOf('deepseek')
  expect(usage).toMatchObject({ prompt_tokens: 2006, prompt_cache_hit_tokens: 0, prompt_cache_miss_tokens: 2006, completion_tokens: 300 })
  expect((await chunksOf('deepseek')).at(-1)).toMatchObject({ choices: [{ finish_reason: 'stop' }], usage: { prompt_tokens: 2006 } })
})

test('Mistral: usage comes with the finish, tool calls come whole and have nine characters', async () => {
  expect((await chunksOf('mistral')).at(-1)).toMatchObject({ choices: [{ finish_reason: 'stop' }], usage: { total_tokens: 2306 } })
  const tools = [
    {
      type: 'function',
      function: { name: 'f', parameters: { type: 'object', properties: { a: { type: 'array', items: { type: 'string' } } } } },
    },
  ]
  const called = await chunksOf('mistral', { messages: [{ role: 'user', content: 'call' }], tools })
  const calls = called.flatMap(chunk => chunk.choices[0].delta.tool_calls ?? [])
  expect(calls).toHaveLength(1)
  expect(calls[0].id).toMatch(/^[a-zA-Z0-9]{9}$/)
  expect(JSON.parse(calls[0].function.arguments).a).toHaveLength(4)
})

test('xAI: completion tokens leave the reasoning out, the total does not', async () => {
  const usage = await usageOf('xai', { messages: [{ role: 'user', content: 'think' }] })
  const reasoning = usage.completion_tokens_details.reasoning_tokens
  expect(reasoning).toBeGreaterThan(0)
  expect(usage.total_tokens).toBe(usage.prompt_tokens + usage.completion_tokens + reasoning)
  await sim.settled()
  expect(sim.bill.rows.at(-1)?.usage).toMatchObject({ outputTokens: usage.completion_tokens + reasoning, reasoningTokens: reasoning })
})

test('Groq: usage of a stream stands in x_groq of its last chunk', async () => {
  const chunks = await chunksOf('groq')
  expect(chunks[0].x_groq).toEqual({ id: expect.stringMatching(/^req_/) })
  expect(chunks.at(-1)).toMatchObject({
    choices: [{ finish_reason: 'stop' }],
    x_groq: { usage: { prompt_tokens: 2006, completion_tokens: 300 } },
  })
  expect(chunks.some(chunk => 'usage' in chunk)).toBe(false)
})

test('Moonshot and Alibaba: cached tokens where each puts them', async () => {
  expect(await usageOf('moonshotai')).toMatchObject({ prompt_tokens: 2006, cached_tokens: 0 })
  expect(await usageOf('alibaba')).toMatchObject({ prompt_tokens_details: { cached_tokens: 0, cache_creation_input_tokens: 0 } })
})

test('reasoning is shown in the field of its vendor', async () => {
  const ask = async (vendor: Vendor, body: object) =>
    (await (await post(vendor, { messages: [{ role: 'user', content: 'why?' }], ...body })).json()).choices[0].message
  expect((await ask('deepseek', {})).reasoning_content).toMatch(/\w/)
  expect(await ask('deepseek', { thinking: { type: 'disabled' } })).not.toHaveProperty('reasoning_content')
  expect((await ask('groq', { reasoning_format: 'parsed' })).reasoning).toMatch(/\w/)
  expect((await ask('mistral', { reasoning_effort: 'high' })).content[0]).toMatchObject({ type: 'thinking' })
})

test.each([
  ['openai', 400, /maximum context length is \d+ tokens/],
  ['deepseek', 400, /maximum context length is \d+ tokens/],
  ['mistral', 400, /too large for model with \d+ maximum context length/],
  ['xai', 400, /maximum prompt length is \d+/],
  ['groq', 400, /reduce the length of the messages/],
  ['moonshotai', 400, /exceeded model token limit/],
] as const)('%s says in its own words that a prompt is too long', async (vendor, status, words) => {
  sim.fault({ effect: { type: 'context-overflow' }, times: 1 })
  const response = await post(vendor)
  expect(response.status).toBe(status)
  expect(await response.text()).toMatch(words)
})

test.each([
  ['deepseek', 'quota', 402, { error: { message: 'Insufficient Balance' } }],
  ['mistral', 'rate-limit', 429, { object: 'error', type: 'service_tier_capacity_exceeded', code: '3505' }],
  ['xai', 'rate-limit', 429, { code: 'Some resource has been exhausted', error: expect.any(String) }],
  ['groq', 'overloaded', 503, { error: { type: 'internal_server_error' } }],
] as const)('%s words %s as it does', async (vendor, kind, status, body) => {
  sim.fault({ effect: { type: 'http-error', kind, retryAfterMs: 1500 }, times: 1 })
  const response = await post(vendor)
  expect(response.status).toBe(status)
  expect(response.headers.get('retry-after')).toBe('2')
  expect(await response.json()).toMatchObject(body)
})

test('Mistral caches where it is asked to, xAI where a conversation keeps to its server', async () => {
  const long = { messages: [{ role: 'user', content: 'rules and more rules '.repeat(800) }] }
  const read = async (vendor: Vendor, body: object, headers = {}) => {
    await (await post(vendor, { ...long, ...body }, headers)).text()
    const second = await (await post(vendor, { ...long, ...body }, headers)).json()
    return second.usage.prompt_tokens_details.cached_tokens
  }
  expect(await read('mistral', {})).toBe(0)
  expect(await read('mistral', { prompt_cache_key: 'rules' })).toBeGreaterThan(1024)
  expect(await read('xai', {}, { 'x-grok-conv-id': 'one' })).toBeGreaterThan(1024)
})

test('models without schemas refuse them', async () => {
  const schema = { response_format: { type: 'json_schema', json_schema: { name: 'x', schema: { type: 'object' } } } }
  expect((await post('deepseek', schema)).status).toBe(400)
  expect((await post('openai', schema)).status).toBe(200)
})
