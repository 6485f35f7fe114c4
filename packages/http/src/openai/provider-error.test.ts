import { startSimulator, type FaultEffect, type ProblemKind } from '@routewise/simulator'
import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Flavour } from './flavour.ts'
import { errorOfResponse, failureOf } from './provider-error.ts'
import { scrub } from './scrub.ts'
import { openaiTarget } from './target.ts'
import { callOf, hello, open } from '../testing/calls.ts'
import { sendJson, startUpstream } from '../testing/upstream.ts'

let sim: Awaited<ReturnType<typeof startSimulator>>
beforeAll(async () => {
  sim = await startSimulator({ timeScale: 10_000 })
})
afterAll(() => sim.close())

const vendors: readonly (readonly [provider: string, flavour: Flavour, model: string])[] = [
  ['openai', 'openai', 'gpt-6-luna'],
  ['deepseek', 'deepseek', 'deepseek-v4-flash'],
  ['mistral', 'mistral', 'mistral-large-2512'],
  ['xai', 'xai', 'grok-4.5'],
  ['groq', 'groq', 'openai/gpt-oss-20b'],
  ['moonshotai', 'compatible', 'kimi-k3'],
  ['alibaba', 'compatible', 'qwen3.7-max'],
]

const kinds: readonly (readonly [told: ProblemKind, kind: string])[] = [
  ['auth', 'auth'],
  ['permission', 'permission'],
  ['not-found', 'not_found'],
  ['quota', 'quota'],
  ['rate-limit', 'rate_limit'],
  ['overloaded', 'overloaded'],
  ['server', 'server'],
  ['bad-request', 'bad_request'],
  ['content-filter', 'content_filter'],
]

describe.each(vendors)('%s', (provider, flavour, model) => {
  const targetOf = () => openaiTarget({ baseURL: sim.url(provider), apiKey: 'sk-canary-0123456789', model, flavour })

  async function failureAt(effect: FaultEffect, stream: boolean) {
    const stop = sim.fault({ when: { provider }, effect })
    const target = targetOf()
    try {
      const chunks = await open(target, callOf({ ...hello, stream }))
      return chunks.find(({ reading }) => reading.failure !== undefined)?.reading.failure
    } catch (error) {
      return target.failure(error)
    } finally {
      stop()
    }
  }

  test.each(kinds)('its words for %s are classified, before the answer and in a stream', async (told, kind) => {
    expect((await failureAt({ type: 'http-error', kind: told }, false))?.kind).toBe(kind)
    const inStream = await failureAt({ type: 'stream-error', at: 'first-token', kind: told }, true)
    expect(inStream?.message).not.toBe('')
  })

  test('a prompt over the window, and a gateway that has waited too long', async () => {
    expect((await failureAt({ type: 'context-overflow' }, false))?.kind).toBe('context_overflow')
    // Most call it an error of their server, which is asked again or left as a timeout is.
    expect((await failureAt({ type: 'http-error', kind: 'timeout' }, false))?.kind).toMatch(/^(?:server|timeout)$/)
  })

  test('it says when to come back', async () => {
    const failure = await failureAt({ type: 'http-error', kind: 'rate-limit', retryAfterMs: 7_000 }, true)
    expect(failure).toMatchObject({ kind: 'rate_limit', retryAfterMs: 7_000 })
  })

  test('a socket that breaks is a fault of the line, a body that is none is cut short', async () => {
    expect((await failureAt({ type: 'cut', at: 'headers' }, true))?.kind).toBe('network')
    expect((await failureAt({ type: 'cut', at: 'midway' }, true))?.kind).toBe('network')
    expect((await failureAt({ type: 'malformed', where: 'wire' }, false))?.kind).toBe('truncated')
  })
})

test('a server that is not there is a fault of the line', async () => {
  const target = openaiTarget({ baseURL: 'http://127.0.0.1:1/v1', model: 'm' })
  const error: unknown = await open(target, callOf(hello)).catch((fault: unknown) => fault)
  expect(target.failure(error)).toMatchObject({ kind: 'network' })
})

describe('an error', () => {
  const kindOf = (status: number, body: string) => failureOf(errorOfResponse(status, {}, body, []), []).kind
  test.each([
    [502, '<html><title>502 Bad Gateway</title></html>', 'server'],
    [503, '', 'overloaded'],
    [400, '', 'context_overflow'],
    [404, '{"error":"model \'x\' not found"}', 'not_found'],
    [422, '{"detail":[{"type":"extra_forbidden","loc":["body","store"],"msg":"Extra inputs are not permitted"}]}', 'bad_request'],
    [400, '[{"error":{"code":400,"message":"API key not valid.","status":"INVALID_ARGUMENT"}}]', 'auth'],
    [
      429,
      '{"error":{"code":429,"message":"Provider returned error","metadata":{"raw":"maximum context length is 4096"}}}',
      'context_overflow',
    ],
    [400, '{"error":{"message":"maximum context length is 4096 tokens","type":"BadRequestError","code":400}}', 'context_overflow'],
    [401, '{"error":{"message":"Incorrect API key provided","code":"invalid_api_key"}}', 'auth'],
  ])('%i %s', (status, body, kind) => {
    expect(kindOf(status, body)).toBe(kind)
  })

  test.each([
    ['chat', { error: { message: 'The model is overloaded', code: 'server_is_overloaded' } }, 'overloaded'],
    ['chat', { object: 'error', message: 'no', type: 'internal_server_error' }, 'server'],
    ['responses', { object: 'response', status: 'failed', error: { code: 'server_error', message: 'no' }, output: [] }, 'server'],
    ['embeddings', { error: { message: 'Rate limit reached', code: 'rate_limit_exceeded' } }, 'rate_limit'],
  ] as const)('of %s behind a good status is a failure', async (api, body, kind) => {
    const upstream = await startUpstream(response => sendJson(response, body))
    const target = openaiTarget({ baseURL: upstream.url, model: 'm', responses: true })
    for (const stream of api === 'chat' ? [false, true] : [false]) {
      const error: unknown = await open(target, callOf({ model: 'm', stream }, api)).catch((fault: unknown) => fault)
      expect(target.failure(error).kind).toBe(kind)
    }
  })
})

describe('keys', () => {
  const KEY = 'an+own(key)of/no-known-shape'

  test('of ours are in no failure, whatever the provider says of them', async () => {
    const upstream = await startUpstream((response, { headers }) =>
      sendJson(
        response,
        { error: { message: `Wrong: ${String(headers.authorization)} ${String(headers['x-api-token'])}`, code: 'invalid_api_key' } },
        401,
      ),
    )
    for (const apiKey of [KEY, () => KEY, () => Promise.resolve(KEY)]) {
      const target = openaiTarget({ baseURL: upstream.url, apiKey, model: 'm', headers: { 'x-api-token': 'also-a-secret' } })
      const error: unknown = await open(target, callOf(hello)).catch((fault: unknown) => fault)
      const shown = inspect([error, target.failure(error)], { depth: 20 }) + JSON.stringify(target.failure(error))
      expect(shown).toContain('Wrong: Bearer *** ***')
      expect(shown).not.toContain(KEY)
      expect(shown).not.toContain('also-a-secret')
    }
  })

  test.each([
    ['Incorrect API key provided: sk-proj-abc****wxyz. See', 'Incorrect API key provided: *** See'],
    ['authorization: Bearer abc.def-ghi, retry', 'authorization: ***, retry'],
    ['key AIzaSyA1234567890abcdefghijklmnopqrstuvw is not valid', 'key *** is not valid'],
    ['token gsk_abcdefghijk and xai-abcdefghijk', 'token *** and ***'],
  ])('that look like one are hidden: %s', (said, clean) => {
    expect(scrub(said, [])).toBe(clean)
  })

  test('are looked for in time that grows with the text alone', () => {
    for (const piece of ['sk-', 'Bearer ', 'bearer    ', 'eyJ.', 'eyJaaaaaaaaaaaa.', 'key-key-', '-', 'a']) {
      const startedAt = performance.now()
      scrub(piece.repeat(100_000), [])
      expect(performance.now() - startedAt).toBeLessThan(250)
    }
  })
})
