import { createEndpoint, createRouter, openaiTarget } from '@routewise/http'
import type { FaultEffect } from '@routewise/simulator'
import { describe, expect, test } from 'vitest'
import { type Answer, eventsOf, hear } from './hear.ts'
import { type Body, chatRequests, responsesRequests } from './requests.ts'
import { serve, upstreams } from './upstreams.ts'
import { validateError, validateResponseEvent } from './validate.ts'

const [openai, , , mistral, , , anthropic, google] = upstreams

interface Said {
  status: number
  error: { message: string; type: string; param: string | null; code: string | null }
}

/** The error of an answer, after what all of them have in common. */
function saidBy({ status, headers, text }: Answer): Said {
  const body: unknown = JSON.parse(text)
  expect(validateError(body)).toEqual([])
  expect(headers.get('content-type')).toMatch(/^application\/json/)
  expect(headers.get('x-request-id')).toMatch(/\w/)
  expect(headers.get('x-should-retry')).toMatch(/^(true|false)$/)
  return { status, ...(body as Pick<Said, 'error'>) }
}

type Call = [path: string, body?: unknown, headers?: Record<string, string> | undefined]

const asked = chatRequests.text
const chat = (more: Body, headers?: Record<string, string>): Call => ['/chat/completions', { model: 'auto', ...asked, ...more }, headers]
const respond = (more: Body): Call => ['/responses', { model: 'auto', input: 'Hi', ...more }]
const deep = JSON.stringify({ model: 'auto', messages: [{ role: 'user', content: '' }] }).replace('""', '['.repeat(100) + ']'.repeat(100))
const json = { 'content-type': 'application/json' }

/** Requests that are refused before anybody is asked, and what is said of each. */
const refusals: Readonly<Record<string, [Call, Partial<Said['error']> & { status: number }]>> = {
  'a path that is none': [['/completions', {}], { status: 404, code: 'unknown_url' }],
  'a method that is none of the path': [['/chat/completions'], { status: 405 }],
  'a model that is none': [chat({ model: 'gpt-9' }), { status: 404, param: 'model', code: 'model_not_found' }],
  'a model that is none, looked up': [['/models/gpt-9'], { status: 404, param: 'model', code: 'model_not_found' }],
  'no model': [chat({ model: undefined }), { status: 400, param: 'model', code: 'missing_required_parameter' }],
  'a model that is no text': [chat({ model: 6 }), { status: 400, param: 'model', code: 'invalid_type' }],
  'no messages': [chat({ messages: undefined }), { status: 400, param: 'messages', code: 'missing_required_parameter' }],
  'messages that are none': [chat({ messages: 'Hi' }), { status: 400, param: 'messages', code: 'invalid_type' }],
  'empty messages': [chat({ messages: [] }), { status: 400, param: 'messages', code: 'empty_array' }],
  'a message that is none': [chat({ messages: ['Hi'] }), { status: 400, param: 'messages[0]', code: 'invalid_type' }],
  'a message of nobody': [
    chat({ messages: [{ content: 'Hi' }] }),
    { status: 400, param: 'messages[0].role', code: 'missing_required_parameter' },
  ],
  'two choices': [chat({ n: 2 }), { status: 400, param: 'n', code: 'unsupported_value' }],
  'a spoken answer': [chat({ modalities: ['text', 'audio'] }), { status: 400, param: 'modalities', code: 'unsupported_value' }],
  'a stream that is no boolean': [chat({ stream: 'yes' }), { status: 400, param: 'stream', code: 'invalid_type' }],
  'no input': [respond({ input: undefined }), { status: 400, param: 'input', code: 'missing_required_parameter' }],
  'a response that was remembered': [respond({ previous_response_id: 'resp_1' }), { status: 400, param: 'previous_response_id' }],
  'a conversation': [respond({ conversation: 'conv_1' }), { status: 400, param: 'conversation' }],
  'a response in the background': [respond({ background: true }), { status: 400, param: 'background' }],
  'an empty embedding': [['/embeddings', { model: 'auto', input: '' }], { status: 400, param: 'input' }],
  'an embedding where there are none': [['/embeddings', { model: 'auto', input: 'Hi' }], { status: 404, code: 'model_not_found' }],
  'no JSON': [['/chat/completions', '{"model":'], { status: 400 }],
  'JSON that is no object': [['/chat/completions', '[]'], { status: 400 }],
  'JSON that is nested deeply': [['/chat/completions', deep], { status: 400 }],
  'an empty body': [['/chat/completions', ''], { status: 400 }],
  'a form': [['/chat/completions', 'a=b', { 'content-type': 'application/x-www-form-urlencoded' }], { status: 415 }],
  'a compressed body': [['/chat/completions', '{}', { ...json, 'content-encoding': 'gzip' }], { status: 415 }],
  'a body that is too long': [['/chat/completions', `{"a":"${'b'.repeat(1_000_000)}"}`], { status: 413, code: 'request_too_large' }],
  'a limit that is none': [chat({}, { 'x-routewise-max-usd': 'much' }), { status: 400, param: 'x-routewise-max-usd' }],
  'a limit that is too low': [chat({}, { 'x-routewise-max-usd': '0' }), { status: 429, code: 'insufficient_quota' }],
}

test.each(Object.entries(refusals))('refuses %s', async (_, [call, expected]) => {
  const { sim, send } = await serve(world => ({ targets: [openai!.open(world)] }), { simulator: { providers: ['openai'] } })
  const { status, error } = saidBy(await hear(send, ...call))
  expect({ status, ...error }).toMatchObject(expected)
  expect(sim.requests).toEqual([])
})

test('refuses who has no key, and who has a wrong one', async () => {
  const { sim } = await serve(world => ({ targets: [openai!.open(world)] }), { simulator: { providers: ['openai'] } })
  const send = createEndpoint(createRouter({ targets: [openai!.open(sim)] }), { apiKeys: ['right'] })
  expect(saidBy(await hear(send, ...chat({}))).status).toBe(401)
  const wrong = await hear(send, '/chat/completions', chat({})[1], { authorization: 'Bearer wrong' })
  expect(saidBy(wrong)).toMatchObject({ status: 401, error: { code: 'invalid_api_key' } })
  expect((await hear(send, '/chat/completions', chat({})[1], { authorization: 'Bearer right' })).status).toBe(200)
})

test('one idempotency key is for one request', async () => {
  const { sim, send } = await serve(world => ({ targets: [openai!.open(world)] }), { simulator: { providers: ['openai'] } })
  const key = { 'idempotency-key': 'one' }
  const [first, again] = [await hear(send, ...chat({}, key)), await hear(send, ...chat({}, key))]
  expect([again.status, again.text, sim.requests.length]).toEqual([200, first.text, 1])
  expect(saidBy(await hear(send, ...chat({ temperature: 0 }, key))).status).toBe(409)
})

test('a limit that no model keeps is told as 429', async () => {
  const { sim } = await serve(world => ({ targets: [openai!.open(world)] }), { simulator: { providers: ['openai'] } })
  const send = createEndpoint(createRouter({ targets: [openai!.open(sim)] }), { maxUsd: 0 })
  expect(saidBy(await hear(send, ...chat({})))).toMatchObject({ status: 429, error: { type: 'insufficient_quota' } })
  expect(sim.requests).toEqual([])
})

test('a request that no model can take is told as 400', async () => {
  const blind = ['llama-3.3-70b-versatile', 'llama-3.1-8b-instant']
  const { sim, send } = await serve(world => ({
    targets: blind.map(model => openaiTarget({ baseURL: `${world.url('groq')}/openai/v1`, apiKey: 'test', model, flavour: 'groq' })),
  }))
  expect(saidBy(await hear(send, ...chat(chatRequests.image)))).toMatchObject({ status: 400, error: { code: 'unsupported' } })
  expect(sim.requests).toEqual([])
})

/** What providers say, and what becomes of it; the words are not always theirs. */
const failures: readonly [effect: FaultEffect, status: number, code: string | null, type: string][] = [
  [{ type: 'http-error', kind: 'auth' }, 502, 'upstream_failed', 'server_error'],
  [{ type: 'http-error', kind: 'permission' }, 502, 'upstream_failed', 'server_error'],
  [{ type: 'http-error', kind: 'not-found' }, 502, 'upstream_failed', 'server_error'],
  [{ type: 'http-error', kind: 'quota' }, 429, 'insufficient_quota', 'insufficient_quota'],
  [{ type: 'http-error', kind: 'rate-limit', retryAfterMs: 7_000 }, 429, 'rate_limit_exceeded', 'rate_limit_error'],
  [{ type: 'http-error', kind: 'overloaded' }, 503, 'overloaded', 'server_error'],
  [{ type: 'http-error', kind: 'server' }, 502, 'upstream_failed', 'server_error'],
  [{ type: 'context-overflow' }, 400, 'context_length_exceeded', 'invalid_request_error'],
  [{ type: 'cut', at: 'headers' }, 502, 'upstream_failed', 'server_error'],
]

describe.each([openai!, mistral!, anthropic!, google!])('$name', ({ open, provider, model }) => {
  const world = (effect: FaultEffect, timeScale = 1_000) =>
    serve(sim => ({ targets: [open(sim)] }), {
      router: { retry: false, hedge: false },
      simulator: { providers: [provider], faults: [{ effect }], timeScale },
    })

  test.each(failures)('%j is told as %d', async (effect, status, code, type) => {
    const { send } = await world(effect)
    for (const stream of [false, true]) {
      for (const [path, body] of [
        ['/chat/completions', chatRequests.text],
        ['/responses', responsesRequests.text],
      ] as const) {
        const answer = await hear(send, path, { model, ...body, stream })
        expect({ path, stream, ...saidBy(answer) }).toMatchObject({ path, stream, status, error: { code, type } })
        const comesBack = effect.type === 'http-error' && effect.retryAfterMs !== undefined
        expect([answer.headers.get('retry-after'), answer.headers.get('x-should-retry')]).toEqual(
          comesBack ? ['7', 'true'] : [null, 'false'],
        )
        expect(answer.text).not.toMatch(/sk-sim|127\.0\.0\.1/)
      }
    }
  })

  test('an answer that comes too late is told as 504', async () => {
    const { sim } = await world({ type: 'hang', at: 'headers' })
    const send = createEndpoint(createRouter({ targets: [open(sim)], hedge: false, retry: false }), { deadlineMs: 50 })
    expect(saidBy(await hear(send, ...chat({}))).status).toBe(504)
  })

  test.each<FaultEffect>([{ type: 'stream-error', at: 'midway', kind: 'server' }, { type: 'cut', at: 'midway' }, { type: 'silent-end' }])(
    'a stream that breaks off by %j ends in an error, after what was said',
    async effect => {
      // Slow enough that what was said is not in one packet with what broke it off.
      const { send } = await world(effect, 5)
      const chatted = eventsOf((await hear(send, '/chat/completions', { model, ...chatRequests.text, stream: true })).text)
      expect(validateError(chatted.at(-1)!.data)).toEqual([])
      expect(chatted.length).toBeGreaterThan(1)
      expect(chatted.some(({ data }) => data === '[DONE]')).toBe(false)

      const responded = eventsOf((await hear(send, '/responses', { model, ...responsesRequests.text, stream: true })).text)
      const last = responded.at(-1)!
      expect([last.event, validateResponseEvent(last.data)]).toEqual(['error', []])
      expect(responded.map(({ data }) => (data as { sequence_number: number }).sequence_number)).toEqual(responded.map((_, at) => at))
    },
  )
})
