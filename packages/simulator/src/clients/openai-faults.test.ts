import OpenAI from 'openai'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Simulator } from '../start.ts'
import { startSimulator } from '../start.ts'
import type { FaultEffect } from '../fault.ts'

let sim: Simulator
let client: OpenAI
beforeAll(async () => {
  const text = 'one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen'
  sim = await startSimulator({ timeScale: 500, providers: ['openai', 'mistral'], recordings: [{ prompt: 'count', answer: { text } }] })
  client = new OpenAI({ baseURL: sim.url('openai'), apiKey: 'sk-test', maxRetries: 0 })
})
afterAll(() => sim.close())
beforeEach(() => sim.bill.clear())

const body = { model: 'gpt-4.1', messages: [{ role: 'user' as const, content: 'count' }] }
const strike = (effect: FaultEffect) => sim.fault({ effect, times: 1 })
async function streamed(): Promise<{ text: string; finish: string | null | undefined; error?: unknown }> {
  const got: { text: string; finish: string | null | undefined; error?: unknown } = { text: '', finish: undefined }
  try {
    for await (const chunk of await client.chat.completions.create({ ...body, stream: true })) {
      got.text += chunk.choices[0]?.delta.content ?? ''
      got.finish = chunk.choices[0]?.finish_reason ?? got.finish
    }
  } catch (error) {
    got.error = error
  }
  return got
}
const lastRow = async () => {
  await sim.settled()
  return sim.bill.rows.at(-1)
}

test.each([
  ['rate-limit', OpenAI.RateLimitError, 429, 'rate_limit_exceeded'],
  ['quota', OpenAI.RateLimitError, 429, 'insufficient_quota'],
  ['auth', OpenAI.AuthenticationError, 401, 'invalid_api_key'],
  ['permission', OpenAI.PermissionDeniedError, 403, 'unsupported_country_region_territory'],
  ['server', OpenAI.InternalServerError, 500, 'server_error'],
  ['overloaded', OpenAI.InternalServerError, 503, 'server_is_overloaded'],
  ['context-overflow', OpenAI.BadRequestError, 400, 'context_length_exceeded'],
] as const)('%s is an error of its own class, and costs nothing', async (kind, errorClass, status, code) => {
  strike({ type: 'http-error', kind })
  const error = await client.chat.completions.create(body).catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(errorClass)
  expect(error).toMatchObject({ status, code })
  expect(await lastRow()).toMatchObject({ end: 'failed', status, costNanoUsd: 0, fault: 'http-error' })
})

test('any status can be asked for', async () => {
  strike({ type: 'http-error', kind: 'quota', status: 402 })
  await expect(client.chat.completions.create(body)).rejects.toMatchObject({ status: 402 })
  strike({ type: 'http-error', kind: 'overloaded', status: 529 })
  await expect(client.chat.completions.create(body)).rejects.toMatchObject({ status: 529 })
})

test('a rate limit says when to come back, and the SDK comes back', async () => {
  strike({ type: 'http-error', kind: 'rate-limit', retryAfterMs: 10 })
  const error = await client.chat.completions.create(body).catch((caught: unknown) => caught)
  expect(error instanceof OpenAI.APIError && error.headers?.get('retry-after-ms')).toBe('10')
  strike({ type: 'http-error', kind: 'rate-limit', retryAfterMs: 10 })
  const retried = await client.chat.completions.create(body, { maxRetries: 1 })
  expect(retried.choices[0]?.message.content).toMatch(/^one/)
})

test('a context overflow names the window', async () => {
  strike({ type: 'context-overflow' })
  await expect(client.chat.completions.create(body)).rejects.toThrow(/maximum context length is 1047576 tokens/)
})

test('an error event after the start ends the stream, and what was generated is charged', async () => {
  strike({ type: 'stream-error', at: 'midway', kind: 'server' })
  const { text, error } = await streamed()
  expect(text).toMatch(/^one/)
  expect(error).toBeInstanceOf(OpenAI.APIError)
  const row = await lastRow()
  expect(row).toMatchObject({ end: 'interrupted', status: 200 })
  expect(row?.usage.outputTokens).toBeGreaterThan(0)
  expect(row?.costNanoUsd).toBeGreaterThan(0)
})

test('an error event before the first token costs nothing', async () => {
  strike({ type: 'stream-error', at: 'first-token', kind: 'overloaded' })
  expect(await streamed()).toMatchObject({ text: '', error: expect.any(OpenAI.APIError) })
  expect(await lastRow()).toMatchObject({ end: 'interrupted', costNanoUsd: 0 })
})

test('a cut socket throws, before the headers and midway', async () => {
  strike({ type: 'cut', at: 'headers' })
  expect(await streamed()).toMatchObject({ text: '', error: expect.any(OpenAI.APIConnectionError) })
  strike({ type: 'cut', at: 'midway' })
  const { text, error } = await streamed()
  expect(text).toMatch(/^one/)
  expect(error).toBeInstanceOf(Error)
})

test('a silent end is no error to the SDK, and has no finish reason', async () => {
  strike({ type: 'silent-end' })
  const got = await streamed()
  expect(got.text).toMatch(/^one/)
  expect(got).toMatchObject({ finish: undefined })
  expect(got.error).toBeUndefined()
})

test('a frame that is no JSON throws in the client', async () => {
  strike({ type: 'malformed', where: 'wire' })
  expect((await streamed()).error).toBeInstanceOf(SyntaxError)
  strike({ type: 'malformed', where: 'wire' })
  await expect(client.chat.completions.create(body)).rejects.toThrow(/JSON/)
})

test('broken JSON in an answer is a proper answer on the wire', async () => {
  strike({ type: 'malformed', where: 'answer' })
  const answer = await client.chat.completions.create({
    ...body,
    messages: [{ role: 'user', content: 'as json' }],
    response_format: { type: 'json_object' },
  })
  expect(answer.choices[0]?.finish_reason).toBe('stop')
  expect(() => JSON.parse(answer.choices[0]?.message.content ?? '')).toThrow(SyntaxError)
})

test('refusals and content filters are answers', async () => {
  strike({ type: 'refusal' })
  const refused = await client.chat.completions.create(body)
  expect(refused.choices[0]).toMatchObject({
    finish_reason: 'stop',
    message: { content: null, refusal: 'I cannot help with that request.' },
  })
  strike({ type: 'content-filter' })
  const filtered = await client.chat.completions.create(body)
  expect(filtered.choices[0]?.finish_reason).toBe('content_filter')
})

test.each(['headers', 'first-token', 'midway'] as const)('a hang at %s lasts until the client leaves', async at => {
  strike({ type: 'hang', at })
  const controller = new AbortController()
  let text = ''
  const reading = (async () => {
    const stream = await client.chat.completions.create({ ...body, stream: true }, { signal: controller.signal })
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? ''
  })()
  await new Promise(resolve => setTimeout(resolve, 40))
  controller.abort()
  await reading.catch(() => {})
  expect(text !== '').toBe(at === 'midway')
  const row = await lastRow()
  expect(row).toMatchObject({ end: 'cancelled', fault: 'hang' })
  expect(row?.usage.inputTokens).toBeGreaterThan(0)
  expect((row?.usage.outputTokens ?? 0) > 0).toBe(at === 'midway')
})

test('a hang that ends only delays', async () => {
  strike({ type: 'hang', at: 'midway', ms: 5_000 })
  expect(await streamed()).toMatchObject({ finish: 'stop', text: expect.stringMatching(/sixteen$/) })
  const row = await lastRow()
  expect((row?.endMs ?? 0) - (row?.startMs ?? 0)).toBeGreaterThan(5_000)
})

test('a cancelled stream pays for what was generated, or for all of it, by the trait of its provider', async () => {
  const cancelAfterFirst = async (provider: string, model: string) => {
    strike({ type: 'hang', at: 'midway' })
    const controller = new AbortController()
    const own = new OpenAI({ baseURL: `${sim.origin(provider)}/v1`, apiKey: 'sk-test', maxRetries: 0 })
    const stream = await own.chat.completions.create({ ...body, model, stream: true }, { signal: controller.signal })
    for await (const chunk of stream) if (chunk.choices[0]?.delta.content) break
    return lastRow()
  }
  const whole = await client.chat.completions.create(body)
  const stopped = await cancelAfterFirst('openai', 'gpt-4.1')
  expect(stopped?.end).toBe('cancelled')
  expect(stopped?.usage.outputTokens).toBeLessThan(whole.usage?.completion_tokens ?? 0)
  const runOn = await cancelAfterFirst('mistral', 'mistral-large-2512')
  expect(runOn).toMatchObject({ end: 'cancelled', usage: { outputTokens: whole.usage?.completion_tokens } })
})

test('an outage lasts until it is ended', async () => {
  const end = sim.outage('openai')
  await expect(client.chat.completions.create(body)).rejects.toMatchObject({ status: 503 })
  await expect(client.models.list()).rejects.toMatchObject({ status: 503 })
  end()
  await expect(client.chat.completions.create(body)).resolves.toMatchObject({ object: 'chat.completion' })
})

test('Mistral refuses tool-call ids of another length, and words its errors in its own shape', async () => {
  const own = new OpenAI({ baseURL: `${sim.origin('mistral')}/v1`, apiKey: 'k', maxRetries: 0 })
  const history = [
    { role: 'user' as const, content: 'hi' },
    {
      role: 'assistant' as const,
      content: '',
      tool_calls: [{ id: 'call_12345', type: 'function' as const, function: { name: 'f', arguments: '{}' } }],
    },
    { role: 'tool' as const, tool_call_id: 'call_12345', content: '1' },
  ]
  const response = await own.chat.completions.create({ model: 'mistral-small-2603', messages: history }).catch((caught: unknown) => caught)
  expect(response).toMatchObject({ status: 400 })
  const raw = await fetch(`${sim.url('mistral')}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: 'Bearer k' },
    body: JSON.stringify({ model: 'mistral-small-2603', messages: history }),
  })
  expect(await raw.json()).toEqual({
    object: 'error',
    message: 'Tool call id was call_12345 but must be a-z, A-Z, 0-9, with a length of 9.',
    type: 'invalid_request_error',
    param: null,
    code: '3280',
  })
})
