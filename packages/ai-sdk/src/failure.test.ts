import { APICallError, LoadAPIKeyError, type LanguageModelV4 } from '@ai-sdk/provider'
import { RouterError, type FailureKind } from '@routewise/core'
import type { FaultEffect } from '@routewise/simulator'
import { createOpenAI } from '@ai-sdk/openai'
import { RetryError } from 'ai'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readFailure } from './failure.ts'
import { simulated, type Simulated } from './testing/simulated.ts'

let world: Simulated
beforeEach(async () => {
  world = await simulated()
})
afterEach(() => world.sim.close())

const vendors = ['openai', 'responses', 'anthropic', 'google', 'mistral', 'deepseek', 'xai', 'groq', 'moonshot'] as const
type Vendor = (typeof vendors)[number]
const prompt = [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'Tell me a story' }] }]

/** What a call throws, or the first error that its stream tells. */
async function errorOf(vendor: Vendor, effect: FaultEffect, kind: 'whole' | 'streamed'): Promise<unknown> {
  world.sim.fault({ effect, times: 1 })
  const model: LanguageModelV4 = world[vendor]()
  try {
    if (kind === 'whole') await model.doGenerate({ prompt })
    else for await (const part of (await model.doStream({ prompt })).stream) if (part.type === 'error') return part.error
  } catch (error) {
    return error
  }
  throw new Error('Nothing failed.')
}

describe.each(vendors)('%s', vendor => {
  test.each<[FaultEffect, FailureKind]>([
    [{ type: 'http-error', kind: 'auth' }, 'auth'],
    [{ type: 'http-error', kind: 'quota' }, 'quota'],
    [{ type: 'http-error', kind: 'rate-limit', retryAfterMs: 3_000 }, 'rate_limit'],
    [{ type: 'http-error', kind: 'overloaded' }, 'overloaded'],
    [{ type: 'http-error', kind: 'server' }, 'server'],
    [{ type: 'context-overflow' }, 'context_overflow'],
    [{ type: 'cut', at: 'headers' }, 'network'],
  ])('%j is %s, asked for whole or streamed', async (effect, kind) => {
    for (const way of ['whole', 'streamed'] as const) expect(readFailure(await errorOf(vendor, effect, way))).toMatchObject({ kind })
  })

  test.each<[FaultEffect, FailureKind]>([
    [{ type: 'cut', at: 'midway' }, 'network'],
    [{ type: 'stream-error', at: 'midway', kind: 'overloaded' }, 'overloaded'],
    [{ type: 'stream-error', at: 'first-token', kind: 'overloaded' }, 'overloaded'],
  ])('%j is %s in a stream', async (effect, kind) => {
    const failure = readFailure(await errorOf(vendor, effect, 'streamed'))
    // Groq calls it an internal error, and its package adds the status of one.
    expect(failure.kind).toBe(vendor === 'groq' && kind === 'overloaded' ? 'server' : kind)
  })

  test('keeps the error, its status and when to come back', async () => {
    const error = await errorOf(vendor, { type: 'http-error', kind: 'rate-limit', retryAfterMs: 3_000 }, 'whole')
    const failure = readFailure(error)
    expect(failure.cause).toBe(error)
    expect(failure).toMatchObject({ status: 429, message: (error as Error).message })
  })
})

test('a stream that ends without an end, where the package makes an error of it, has broken off', async () => {
  expect(readFailure(await errorOf('moonshot', { type: 'silent-end' }, 'streamed'))).toMatchObject({ kind: 'truncated' })
})

test('the good status of a response that broke off is not the failure’s', async () => {
  const error = await errorOf('openai', { type: 'cut', at: 'midway' }, 'streamed')
  expect(error).toMatchObject({ statusCode: 200 })
  expect(readFailure(error)).not.toHaveProperty('status')
})

test('a body that is no JSON has broken off', async () => {
  expect(readFailure(await errorOf('openai', { type: 'malformed', where: 'wire' }, 'streamed'))).toMatchObject({ kind: 'truncated' })
  expect(readFailure(await errorOf('openai', { type: 'malformed', where: 'wire' }, 'whole'))).toMatchObject({ kind: 'truncated' })
})

describe('other errors', () => {
  const overloaded = new APICallError({
    message: 'Overloaded',
    url: 'https://provider.test/v1',
    requestBodyValues: {},
    statusCode: 529,
    responseHeaders: { 'retry-after': '7' },
    responseBody: '{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}',
  })

  test('the last of several tries tells', () => {
    const error = new RetryError({
      message: 'Failed after 3 attempts.',
      reason: 'maxRetriesExceeded',
      errors: [new Error('socket hang up'), overloaded],
    })
    expect(readFailure(error)).toEqual({
      kind: 'overloaded',
      message: 'Overloaded',
      status: 529,
      code: 'overloaded_error',
      retryAfterMs: 7_000,
      cause: error,
    })
  })

  test('a key that is not there is the provider’s refusal of it', async () => {
    expect(readFailure(new LoadAPIKeyError({ message: 'OpenAI API key is missing.' }))).toMatchObject({ kind: 'auth' })
    const model = createOpenAI({ baseURL: 'https://provider.test', headers: {} })('gpt-6-luna')
    const error: unknown = await Promise.resolve(model.doGenerate({ prompt })).catch((thrown: unknown) => thrown)
    expect(readFailure(error)).toMatchObject({ kind: 'auth' })
  })

  test.each<[unknown, FailureKind]>([
    [new DOMException('The operation timed out.', 'TimeoutError'), 'timeout'],
    [{ type: 'overloaded_error', message: 'Overloaded' }, 'overloaded'],
    [{ type: 'error', error: { type: 'rate_limit_error', message: 'Slow down' } }, 'rate_limit'],
    [{ type: 'response.failed', response: { error: { code: 'server_error', message: 'Something broke' } } }, 'server'],
    ['The model is overloaded.', 'overloaded'],
    [new TypeError('terminated'), 'network'],
    [Object.assign(new Error('Not available'), { statusCode: 404, name: 'GatewayModelNotFoundError' }), 'not_found'],
    [undefined, 'unknown'],
  ])('%s: %s', (error, kind) => {
    expect(readFailure(error)).toMatchObject({ kind })
  })

  test('no words of the package’s own stand for what the provider said in an event that it could not read', async () => {
    const failure = readFailure(await errorOf('mistral', { type: 'stream-error', at: 'midway', kind: 'overloaded' }, 'streamed'))
    expect(failure).toMatchObject({ message: 'Service unavailable.', code: '3000' })
  })

  test('an error of another router’s is known by what it tells', () => {
    expect(readFailure(new RouterError('deadline', 'The call took too long: it timed out.')).kind).toBe('timeout')
  })
})
