import OpenAI from 'openai'
import { zodResponseFormat } from 'openai/helpers/zod'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import type { Simulator } from '../start.ts'
import { startSimulator } from '../start.ts'

let sim: Simulator
let client: OpenAI
beforeAll(async () => {
  sim = await startSimulator({
    timeScale: 500,
    providers: ['openai'],
    recordings: [{ prompt: 'What is the capital of France?', answer: { text: 'Paris.', inputTokens: 2006, outputTokens: 300 } }],
  })
  client = new OpenAI({ baseURL: sim.url('openai'), apiKey: 'sk-test', maxRetries: 0 })
})
afterAll(() => sim.close())

const question = (content: string) => ({ role: 'user' as const, content })
const weather = {
  type: 'function' as const,
  function: {
    name: 'weather',
    description: 'Weather of a city',
    parameters: {
      type: 'object',
      properties: { city: { type: 'string' }, days: { type: 'integer', minimum: 1, maximum: 7 } },
      required: ['city', 'days'],
    },
  },
}
const clock = { type: 'function' as const, function: { name: 'clock', parameters: { type: 'object', properties: {} } } }

test('answers as recorded, with the recorded tokens', async () => {
  const completion = await client.chat.completions.create({ model: 'gpt-4.1', messages: [question('What is the capital of France?')] })
  expect(completion.choices[0]).toEqual({
    index: 0,
    message: { role: 'assistant', content: 'Paris.', refusal: null, annotations: [] },
    logprobs: null,
    finish_reason: 'stop',
  })
  expect(completion.usage).toMatchObject({ prompt_tokens: 2006, completion_tokens: 300, total_tokens: 2306 })
  expect(completion.id).toMatch(/^chatcmpl-/)
  expect(completion._request_id).toMatch(/^req_/)
})

test('streams the same answer, with usage in a chunk of its own when asked for', async () => {
  const stream = await client.chat.completions.create({
    model: 'gpt-4.1',
    messages: [question('What is the capital of France?')],
    stream: true,
    stream_options: { include_usage: true },
  })
  const chunks = []
  for await (const chunk of stream) chunks.push(chunk)
  expect(chunks.map(chunk => chunk.choices[0]?.delta.content ?? '').join('')).toBe('Paris.')
  expect(chunks[0]?.choices[0]?.delta.role).toBe('assistant')
  expect(chunks.filter(chunk => chunk.usage)).toHaveLength(1)
  expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { prompt_tokens: 2006, completion_tokens: 300 } })
})

test('streams no usage unless asked', async () => {
  const stream = await client.chat.completions.create({ model: 'gpt-4.1', messages: [question('hello')], stream: true })
  for await (const chunk of stream) expect(chunk).not.toHaveProperty('usage')
})

test('the stream helper puts an answer together', async () => {
  const stream = client.chat.completions.stream({ model: 'gpt-6-luna', messages: [question('hello')] })
  const whole = await client.chat.completions.create({ model: 'gpt-6-luna', messages: [question('hello')] })
  const final = await stream.finalChatCompletion()
  expect(final.choices[0]?.message.content).toBe(whole.choices[0]?.message.content)
  expect(whole.usage?.completion_tokens_details?.reasoning_tokens).toBeGreaterThan(0)
})

test('calls every tool that is offered, with arguments that the schema accepts', async () => {
  const completion = await client.chat.completions.create({
    model: 'gpt-6-luna',
    messages: [question('weather?')],
    tools: [weather, clock],
  })
  const calls = completion.choices[0]?.message.tool_calls ?? []
  expect(completion.choices[0]?.finish_reason).toBe('tool_calls')
  expect(completion.choices[0]?.message.content).toBeNull()
  expect(calls.map(call => (call.type === 'function' ? call.function.name : ''))).toEqual(['weather', 'clock'])
  expect(argumentsOf(calls[0])).toEqual({ city: expect.any(String), days: expect.any(Number) })
})

test('calls one tool where calls may not be parallel, and the one that is forced', async () => {
  const one = await client.chat.completions.create({
    model: 'gpt-6-luna',
    messages: [question('weather?')],
    tools: [weather, clock],
    parallel_tool_calls: false,
  })
  expect(one.choices[0]?.message.tool_calls).toHaveLength(1)
  const forced = await client.chat.completions.create({
    model: 'gpt-6-luna',
    messages: [question('weather?')],
    tools: [weather, clock],
    tool_choice: { type: 'function', function: { name: 'clock' } },
  })
  expect(forced.choices[0]?.message.tool_calls).toMatchObject([{ function: { name: 'clock', arguments: '{}' } }])
})

test('streamed tool calls come as id and name, then arguments by index', async () => {
  const stream = client.chat.completions.stream({ model: 'gpt-4.1', messages: [question('weather?')], tools: [weather, clock] })
  const final = await stream.finalChatCompletion()
  expect(final.choices[0]?.message.tool_calls).toHaveLength(2)
  expect(argumentsOf(final.choices[0]?.message.tool_calls?.[0])).toEqual({ city: expect.any(String), days: expect.any(Number) })
})

test('runTools goes round to an answer in text', async () => {
  const runner = client.chat.completions.runTools({
    model: 'gpt-4.1',
    messages: [question('weather?')],
    tools: [{ type: 'function', function: { ...weather.function, parse: JSON.parse, function: () => 'sunny' } }],
  })
  expect(await runner.finalContent()).toEqual(expect.stringMatching(/\w/))
  const streamed = client.chat.completions.runTools({
    model: 'gpt-4.1',
    stream: true,
    messages: [question('weather?')],
    tools: [{ type: 'function', function: { ...weather.function, parse: JSON.parse, function: () => 'sunny' } }],
  })
  expect(await streamed.finalContent()).toEqual(expect.stringMatching(/\w/))
})

test('parse with zod gets JSON of the schema', async () => {
  const schema = z.object({
    title: z.string(),
    kind: z.enum(['bug', 'feature']),
    score: z.number().min(0).max(10),
    tags: z.array(z.string()).min(1),
    due: z.string().nullable(),
    parent: z.object({ id: z.number().int() }),
  })
  const parsed = await client.chat.completions.parse({
    model: 'gpt-6-luna',
    messages: [question('extract')],
    response_format: zodResponseFormat(schema, 'ticket'),
  })
  expect(schema.safeParse(parsed.choices[0]?.message.parsed).success).toBe(true)
})

test('gives log probabilities where the model has them', async () => {
  const completion = await client.chat.completions.create({ model: 'gpt-4o', messages: [question('hi')], logprobs: true, top_logprobs: 2 })
  const content = completion.choices[0]?.logprobs?.content ?? []
  expect(content.map(item => item.token).join('')).toBe(completion.choices[0]?.message.content)
  expect(content.every(item => item.logprob <= 0 && item.top_logprobs.length === 2)).toBe(true)
  await expect(client.chat.completions.create({ model: 'gpt-6-luna', messages: [question('hi')], logprobs: true })).rejects.toThrow(
    OpenAI.BadRequestError,
  )
})

test('stops at a stop sequence and at the limit of tokens', async () => {
  const limited = await client.chat.completions.create({ model: 'gpt-4.1', messages: [question('long')], max_tokens: 5 })
  expect(limited.choices[0]?.finish_reason).toBe('length')
  expect(limited.usage?.completion_tokens).toBe(5)
  const stopped = await client.chat.completions.create({ model: 'gpt-4.1', messages: [question('long')], stop: '.' })
  expect(stopped.choices[0]?.message.content).not.toContain('.')
})

test('reads a repeated prompt from the cache in steps of 128', async () => {
  const messages = [{ role: 'system' as const, content: 'You answer questions about orders. '.repeat(300) }, question('where is it?')]
  const first = await client.chat.completions.create({ model: 'gpt-5.4', messages })
  const second = await client.chat.completions.create({ model: 'gpt-5.4', messages })
  const prompt = second.usage?.prompt_tokens ?? 0
  expect(first.usage?.prompt_tokens_details?.cached_tokens).toBe(0)
  expect(second.usage?.prompt_tokens_details?.cached_tokens).toBe(Math.floor((prompt - 1) / 128) * 128)
})

test('bills writes to the cache from gpt-5.6 on', async () => {
  const messages = [{ role: 'system' as const, content: 'You answer questions about stock. '.repeat(300) }, question('what is left?')]
  const first = await client.chat.completions.create({ model: 'gpt-6-luna', messages, prompt_cache_key: 'stock' })
  const second = await client.chat.completions.create({ model: 'gpt-6-luna', messages, prompt_cache_key: 'stock' })
  const prompt = first.usage?.prompt_tokens ?? 0
  expect(first.usage?.prompt_tokens_details).toMatchObject({ cached_tokens: 0, cache_write_tokens: prompt })
  expect(second.usage?.prompt_tokens_details).toMatchObject({ cached_tokens: prompt, cache_write_tokens: 0 })
})

test('lists models and gives embeddings', async () => {
  const models = await client.models.list()
  expect(models.data.map(model => model.id)).toContain('gpt-6-luna')
  expect(await client.models.retrieve('gpt-4.1')).toMatchObject({ id: 'gpt-4.1', object: 'model' })
  const { data, usage } = await client.embeddings.create({
    model: 'text-embedding-3-small',
    input: ['red apple pie', 'apple pie', 'quantum field'],
  })
  const near = (a: number, b: number) =>
    (data[a]?.embedding ?? []).reduce((sum, value, index) => sum + value * (data[b]?.embedding[index] ?? 0), 0)
  expect(data[0]?.embedding).toHaveLength(1536)
  expect(near(0, 1)).toBeGreaterThan(near(0, 2) + 0.3)
  expect(usage.total_tokens).toBeGreaterThan(0)
})

test('refuses as OpenAI does', async () => {
  const ask = (body: object) => client.chat.completions.create({ model: 'gpt-4.1', messages: [question('hi')], ...body })
  await expect(ask({ model: 'gpt-99' })).rejects.toMatchObject({ status: 404, code: 'model_not_found' })
  await expect(ask({ model: '' })).rejects.toMatchObject({ status: 400 })
  await expect(ask({ model: 'gpt-6-sol', max_tokens: 5 })).rejects.toMatchObject({
    status: 400,
    code: 'unsupported_parameter',
    param: 'max_tokens',
  })
  await expect(ask({ model: 'gpt-6-sol', temperature: 0.2 })).rejects.toMatchObject({ status: 400, code: 'unsupported_value' })
  await expect(ask({ messages: [{ role: 'tool', tool_call_id: 'call_1', content: '5' }] })).rejects.toMatchObject({ status: 400 })
  const call = (id: string) => ({ role: 'assistant', tool_calls: [{ id, type: 'function', function: { name: 'clock', arguments: '{}' } }] })
  await expect(ask({ messages: [question('hi'), call('call_1'), question('and?')] })).rejects.toThrow(/must be followed by tool messages/)
  await expect(ask({ messages: [question('hi'), call('x'.repeat(41))] })).rejects.toMatchObject({ code: 'string_above_max_length' })
  const stranger = await fetch(`${sim.url('openai')}/chat/completions`, {
    method: 'POST',
    body: JSON.stringify({ model: 'gpt-4.1', messages: [question('hi')] }),
  })
  expect(stranger.status).toBe(401)
  expect(await stranger.json()).toMatchObject({ error: { code: 'invalid_api_key' } })
})

function argumentsOf(call: OpenAI.Chat.ChatCompletionMessageToolCall | undefined): unknown {
  return call?.type === 'function' ? JSON.parse(call.function.arguments) : undefined
}

test('a schema that cannot be strict is refused where strictness is asked for, and taken where it is not', async () => {
  const schema = { type: 'object', properties: { city: { type: 'string' } }, required: [], additionalProperties: false }
  const ask = (strict: boolean) =>
    client.chat.completions.create({
      model: 'gpt-6-luna',
      messages: [question('extract')],
      response_format: { type: 'json_schema', json_schema: { name: 'place', schema, strict } },
    })
  await expect(ask(true)).rejects.toThrow(/Invalid schema for response_format 'place': In context=\(\), 'required' is required/)
  expect(await ask(false)).toMatchObject({ choices: [{ finish_reason: 'stop' }] })
  const call = { ...weather, function: { ...weather.function, strict: true } }
  await expect(
    client.chat.completions.create({ model: 'gpt-6-luna', messages: [question('weather?')], tools: [call] }),
  ).rejects.toMatchObject({ status: 400, code: 'invalid_function_parameters', param: 'tools[0].function.parameters' })
})
