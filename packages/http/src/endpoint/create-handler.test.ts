import { currentContext, withContext, type Receipt } from '@routewise/core'
import { createManualClock } from '@routewise/core/testing'
import { expect, test } from 'vitest'
import type { WireRouterOptions } from '../options.ts'
import { createRouter } from '../router.ts'
import { chat, requestOf, send } from '../testing/exchange.ts'
import { chatBody, chatEvents, scriptedTarget, type ScriptedTarget } from '../testing/scripted-target.ts'
import { createHandler } from './create-handler.ts'
import type { EndpointOptions } from './options.ts'

/** A cheap target and a dear, better one; ids are counted. */
function setUp(options: EndpointOptions = {}, routing: Partial<WireRouterOptions> = {}) {
  let ids = 0
  const cheap = scriptedTarget('cheap', { says: chatBody('from cheap') }, { model: 'luna' })
  const dear = scriptedTarget(
    'dear',
    { says: chatBody('from dear') },
    { model: 'sol', card: { prices: [{ rates: { input: 10, output: 20 } }], quality: { default: 0.99 } } },
  )
  const clock = createManualClock()
  const router = createRouter({ targets: [cheap, dear], clock, newId: () => `call-${(ids += 1)}`, ...routing })
  const receipts: Receipt[] = []
  router.on('receipt', receipt => receipts.push(receipt))
  return { handler: createHandler(router, options), router, receipts, clock, cheap, dear }
}

const path = '/chat/completions'
const asked = ({ calls }: ScriptedTarget) => calls.length

test('answers with the bytes of the target, and the facts in headers', async () => {
  const { handler, receipts } = setUp()
  const { status, headers, text } = await send(handler, path, chat('auto'))
  expect(status).toBe(200)
  expect(text).toBe(chatBody('from cheap')[0])
  expect(headers).toEqual({
    'content-type': 'application/json',
    'cache-control': 'no-transform',
    'x-request-id': 'call-1',
    'x-routewise-model': 'luna',
    'x-routewise-target': 'cheap',
    'x-routewise-cost-usd': '0.00002',
    'x-routewise-attempts': '1',
    'x-routewise-cached-tokens': '4',
    'x-routewise-decision-ms': '0',
  })
  expect(receipts[0]).toMatchObject({ id: 'call-1', costUsd: 0.00002 })
})

test('streams the bytes of the target, then what it cost, then that it is done', async () => {
  const { handler, cheap } = setUp({}, { targets: [scriptedTarget('cheap', { says: chatEvents('hel', 'lo') }, { model: 'luna' })] })
  const { headers, text } = await send(handler, path, chat('auto', { stream: true }))
  const facts = '{"model":"luna","target":"cheap","costUsd":0.00002,"attempts":1,"cachedTokens":4,"receipt":"call-1"}'
  expect(text).toBe(`${chatEvents('hel', 'lo').join('')}: routewise ${facts}\n\ndata: [DONE]\n\n`)
  expect(headers).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    'x-request-id': 'call-1',
    'x-routewise-model': 'luna',
    'x-routewise-attempts': '1',
  })
  expect(asked(cheap)).toBe(0)
})

test('gives the target the body as its sender wrote it, and nothing of its headers', async () => {
  const { handler, cheap } = setUp()
  const text = `{ "model": "auto", "messages": [{"role":"user","content":"hi"}], "seed": 12345678901234567890 }`
  await send(handler, path, text, { headers: { 'x-secret': 'mine', authorization: 'Bearer mine' } })
  expect(cheap.calls[0]).toMatchObject({ api: 'chat', text, stream: false })
  expect(cheap.calls[0]!.headers).toBeUndefined()
})

test('takes a body that the app has parsed, and holds it to the same limits', async () => {
  const { handler, cheap } = setUp()
  const answer = await handler(requestOf(path, chat('auto')))
  expect(answer!.status).toBe(200)
  expect(cheap.calls[0]!.text).toBeUndefined()

  let deep: object = {}
  for (let level = 0; level < 70; level += 1) deep = { deep }
  for (const more of [{ deep }, { metadata: Array.from({ length: 10_001 }, () => 0) }]) {
    expect((await handler(requestOf(path, chat('auto', more))))!.status).toBe(400)
  }
  expect(asked(cheap)).toBe(1)
})

test('passes on the headers that it is told to, and never those that hold a key', async () => {
  const { handler, cheap } = setUp({ forwardHeaders: ['X-Trace', 'x-absent'] })
  await send(handler, path, chat('auto'), { headers: { 'x-trace': 'abc' } })
  expect(cheap.calls[0]!.headers).toEqual({ 'x-trace': 'abc' })
  expect(() => setUp({ forwardHeaders: ['Authorization'] })).toThrow('never passed on')
})

test.each([
  ['auto', 'cheap'],
  ['auto:cheapest', 'cheap'],
  ['auto:best', 'dear'],
  ['auto:code', 'cheap'],
  ['dear', 'dear'],
  ['sol', 'dear'],
])('model %s is answered by %s', async (model, target) => {
  const { handler } = setUp()
  expect((await send(handler, path, chat(model))).headers['x-routewise-target']).toBe(target)
})

test('auto:<task> says what kind of work a call is', async () => {
  const { handler, receipts } = setUp()
  await send(handler, path, chat('auto:translation'))
  expect(receipts[0]!.task).toBe('translation')
})

test('a model that is none is answered with what there is', async () => {
  const { handler } = setUp()
  const { status, error } = await send(handler, path, chat('gpt-4'))
  expect(status).toBe(404)
  expect(error).toEqual({
    message:
      'The model "gpt-4" does not exist or you do not have access to it. There are auto, auto:cheapest, auto:fastest, auto:best, auto:balanced, cheap, dear.',
    type: 'invalid_request_error',
    param: 'model',
    code: 'model_not_found',
  })
})

test('what the router does not use, no client can name', async () => {
  const { handler } = setUp({}, { deny: ['dear'] })
  expect((await send(handler, path, chat('dear'))).status).toBe(404)
  expect((await send(handler, path, chat('sol'))).status).toBe(404)
  const { handler: allowing } = setUp({}, { allow: ['cheap'] })
  expect((await send(allowing, path, chat('dear'))).status).toBe(404)
})

test('policies of its own can be named, and no others', async () => {
  const { handler } = setUp({ policies: { dearest: candidates => candidates.toReversed() }, allowHeaders: ['policy'] })
  expect((await send(handler, path, chat('auto:dearest'))).headers['x-routewise-target']).toBe('dear')
  const { headers } = await send(handler, path, chat('auto'), { headers: { 'x-routewise-policy': 'dearest' } })
  expect(headers['x-routewise-target']).toBe('dear')
  const { status, error } = await send(handler, path, chat('auto'), { headers: { 'x-routewise-policy': 'best' } })
  expect([status, error['message']]).toEqual([400, 'Header x-routewise-policy is "best": give one of dearest, or leave it out.'])
})

test('routing headers hold for the call, where they are allowed', async () => {
  const { handler, receipts } = setUp()
  const headers = { 'x-routewise-session': 's-1', 'x-routewise-task': 'code', 'x-routewise-tenant': 'acme', 'x-routewise-policy': 'best' }
  await send(handler, path, chat('auto'), { headers })
  expect(receipts[0]).toMatchObject({ session: 's-1', task: 'code', target: 'cheap' })
  expect(receipts[0]!.tenant).toBeUndefined()
})

test.each([
  ['max-usd', 'much', 'dollars'],
  ['max-usd', '-1', 'dollars'],
  ['max-usd', 'Infinity', 'dollars'],
  ['session', '', 'characters'],
  ['task', 'x'.repeat(201), 'characters'],
])('header %s with %j is refused by name, value and remedy', async (header, value, remedy) => {
  const { handler, cheap } = setUp()
  const { status, error } = await send(handler, path, chat('auto'), { headers: { [`x-routewise-${header}`]: value } })
  expect(status).toBe(400)
  expect(error['message']).toContain(`x-routewise-${header}`)
  expect(error['message']).toContain(remedy)
  expect(asked(cheap)).toBe(0)
})

test('a client may lower what a request may cost, and not raise it', async () => {
  const options = { maxUsd: 1 }
  const little = await send(setUp(options).handler, path, chat('auto'), { headers: { 'x-routewise-max-usd': '0.0000001' } })
  expect([little.status, little.error['code']]).toEqual([429, 'insufficient_quota'])
  const much = await send(setUp({ maxUsd: 0.0000001 }).handler, path, chat('auto'), { headers: { 'x-routewise-max-usd': '5' } })
  expect([much.status, much.headers['x-should-retry']]).toEqual([429, 'false'])
})

test('a tenant, a session and limits are found for each request, waiting where they must be', async () => {
  const { handler, receipts } = setUp({
    tenant: async native => `tenant of ${String(native)}`,
    session: native => `session of ${String(native)}`,
    task: 'extraction',
  })
  await send(handler, path, chat('auto'), { native: 'anna' })
  expect(receipts[0]).toMatchObject({ tenant: 'tenant of anna', session: 'session of anna', task: 'extraction' })
})

test('the deadline counts from the arrival of the request', async () => {
  const { handler, clock, cheap } = setUp({
    deadlineMs: 1_000,
    tenant: async () => {
      await clock.advance(1_000)
      return 'late'
    },
  })
  const { status, error, headers } = await send(handler, path, chat('auto'))
  expect([status, error['code'], headers['x-should-retry']]).toEqual([504, 'deadline_exceeded', 'false'])
  expect(asked(cheap)).toBe(0)
})

test('what a function among the options throws is the server’s to handle', async () => {
  const { handler, cheap } = setUp({
    tenant: () => {
      throw new Error('no database')
    },
  })
  await expect(send(handler, path, chat('auto'))).rejects.toThrow('no database')
  expect(asked(cheap)).toBe(0)
})

test('a call keeps the context that the request is handled in', async () => {
  const { handler, receipts } = setUp({ session: () => currentContext().session ?? 'none' })
  await withContext({ tenant: 'acme', session: 's-9', maxUsd: 1 }, () => send(handler, path, chat('auto')))
  expect(receipts[0]).toMatchObject({ tenant: 'acme', session: 's-9' })
  const poor = await withContext({ maxUsd: 0.0000001 }, () => send(handler, path, chat('auto')))
  expect(poor.status).toBe(429)
})

test.each([
  [{}, undefined, "You didn't provide an API key"],
  [{ authorization: 'Bearer wrong' }, 'invalid_api_key', 'Incorrect API key'],
  [{ 'api-key': 'key-12' }, 'invalid_api_key', 'Incorrect API key'],
])('without a key of its own nobody gets in: %j', async (headers, code, words) => {
  const { handler, cheap } = setUp({ apiKeys: ['key-1', 'key-2'] })
  const { status, error } = await send(handler, path, chat('auto'), { headers })
  expect(status).toBe(401)
  expect(error).toMatchObject({ message: expect.stringContaining(words), type: 'invalid_request_error', code: code ?? null })
  expect(JSON.stringify(error)).not.toContain('key-1')
  expect((await send(handler, '/models', '', { method: 'GET', headers })).status).toBe(401)
  expect(asked(cheap)).toBe(0)
})

test.each([{ authorization: 'Bearer key-2' }, { authorization: 'bearer key-1' }, { 'api-key': 'key-1' }])('%j is let in', async headers => {
  const { handler } = setUp({ apiKeys: ['key-1', 'key-2'] })
  expect((await send(handler, path, chat('auto'), { headers })).status).toBe(200)
})

test('paths of others are left to others; a wrong method is told the right one', async () => {
  const { handler } = setUp()
  expect(await handler(requestOf('/completions', ''))).toBeUndefined()
  expect(await handler(requestOf('/deployments/x', ''))).toBeUndefined()
  const { status, headers, error } = await send(handler, path, '', { method: 'GET' })
  expect([status, headers['allow'], error['code']]).toEqual([405, 'POST', 'method_not_allowed'])
  expect((await send(handler, '/models', '')).headers['allow']).toBe('GET')
})

test('a model may stand in the path, as with Azure', async () => {
  const { handler } = setUp()
  const { headers } = await send(handler, '/deployments/dear/chat/completions', chat('', { model: undefined }))
  expect(headers['x-routewise-target']).toBe('dear')
})

test('GET /models tells the names that there are, with windows and prices', async () => {
  const { handler } = setUp({ policies: {} }, { deny: ['dear'] })
  const { status, json, headers } = await send(handler, '/models', '', { method: 'GET' })
  expect([status, headers['x-request-id']]).toEqual([200, 'call-1'])
  expect(json).toEqual({
    object: 'list',
    data: [
      { id: 'auto', object: 'model', created: 0, owned_by: 'routewise' },
      {
        id: 'cheap',
        object: 'model',
        created: 0,
        owned_by: 'scripted',
        model: 'luna',
        kind: 'language',
        context_window: 100_000,
        pricing: { input: 1, output: 2 },
      },
    ],
  })
  expect((await send(handler, '/models/cheap', '', { method: 'GET' })).json).toMatchObject({ id: 'cheap', object: 'model' })
  expect((await send(handler, '/models/dear', '', { method: 'GET' })).error).toMatchObject({ code: 'model_not_found' })
})

test('an unknown option is refused by name', () => {
  expect(() => setUp({ polices: {} } as EndpointOptions)).toThrow('unknown option `polices` (allowed: tenant')
  expect(() => setUp({ maxUsd: -1 })).toThrow('option `maxUsd` is -1')
})
