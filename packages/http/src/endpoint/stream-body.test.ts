import { createManualClock, type ManualClock } from '@routewise/core/testing'
import { expect, test } from 'vitest'
import { createRouter } from '../router.ts'
import { chat, open, piecesOf } from '../testing/exchange.ts'
import { chatEvents, ProviderFailure, scriptedTarget, type Script, type ScriptedTarget } from '../testing/scripted-target.ts'
import { createHandler } from './create-handler.ts'

const COMMENT = ': \n\n'
const words = chatEvents('hel', 'lo')

/** A stream of one target, whose pieces come when the test lets them. */
function setUp(script: Script = { says: words }, keepAliveMs = 15_000) {
  const clock = createManualClock()
  const gates = (script.says ?? []).map(() => Promise.withResolvers<void>())
  const target = scriptedTarget('one', { ...script, before: at => gates[at]!.promise })
  const router = createRouter({
    targets: [target],
    clock,
    retry: false,
    hedge: false,
    timeouts: { stallMs: 500_000, firstTokenMs: 500_000 },
  })
  const handler = createHandler(router, { keepAliveMs })
  const ended = new Promise<string>(resolve => router.on('attempt', ({ attempt }) => resolve(attempt.end.type)))
  return {
    clock,
    target,
    ended,
    let: (...places: number[]) => places.forEach(at => gates[at]!.resolve()),
    start: (signal?: AbortSignal) =>
      open(handler, '/chat/completions', chat('one', { stream: true }), signal === undefined ? {} : { signal }),
  }
}

test('waits for the first word before it answers', async () => {
  const { start, let: allow, clock } = setUp()
  let isOpen = false
  const opening = start().then(response => ((isOpen = true), response))
  allow(0)
  await clock.settle()
  expect(isOpen).toBe(false)
  allow(1)
  expect((await opening).headers['x-routewise-model']).toBe('one')
})

test('a failure before the first word has a status of its own', async () => {
  const { start } = setUp({ fails: new ProviderFailure(500, { message: 'down' }) })
  expect((await start()).status).toBe(502)
})

test('silence before the first word is broken by comments; what fails then is an event', async () => {
  const { start, clock, let: allow } = setUp({ says: words.slice(0, 1), fails: new ProviderFailure(500, { message: 'down' }) })
  const opening = start()
  await clock.advance(14_999)
  await clock.advance(1)
  const response = await opening
  expect(response.status).toBe(200)
  expect(response.headers['x-request-id']).toBeTypeOf('string')
  const pieces = piecesOf(response)
  expect(await pieces.next()).toBe(COMMENT)
  const second = pieces.next()
  await clock.advance(15_000)
  expect(await second).toBe(COMMENT)
  allow(0)
  expect(await pieces.next()).toContain('"code":"upstream_failed"')
  expect(await pieces.next()).toBeUndefined()
})

test('silence between words is broken by comments, and no word is lost or said twice', async () => {
  const { start, clock, let: allow } = setUp()
  allow(0, 1)
  const pieces = piecesOf(await start())
  expect(await pieces.next()).toBe(words[0])
  expect(await pieces.next()).toBe(words[1])
  const third = pieces.next()
  await clock.advance(10_000)
  const half = clock.pending()
  await clock.advance(5_000)
  expect(await third).toBe(COMMENT)
  // Said while nobody was reading.
  allow(2)
  await clock.settle()
  expect(await pieces.next()).toBe(words[2])
  allow(3)
  expect(await pieces.next()).toBe(words[3])
  expect(await pieces.next()).toContain('[DONE]')
  expect(await pieces.next()).toBeUndefined()
  expect(clock.pending()).toBeLessThan(half)
})

test('a reader that pauses is sent no comments, and holds no timer', async () => {
  const { start, clock, let: allow } = setUp()
  allow(0, 1, 2, 3)
  const pieces = piecesOf(await start())
  await pieces.next()
  await clock.advance(100_000)
  expect(await pieces.next()).toBe(words[1])
  await pieces.next()
  await pieces.next()
  await pieces.next()
  expect(clock.pending()).toBe(0)
})

test('without keepAliveMs nothing is said in silence', async () => {
  const { start, clock, let: allow } = setUp({ says: words }, 0)
  const opening = start()
  await clock.advance(100_000)
  allow(0, 1)
  expect(await piecesOf(await opening).next()).toBe(words[0])
})

test.each([
  [
    'between words',
    async ({ let: allow, start, clock }: ReturnType<typeof setUp>) => {
      allow(0, 1)
      const pieces = piecesOf(await start())
      await pieces.next()
      await clock.settle()
      await pieces.leave()
      expect(await pieces.next()).toBeUndefined()
    },
  ],
  [
    'while a word is awaited',
    async ({ let: allow, start }: ReturnType<typeof setUp>) => {
      allow(0, 1)
      const pieces = piecesOf(await start())
      await pieces.next()
      await pieces.next()
      const third = pieces.next()
      await pieces.leave()
      expect(await third).toBeUndefined()
    },
  ],
])('a reader that leaves %s cancels the provider', async (_, leave) => {
  const stream = setUp()
  await leave(stream)
  expect(stream.target.signals[0]!.aborted).toBe(true)
  expect(await stream.ended).toBe('aborted')
  expectNoTimers(stream.clock)
})

test('a client that leaves before the first word cancels the provider', async () => {
  const { start, target, clock } = setUp()
  const client = new AbortController()
  const opening = start(client.signal)
  await clock.settle()
  client.abort()
  expect((await opening).status).toBe(499)
  expectCancelled(target)
  expectNoTimers(clock)
})

test('a client that leaves a stream that is read is told nothing more', async () => {
  const { start, let: allow, target } = setUp()
  const client = new AbortController()
  allow(0, 1)
  const pieces = piecesOf(await start(client.signal))
  await pieces.next()
  await pieces.next()
  const third = pieces.next()
  client.abort()
  expect(await third).toBeUndefined()
  expectCancelled(target)
})

test('asks for no more than is read', async () => {
  let said = 0
  const target = scriptedTarget('one', { says: words, before: async () => void (said += 1) })
  const handler = createHandler(createRouter({ targets: [target] }))
  const pieces = piecesOf(await open(handler, '/chat/completions', chat('one', { stream: true })))
  const before = said
  await pieces.next()
  expect(said).toBe(before)
  await pieces.leave()
})

test('what says nothing in this API is left out', async () => {
  const says = [words[0]!, words[1]!, new Uint8Array(0), new Uint8Array(0), ...words.slice(2)]
  const { start, let: allow } = setUp({ says })
  allow(...says.keys())
  const pieces = piecesOf(await start())
  const read = [await pieces.next(), await pieces.next(), await pieces.next(), await pieces.next()]
  expect(read).toEqual(words)
})

const expectCancelled = (target: ScriptedTarget) => expect(target.signals[0]!.aborted).toBe(true)
const expectNoTimers = (clock: ManualClock) => expect(clock.pending()).toBe(0)
