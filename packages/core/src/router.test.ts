import { expect, test } from 'vitest'
import { RouterError } from './errors.ts'
import { answer, scriptedBlock, scriptedTarget } from './testing/index.ts'
import { setUp } from './testing/scripted-router.ts'
import type { Policy, Receipt, Task } from './types.ts'

const overloaded = { kind: 'overloaded', message: 'overloaded', status: 529 } as const

test('yields one answer and returns a receipt with the provider figures', async () => {
  const { clock, start } = setUp(clock => [scriptedTarget('a', clock, answer('hello world', { afterMs: 120 }))])
  const { result } = start()
  await clock.advance(200)
  expect(result.text).toBe('hello world')
  expect(result.receipt).toMatchObject({
    id: 'call-1',
    target: 'a',
    firstTokenMs: 120,
    estimated: false,
    usage: { inputTokens: 10, outputTokens: 5 },
    costNanoUsd: 10 * 1_000 + 5 * 2_000,
    attempts: [{ target: 'a', reason: 'first', end: { type: 'answered', finish: 'stop' }, usageSource: 'provider' }],
  })
})

test('falls back at once when an attempt fails, and bills nothing for the refused request', async () => {
  const { clock, start } = setUp(clock => [
    scriptedTarget('a', clock, [{ fail: overloaded }]),
    scriptedTarget('b', clock, answer('from b')),
  ])
  const { result } = start()
  await clock.advance(0)
  expect(result.text).toBe('from b')
  expect(result.receipt?.attempts).toMatchObject([
    { target: 'a', end: { type: 'failed', failure: { kind: 'overloaded' } }, costNanoUsd: 0, usageSource: 'none' },
    { target: 'b', reason: 'fallback', startedMs: 0 },
  ])
})

test('replaces silently an attempt that breaks before its first token', async () => {
  const { clock, start } = setUp(clock => [
    scriptedTarget('a', clock, [{ role: true }, { afterMs: 50, fail: overloaded }]),
    scriptedTarget('b', clock, answer('whole')),
  ])
  const { result } = start()
  await clock.advance(60)
  expect(result.text).toBe('whole')
})

test('a provider that sends nothing but empty chunks has failed', async () => {
  const empty = Array.from({ length: 5_000 }, () => ({ role: true }) as const)
  const { clock, start, targets } = setUp(clock => [scriptedTarget('a', clock, empty), scriptedTarget('b', clock, answer('b'))])
  const { result } = start()
  for (let turn = 0; turn < 200; turn += 1) await clock.advance(0)
  expect(result.text).toBe('b')
  expect(targets[0]!.signals[0]!.aborted).toBe(true)
  expect(clock.pending()).toBe(0)
})

test('takes an end without a terminal event for a failure', async () => {
  const { clock, start } = setUp(clock => [scriptedTarget('a', clock, [{ role: true }]), scriptedTarget('b', clock, answer('whole'))])
  const { result } = start()
  await clock.advance(0)
  expect(result.text).toBe('whole')
  expect(result.receipt?.attempts[0]?.end).toMatchObject({ type: 'failed', failure: { kind: 'truncated' } })
})

test('a stream that stops after its first token without a terminal event is an error, never a short answer', async () => {
  const { clock, start } = setUp(clock => [scriptedTarget('a', clock, [{ text: 'half ' }]), scriptedTarget('b', clock, answer('other'))])
  const { result } = start()
  await clock.advance(0)
  expect(result.text).toBe('half ')
  expect(result.error).toMatchObject({
    code: 'stream_interrupted',
    receipt: { attempts: [{ end: { type: 'interrupted' }, usageSource: 'estimated' }] },
  })
})

test('starts a hedge after silence, takes the first that speaks and cancels the other', async () => {
  const { clock, start, targets } = setUp(
    clock => [
      scriptedTarget('slow', clock, answer('slow', { afterMs: 5_000 })),
      scriptedTarget('quick', clock, answer('quick', { afterMs: 100 })),
    ],
    { hedge: { delayMs: 300, budget: 1 } },
  )
  const { result } = start()
  await clock.advance(299)
  expect(targets[1]!.signals).toHaveLength(0)
  await clock.advance(101)
  expect(result.text).toBe('quick')
  expect(targets[0]!.signals[0]!.aborted).toBe(true)
  expect(result.receipt?.attempts).toMatchObject([
    { target: 'slow', reason: 'first', end: { type: 'superseded' }, usageSource: 'estimated' },
    { target: 'quick', reason: 'hedge', startedMs: 300, end: { type: 'answered' } },
  ])
  expect(clock.pending()).toBe(0)
})

test('a hedge that fails does not harm the attempt it stood beside', async () => {
  const { clock, start } = setUp(
    clock => [
      scriptedTarget('slow', clock, answer('slow but good', { afterMs: 500 })),
      scriptedTarget('bad', clock, [{ fail: overloaded }]),
    ],
    { hedge: { delayMs: 300, budget: 1 } },
  )
  const { result } = start()
  await clock.advance(600)
  expect(result.text).toBe('slow but good')
})

test('a learned silence shorter than minDelayMs does not count', async () => {
  const { clock, start, targets } = setUp(
    clock => [
      scriptedTarget('a', clock, [...Array.from({ length: 30 }, () => answer('a', { afterMs: 1 })), answer('late', { afterMs: 90 })]),
      scriptedTarget('b', clock, answer('b')),
    ],
    { hedge: { budget: 1 } },
  )
  const texts: string[] = []
  for (let call = 0; call < 31; call += 1) {
    const { result } = start()
    await clock.advance(100)
    texts.push(result.text)
  }
  expect(texts.at(-1)).toBe('late')
  expect(targets[1]!.signals).toHaveLength(0)
})

test('no hedge is bought without a deposit', async () => {
  const { clock, start, targets } = setUp(
    clock => [scriptedTarget('slow', clock, answer('slow', { afterMs: 1_000 })), scriptedTarget('quick', clock, answer('quick'))],
    { hedge: { delayMs: 300, budget: 0.5 } },
  )
  const first = start()
  await clock.advance(1_100)
  expect(first.result.text).toBe('slow')
  expect(targets[1]!.signals).toHaveLength(0)
  const second = start()
  await clock.advance(1_100)
  expect(second.result.text).toBe('quick')
})

test('tokens of two attempts never mix, even when both are ready in one turn', async () => {
  const { clock, start } = setUp(
    clock => [scriptedTarget('a', clock, answer('aa aa aa', { afterMs: 300 })), scriptedTarget('b', clock, answer('bb bb bb'))],
    { hedge: { delayMs: 300, budget: 1 } },
  )
  const { result } = start()
  await clock.advance(400)
  expect(['aa aa aa', 'bb bb bb']).toContain(result.text)
})

test('when all fail the error holds every failure in order, its original and the receipt', async () => {
  const cause = new Error('original')
  const { clock, start } = setUp(
    clock => [
      scriptedTarget('a', clock, [{ fail: overloaded }]),
      scriptedTarget('b', clock, [{ fail: { kind: 'rate_limit', message: 'slow down', cause } }]),
    ],
    { retry: false },
  )
  const { result } = start()
  await clock.advance(0)
  expect(RouterError.isInstance(result.error)).toBe(true)
  expect(result.error).toMatchObject({
    code: 'all_attempts_failed',
    failures: [
      { target: 'a', kind: 'overloaded' },
      { target: 'b', kind: 'rate_limit', cause },
    ],
    receipt: { costNanoUsd: 0 },
  })
})

test('a target that asks for time is put last until then', async () => {
  const { clock, start } = setUp(clock => [
    scriptedTarget('a', clock, [[{ fail: { kind: 'rate_limit', message: '', retryAfterMs: 2_000 } }], answer('a again')]),
    scriptedTarget('b', clock, answer('b')),
  ])
  const first = start()
  await clock.advance(0)
  expect(first.result.text).toBe('b')
  const during = start()
  await clock.advance(0)
  expect(during.result.receipt).toMatchObject({
    target: 'b',
    considered: [
      { target: 'b', rank: 1 },
      { target: 'a', rank: 2, resting: 'cooldown' },
    ],
  })
  await clock.advance(2_000)
  const after = start()
  await clock.advance(0)
  expect(after.result.text).toBe('a again')
})

test('however long a provider asks for, it is tried again after a quarter of an hour', async () => {
  const { clock, start } = setUp(clock => [
    scriptedTarget('a', clock, [[{ fail: { kind: 'rate_limit', message: '', retryAfterMs: 36_000_000 } }], answer('a again')]),
    scriptedTarget('b', clock, answer('b')),
  ])
  start()
  await clock.advance(900_000)
  const { result } = start()
  await clock.advance(0)
  expect(result.text).toBe('a again')
})

test('when every target rests, all of them may be called', async () => {
  const { clock, start } = setUp(clock => [
    scriptedTarget('a', clock, [[{ fail: { ...overloaded, retryAfterMs: 60_000 } }], answer('back')]),
  ])
  const first = start()
  await clock.advance(0)
  expect(first.result.error).toMatchObject({ code: 'all_attempts_failed' })
  const second = start()
  await clock.advance(0)
  expect(second.result.text).toBe('back')
})

test('an abort before the call sends nothing', async () => {
  const { clock, start, targets } = setUp(clock => [scriptedTarget('a', clock, answer('x'))])
  const { result } = start(undefined, { signal: AbortSignal.abort(new Error('no')) })
  await clock.advance(0)
  expect(result.error).toMatchObject({ code: 'aborted' })
  expect(targets[0]!.signals).toHaveLength(0)
})

test('an abort before the first token stops every attempt, also one that ignores its signal', async () => {
  const { clock, start, router } = setUp(clock => [
    {
      ...scriptedTarget('deaf', clock, []),
      open: () => ({ [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }) }),
    },
  ])
  const receipts: Receipt[] = []
  router.on('receipt', receipt => receipts.push(receipt))
  const controller = new AbortController()
  const { result } = start(undefined, { signal: controller.signal })
  await clock.advance(50)
  controller.abort(new Error('user left'))
  await clock.settle()
  expect(result.error).toMatchObject({
    code: 'aborted',
    cause: { message: 'user left' },
    receipt: { attempts: [{ end: { type: 'aborted' } }] },
  })
  expect(receipts).toHaveLength(1)
  expect(clock.pending()).toBe(0)
})

test('leaving the stream cancels the provider and bills what was generated', async () => {
  const { clock, router, targets } = setUp(clock => [
    scriptedTarget('a', clock, [{ text: 'one ' }, { afterMs: 10, text: 'two ' }, { hang: true }]),
  ])
  const receipts: Receipt[] = []
  router.on('receipt', receipt => receipts.push(receipt))
  const generator = router.run({ prompt: 'p'.repeat(400) })
  await generator.next()
  await generator.return(undefined as never)
  await clock.settle()
  expect(targets[0]!.signals[0]!.aborted).toBe(true)
  expect(receipts).toMatchObject([
    { estimated: true, attempts: [{ end: { type: 'aborted' }, usage: { inputTokens: 100, outputTokens: 1 } }] },
  ])
  expect(clock.pending()).toBe(0)
})

test('the deadline covers all attempts and the stream', async () => {
  const { clock, start } = setUp(clock => [scriptedTarget('a', clock, [{ text: 'one ' }, { hang: true }])], {
    timeouts: { totalMs: 1_000 },
  })
  const { result } = start()
  await clock.advance(1_001)
  expect(result.error).toMatchObject({ code: 'deadline' })
})

test('a streaming attempt without a first token in time has failed, and the next one answers', async () => {
  const { clock, start } = setUp(clock => [scriptedTarget('a', clock, [{ hang: true }]), scriptedTarget('b', clock, answer('b'))], {
    hedge: false,
    timeouts: { firstTokenMs: 500 },
  })
  const { result } = start()
  await clock.advance(501)
  expect(result.text).toBe('b')
  expect(result.receipt?.attempts[0]).toMatchObject({ end: { type: 'failed', failure: { kind: 'timeout' } }, usageSource: 'estimated' })
})

test('between a tool call and its result a conversation stays with its model', async () => {
  const turn = { value: 0 }
  const alternating: Policy = candidates => (turn.value === 0 ? candidates : candidates.toReversed())
  const { clock, start } = setUp(clock => [scriptedTarget('a', clock, answer('call')), scriptedTarget('b', clock, answer('other'))], {
    policy: alternating,
  })
  const prefix = [scriptedBlock(1, 10)]
  start({ prompt: 'q', features: { prefix } })
  await clock.advance(0)
  turn.value = 1
  const next = start({ prompt: 'q', features: { prefix: [...prefix, scriptedBlock(2, 12), scriptedBlock(3, 15)], turn: 'tool' } })
  await clock.advance(0)
  expect(next.result.receipt?.target).toBe('a')
  const newTurn = start({ prompt: 'q', features: { prefix: [...prefix, scriptedBlock(2, 12), scriptedBlock(3, 15)], turn: 'user' } })
  await clock.advance(0)
  expect(newTurn.result.receipt?.target).toBe('b')
})

test('a bad request goes to one other target and no further', async () => {
  const bad = { kind: 'bad_request', message: 'no such parameter', status: 400 } as const
  const { clock, start, targets } = setUp(clock => ['a', 'b', 'c'].map(id => scriptedTarget(id, clock, [{ fail: bad }])))
  const { result } = start()
  await clock.advance(0)
  expect(result.error).toMatchObject({ code: 'all_attempts_failed', failures: [{ target: 'a' }, { target: 'b' }] })
  expect(targets[2]!.signals).toHaveLength(0)
})

test('a listener that throws breaks nothing', async () => {
  const { clock, start, router } = setUp(clock => [scriptedTarget('a', clock, answer('fine'))])
  router.on('receipt', () => {
    throw new Error('listener')
  })
  const { result } = start()
  await clock.advance(0)
  expect(result.text).toBe('fine')
})

test.each([
  ['an unknown option', { retries: 3 }, /unknown option `retries` \(allowed: .*policy.*\)/],
  ['a wrong value', { hedge: { maxHedges: 9 } }, /`hedge.maxHedges` is 9/],
  [
    'an unknown nested option',
    { timeouts: { firstToken: 3 } },
    /unknown option `timeouts.firstToken` \(allowed: headersMs, firstTokenMs, stallMs, judgeMs, totalMs\)/,
  ],
  ['no targets', { targets: [] }, /`targets` is \[\]: give at least one target/],
])('%s is a typed error at construction', (_, options, message) => {
  const build = () => setUp(clock => [scriptedTarget('a', clock, answer('x'))], options as never)
  expect(build).toThrow(message)
  expect(build).toThrow(expect.objectContaining({ code: 'invalid_option' }))
})

test('two targets with one id are refused at construction', () => {
  expect(() => setUp(clock => [scriptedTarget('a', clock, []), scriptedTarget('a', clock, [])])).toThrow(
    expect.objectContaining({ code: 'duplicate_target', message: expect.stringContaining('"a"') }),
  )
})

test('decide explains the order without calling anybody', () => {
  const { router, targets } = setUp(clock => [scriptedTarget('a', clock, []), scriptedTarget('b', clock, [], { tags: ['eu'] })])
  const { plan, considered, features } = router.decide({ prompt: 'hi' }, { allow: ['eu'], task: 'chat' satisfies Task })
  expect(plan.map(({ id }) => id)).toEqual(['b'])
  expect(considered).toMatchObject([
    { target: 'b', rank: 1 },
    { target: 'a', excluded: 'not among those allowed' },
  ])
  expect(features.inputTokens).toBe(1)
  expect(targets.every(({ signals }) => signals.length === 0)).toBe(true)
})

test('nobody is asked any more once the caller has given up, whatever else happens at that moment', async () => {
  const controller = new AbortController()
  const { clock, start, router, targets } = setUp(clock => [
    scriptedTarget('a', clock, [{ fail: { kind: 'server', message: 'broken' } }]),
    scriptedTarget('b', clock, answer('b')),
  ])
  router.on('attempt', () => controller.abort())
  const { result } = start({ prompt: 'hi' }, { signal: controller.signal })
  await clock.advance(0)
  expect(result.error).toMatchObject({ code: 'aborted' })
  expect(targets[1]!.signals).toHaveLength(0)
})
