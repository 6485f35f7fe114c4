import { createManualClock } from '@routewise/core/testing'
import { expect, test } from 'vitest'
import { createRouter } from '../router.ts'
import { chat, open, piecesOf, readAll, send } from '../testing/exchange.ts'
import { chatBody, chatEvents, ProviderFailure, scriptedTarget, type Script } from '../testing/scripted-target.ts'
import { createHandler } from './create-handler.ts'
import type { EndpointOptions } from './options.ts'

const path = '/chat/completions'
const key = { 'idempotency-key': 'k-1' }
const words = chatEvents('hel', 'lo')

function setUp(scripts: Script | readonly Script[] = { says: chatBody('hello') }, idempotency?: EndpointOptions['idempotency']) {
  const clock = createManualClock()
  let ids = 0
  const target = scriptedTarget('one', scripts)
  const router = createRouter({ targets: [target], clock, retry: false, hedge: false, newId: () => `call-${(ids += 1)}` })
  const options: EndpointOptions = { allowHeaders: ['tenant'], ...(idempotency !== undefined && { idempotency }) }
  return { clock, target, handler: createHandler(router, options) }
}

/** A stream whose pieces come when the test lets them. */
function slow() {
  const gates = words.map(() => Promise.withResolvers<void>())
  const script: Script = { says: words, before: at => gates[at]!.promise }
  return { script, let: (...places: number[]) => places.forEach(at => gates[at]!.resolve()) }
}

const stream = chat('one', { stream: true })

test('the same request again is given the same answer, and nobody is asked', async () => {
  const { handler, target } = setUp()
  const first = await send(handler, path, chat('one'), { headers: key })
  const again = await send(handler, path, chat('one'), { headers: key })
  expect(target.calls.length).toBe(1)
  expect(again).toEqual({ ...first, headers: { ...first.headers, 'x-routewise-replayed': 'true' } })
  expect(first.headers['x-routewise-replayed']).toBeUndefined()
})

test('a stream again is given byte for byte', async () => {
  const { handler, target } = setUp({ says: words })
  const first = await send(handler, path, stream, { headers: key })
  const again = await send(handler, path, stream, { headers: key })
  expect(first.text).toContain('[DONE]')
  expect(again.text).toBe(first.text)
  expect(again.headers['x-routewise-replayed']).toBe('true')
  expect(target.calls.length).toBe(1)
})

test('another body with the same key is a conflict that no retry mends', async () => {
  const { handler } = setUp()
  await send(handler, path, chat('one'), { headers: key })
  const { status, error, headers } = await send(handler, path, chat('one', { seed: 1 }), { headers: key })
  expect([status, error['code'], headers['x-should-retry']]).toEqual([409, 'idempotency_key_reused', 'false'])
})

test.each([
  ['tenant', { ...key, 'x-routewise-tenant': 'a' }, { ...key, 'x-routewise-tenant': 'b' }],
  ['API key', { ...key, authorization: 'Bearer a' }, { ...key, authorization: 'Bearer b' }],
  ['key', key, { 'idempotency-key': 'k-2' }],
])('of another %s it is another request', async (_, one, other) => {
  const { handler, target } = setUp()
  await send(handler, path, chat('one'), { headers: one })
  const { headers } = await send(handler, path, chat('one', { seed: 1 }), { headers: other })
  expect(headers['x-routewise-replayed']).toBeUndefined()
  expect(target.calls.length).toBe(2)
})

test('a request that comes while the first is under way waits for its answer', async () => {
  const gate = Promise.withResolvers<void>()
  const { handler, target } = setUp({ says: chatBody('hello'), before: () => gate.promise })
  const first = send(handler, path, chat('one'), { headers: key })
  const second = send(handler, path, chat('one'), { headers: key })
  gate.resolve()
  expect((await second).text).toBe((await first).text)
  expect(target.calls.length).toBe(1)
})

test('who joins a stream gets what has come already, then what comes', async () => {
  const { script, let: allow } = slow()
  const { handler, target } = setUp(script)
  allow(0, 1)
  const first = piecesOf(await open(handler, path, stream, { headers: key }))
  expect([await first.next(), await first.next()]).toEqual(words.slice(0, 2))
  const joined = await open(handler, path, stream, { headers: key })
  const second = piecesOf(joined)
  expect([await second.next(), await second.next()]).toEqual(words.slice(0, 2))
  const both = Promise.all([first.next(), second.next()])
  allow(2, 3)
  expect(await both).toEqual([words[2], words[2]])
  expect(await second.next()).toBe(words[3])
  expect(await first.next()).toBe(words[3])
  expect(await second.next()).toContain('[DONE]')
  expect(await first.next()).toContain('[DONE]')
  expect(await first.next()).toBeUndefined()
  expect(target.calls.length).toBe(1)
})

test('the provider is cancelled when the last reader has left, and the request can be made again', async () => {
  const { script, let: allow } = slow()
  const { handler, target, clock } = setUp([script, { says: words }])
  allow(0, 1)
  const first = new AbortController()
  const one = piecesOf(await open(handler, path, stream, { headers: key, signal: first.signal }))
  const two = piecesOf(await open(handler, path, stream, { headers: key }))
  await one.next()
  first.abort()
  await clock.settle()
  expect(target.signals[0]!.aborted).toBe(false)
  expect(await two.next()).toBe(words[0])
  await two.leave()
  expect(target.signals[0]!.aborted).toBe(true)
  expect((await send(handler, path, stream, { headers: key })).text).toContain('[DONE]')
  expect(target.calls.length).toBe(2)
})

test('before there is an answer, too, it goes on while anybody waits', async () => {
  const gate = Promise.withResolvers<void>()
  const { handler, target, clock } = setUp({ says: chatBody('hello'), before: () => gate.promise })
  const clients = [new AbortController(), new AbortController()]
  const asked = clients.map(({ signal }) => send(handler, path, chat('one'), { headers: key, signal }))
  await clock.settle()
  clients[0]!.abort()
  await clock.settle()
  expect(target.signals[0]!.aborted).toBe(false)
  clients[1]!.abort()
  await clock.settle()
  expect(target.signals[0]!.aborted).toBe(true)
  for (const { status } of await Promise.all(asked)) expect(status).toBe(499)
})

const down = new ProviderFailure(500, { message: 'down' })

test.each([
  ['before it began', { fails: down }, stream],
  ['after it began', { says: words.slice(0, 2), fails: down }, stream],
  ['whole', { fails: down }, chat('one')],
])('an answer that failed %s is not kept', async (_, broken, body) => {
  const whole = body === stream ? words : chatBody('hello')
  const { handler } = setUp([broken, { says: whole }])
  await send(handler, path, body, { headers: key })
  const { status, headers, text } = await send(handler, path, body, { headers: key })
  expect(status).toBe(200)
  expect(headers['x-routewise-replayed']).toBeUndefined()
  expect(text).toContain('lo')
})

test('answers are kept for ttlMs', async () => {
  const { handler, target, clock } = setUp(undefined, { ttlMs: 1_000 })
  await send(handler, path, chat('one'), { headers: key })
  await clock.advance(1_000)
  await send(handler, path, chat('one'), { headers: key })
  expect(target.calls.length).toBe(1)
  await clock.advance(1)
  // Another body: the key is free again.
  expect((await send(handler, path, chat('one', { seed: 1 }), { headers: key })).status).toBe(200)
  expect(target.calls.length).toBe(2)
})

test.each([
  ['maxAnswers', { maxAnswers: 2 }],
  ['maxBytes', { maxBytes: 2 * chatBody('hello')[0]!.length }],
])('the oldest goes first when %s are kept', async (_, limits) => {
  const { handler, target } = setUp(undefined, limits)
  for (const name of ['a', 'b', 'c']) await send(handler, path, chat('one'), { headers: { 'idempotency-key': name } })
  expect(target.calls.length).toBe(3)
  for (const name of ['c', 'b']) await send(handler, path, chat('one'), { headers: { 'idempotency-key': name } })
  expect(target.calls.length).toBe(3)
  await send(handler, path, chat('one'), { headers: { 'idempotency-key': 'a' } })
  expect(target.calls.length).toBe(4)
})

test('an answer that is too long for itself is given, and not kept', async () => {
  const { handler, target } = setUp({ says: words }, { maxBytes: 10 })
  for (const _ of [1, 2]) expect((await readAll(await open(handler, path, stream, { headers: key }))).text).toContain('[DONE]')
  expect(target.calls.length).toBe(2)
})

test('the header can be ignored, and must be a key where it is not', async () => {
  const { handler, target } = setUp(undefined, false)
  for (const _ of [1, 2]) await send(handler, path, chat('one'), { headers: key })
  expect(target.calls.length).toBe(2)
  const { status, error } = await send(setUp().handler, path, chat('one'), { headers: { 'idempotency-key': 'x'.repeat(256) } })
  expect([status, error['param']]).toEqual([400, 'idempotency-key'])
})
