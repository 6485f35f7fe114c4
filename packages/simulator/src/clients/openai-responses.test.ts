import OpenAI from 'openai'
import { zodTextFormat } from 'openai/helpers/zod'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import type { Simulator } from '../start.ts'
import { startSimulator } from '../start.ts'

let sim: Simulator
let client: OpenAI
beforeAll(async () => {
  sim = await startSimulator({ timeScale: 500, providers: ['openai'] })
  client = new OpenAI({ baseURL: sim.url('openai'), apiKey: 'sk-test', maxRetries: 0 })
})
afterAll(() => sim.close())

const weather = {
  type: 'function' as const,
  name: 'weather',
  strict: true,
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false },
}

test('answers a text with reasoning and usage', async () => {
  const response = await client.responses.create({ model: 'gpt-6-luna', input: 'hello', instructions: 'Be brief.' })
  expect(response.status).toBe('completed')
  expect(response.output_text).toMatch(/\w/)
  expect(response.output.map(item => item.type)).toEqual(['reasoning', 'message'])
  expect(response.usage?.output_tokens_details.reasoning_tokens).toBeGreaterThan(0)
  expect(response.usage?.total_tokens).toBe((response.usage?.input_tokens ?? 0) + (response.usage?.output_tokens ?? 0))
})

test('streams what it would answer whole', async () => {
  const whole = await client.responses.create({ model: 'gpt-6-luna', input: 'hello again', reasoning: { effort: 'low', summary: 'auto' } })
  const stream = client.responses.stream({ model: 'gpt-6-luna', input: 'hello again', reasoning: { effort: 'low', summary: 'auto' } })
  const types: string[] = []
  let sequence = 0
  stream.on('event', event => {
    types.push(event.type)
    expect(event.sequence_number).toBe(sequence)
    sequence += 1
  })
  const final = await stream.finalResponse()
  expect(final.output_text).toBe(whole.output_text)
  expect(final.output.map(item => item.type)).toEqual(whole.output.map(item => item.type))
  expect(final.usage).toEqual({ ...whole.usage })
  expect(types.slice(0, 2)).toEqual(['response.created', 'response.in_progress'])
  expect(types).toContain('response.reasoning_summary_text.delta')
  expect(types.at(-1)).toBe('response.completed')
})

test('calls tools, and goes on from the response it stored', async () => {
  const first = await client.responses.create({ model: 'gpt-6-luna', input: 'weather in Rome?', tools: [weather] })
  const call = first.output.find(item => item.type === 'function_call')
  expect(JSON.parse(call?.arguments ?? '')).toEqual({ city: expect.any(String) })
  const second = await client.responses.create({
    model: 'gpt-6-luna',
    previous_response_id: first.id,
    input: [{ type: 'function_call_output', call_id: call?.call_id ?? '', output: 'sunny' }],
    tools: [weather],
  })
  expect(second.output_text).toMatch(/\w/)
  await expect(client.responses.create({ model: 'gpt-6-luna', previous_response_id: 'resp_unknown', input: 'hi' })).rejects.toMatchObject({
    code: 'previous_response_not_found',
  })
})

test('streams tool calls', async () => {
  const stream = client.responses.stream({ model: 'gpt-5.4', input: 'weather in Rome?', tools: [weather] })
  const final = await stream.finalResponse()
  const call = final.output.find(item => item.type === 'function_call')
  expect(JSON.parse(call?.arguments ?? '')).toEqual({ city: expect.any(String) })
})

test('parses JSON of a schema', async () => {
  const schema = z.object({ name: z.string(), ages: z.array(z.number().int()) })
  const response = await client.responses.parse({
    model: 'gpt-6-luna',
    input: 'extract',
    text: { format: zodTextFormat(schema, 'person') },
  })
  expect(schema.safeParse(response.output_parsed).success).toBe(true)
})

test('is incomplete when the limit of tokens cuts it', async () => {
  const response = await client.responses.create({ model: 'gpt-4.1', input: 'tell me all', max_output_tokens: 16 })
  expect(response).toMatchObject({
    status: 'incomplete',
    incomplete_details: { reason: 'max_output_tokens' },
    usage: { output_tokens: 16 },
  })
})

test('reasoning sealed for one key is refused from another', async () => {
  const first = await client.responses.create({
    model: 'gpt-6-luna',
    input: 'hello',
    store: false,
    include: ['reasoning.encrypted_content'],
  })
  const history = [
    { role: 'user' as const, content: 'hello' },
    ...first.output,
    { role: 'user' as const, content: 'more' },
  ] as OpenAI.Responses.ResponseInput
  const again = await client.responses.create({ model: 'gpt-6-luna', input: history })
  expect(again.status).toBe('completed')
  const other = new OpenAI({ baseURL: sim.url('openai'), apiKey: 'sk-other', maxRetries: 0 })
  await expect(other.responses.create({ model: 'gpt-6-luna', input: history })).rejects.toMatchObject({ code: 'invalid_encrypted_content' })
})

test('an error after the start reaches the client as an error', async () => {
  sim.fault({ effect: { type: 'stream-error', at: 'midway', kind: 'server' }, times: 1 })
  const stream = await client.responses.create({ model: 'gpt-6-luna', input: 'hello', stream: true })
  const read = async () => {
    for await (const event of stream) if (event.type === 'error') throw new Error(event.message)
  }
  await expect(read()).rejects.toThrow(/had an error while processing/)
})

test('says in its own words that a prompt is too long', async () => {
  const response = client.responses.create({ model: 'gpt-4o-mini', input: 'word '.repeat(140_000) })
  await expect(response).rejects.toMatchObject({
    status: 400,
    code: 'context_length_exceeded',
    message: expect.stringContaining('exceeds the context window'),
  })
})

test('a schema that cannot be strict is refused', async () => {
  const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }
  const format = { type: 'json_schema' as const, name: 'place', schema, strict: true }
  await expect(client.responses.create({ model: 'gpt-6-luna', input: 'extract', text: { format } })).rejects.toMatchObject({
    status: 400,
    code: 'invalid_json_schema',
    param: 'text.format.schema',
    message: expect.stringMatching(/'additionalProperties' is required to be supplied and to be false/) as string,
  })
})

test('what one account has stored is not there for another', async () => {
  const ask = (apiKey: string, more: object) =>
    new OpenAI({ apiKey, baseURL: sim.url('openai'), maxRetries: 0 }).responses.create({ model: 'gpt-6-luna', input: 'hi', ...more })
  const { id } = await ask('one', {})
  await expect(ask('one', { previous_response_id: id })).resolves.toMatchObject({ status: 'completed' })
  await expect(ask('two', { previous_response_id: id })).rejects.toMatchObject({ code: 'previous_response_not_found' })
})
