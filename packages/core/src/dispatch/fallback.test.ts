import { expect, test } from 'vitest'
import { answer, scriptedDialect, scriptedTarget } from '../testing/index.ts'
import { setUp } from '../testing/scripted-router.ts'

const overloaded = { kind: 'overloaded', message: 'overloaded', status: 529 } as const
const server = { kind: 'server', message: 'broken', status: 500 } as const

test('asks the only target again after a backoff, and says so', async () => {
  const { clock, start } = setUp(clock => [scriptedTarget('a', clock, [[{ fail: server }], [{ fail: server }], answer('third time')])])
  const { result } = start()
  // Half of 50 ms, then half of 100.
  await clock.advance(25)
  await clock.advance(49)
  expect(result.text).toBe('')
  await clock.advance(1)
  expect(result.text).toBe('third time')
  expect(result.receipt?.attempts.map(({ reason, startedMs }) => [reason, startedMs])).toEqual([
    ['first', 0],
    ['retry', 25],
    ['retry', 75],
  ])
  expect(clock.pending()).toBe(0)
})

test('waits as long as the provider asks, but no longer than it was allowed to', async () => {
  const asked = (retryAfterMs: number) =>
    setUp(clock => [scriptedTarget('a', clock, [[{ fail: { ...overloaded, retryAfterMs } }], answer('back')])])
  const patient = asked(3_000)
  const { result } = patient.start()
  await patient.clock.advance(2_999)
  expect(result.text).toBe('')
  await patient.clock.advance(1)
  expect(result.text).toBe('back')
  const impatient = asked(30_000)
  const refused = impatient.start()
  await impatient.clock.advance(0)
  expect(refused.result.error).toMatchObject({ code: 'all_attempts_failed' })
})

test.each(['auth', 'permission', 'quota', 'bad_request', 'context_overflow', 'timeout'] as const)(
  'never asks again after %s',
  async kind => {
    const { clock, start, targets } = setUp(clock => [scriptedTarget('a', clock, [{ fail: { kind, message: '' } }])])
    const { result } = start()
    await clock.advance(60_000)
    expect(result.error).toMatchObject({ code: 'all_attempts_failed' })
    expect(targets[0]!.signals).toHaveLength(1)
  },
)

test('another target comes before another try, whatever the failure', async () => {
  const { clock, start } = setUp(clock => [scriptedTarget('a', clock, [{ fail: server }]), scriptedTarget('b', clock, answer('b'))])
  const { result } = start()
  await clock.advance(0)
  expect(result.text).toBe('b')
})

test('waits for the cheap target that names a short time, when that is cheaper than the dear one', async () => {
  const { clock, start } = setUp(clock => [
    scriptedTarget('cheap', clock, [[{ fail: { kind: 'rate_limit', message: '', retryAfterMs: 500 } }], answer('cheap')]),
    scriptedTarget('dear', clock, answer('dear'), { card: { prices: [{ rates: { input: 1_000, output: 2_000 } }] } }),
  ])
  const { result } = start()
  await clock.advance(500)
  expect(result.text).toBe('cheap')
  const hurried = setUp(
    clock => [
      scriptedTarget('cheap', clock, [[{ fail: { kind: 'rate_limit', message: '', retryAfterMs: 500 } }], answer('cheap')]),
      scriptedTarget('dear', clock, answer('dear'), { card: { prices: [{ rates: { input: 1_000, output: 2_000 } }] } }),
    ],
    { valueOfTimeUsdPerSecond: 10 },
  )
  const second = hurried.start()
  await hurried.clock.advance(0)
  expect(second.result.text).toBe('dear')
})

test('does not wait past the end of the call', async () => {
  const { clock, start } = setUp(
    clock => [scriptedTarget('a', clock, [[{ fail: { ...overloaded, retryAfterMs: 3_000 } }], answer('late')])],
    { timeouts: { totalMs: 2_000 } },
  )
  const { result } = start()
  await clock.advance(0)
  expect(result.error).toMatchObject({ code: 'all_attempts_failed', failures: [{ retryAfterMs: 3_000 }] })
})

test('retries are paid from a purse: a provider that is down is not asked three times by everybody', async () => {
  const { clock, start, targets } = setUp(clock => [scriptedTarget('a', clock, [{ fail: server }])], { breaker: false })
  for (let call = 0; call < 100; call += 1) start()
  await clock.advance(60_000)
  expect(targets[0]!.signals.length).toBeLessThanOrEqual(110)
})

test('a breaker opens after five failures in a row, lets one call through in time, and closes when it is answered', async () => {
  const scripts = [...Array.from({ length: 5 }, () => [{ fail: server }]), answer('well again')]
  const { clock, start, targets, router } = setUp(clock => [scriptedTarget('a', clock, scripts), scriptedTarget('b', clock, answer('b'))])
  const changes: string[] = []
  router.on('breaker', ({ target, state }) => changes.push(`${target} ${state}`))
  for (let call = 0; call < 20; call += 1) {
    start()
    await clock.advance(0)
  }
  expect(targets[0]!.signals).toHaveLength(5)
  await clock.advance(5_000)
  const probe = start()
  await clock.advance(0)
  expect(probe.result.text).toBe('well again')
  expect(changes).toEqual(['a open', 'a half-open', 'a closed'])
})

test('steers away before a rate limit is reached', async () => {
  const limited = [
    { headers: { 'x-ratelimit-limit-requests': '10', 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '60s' } },
    ...answer('a'),
  ]
  const { clock, start } = setUp(clock => [scriptedTarget('a', clock, limited), scriptedTarget('b', clock, answer('b'))])
  start()
  await clock.advance(0)
  const second = start()
  await clock.advance(0)
  expect(second.result.receipt).toMatchObject({
    target: 'b',
    considered: [{ target: 'b' }, { target: 'a', resting: 'rate limit reached' }],
  })
  await clock.advance(60_000)
  const third = start()
  await clock.advance(0)
  expect(third.result.text).toBe('a')
})

test('targets that rest are still called when all others have failed', async () => {
  const { clock, start } = setUp(clock => [
    scriptedTarget('a', clock, [[{ fail: { ...overloaded, retryAfterMs: 60_000 } }], answer('a')]),
    scriptedTarget('b', clock, [answer('b'), [{ fail: { kind: 'auth', message: '' } }]]),
  ])
  start()
  await clock.advance(0)
  const second = start()
  await clock.advance(0)
  expect(second.result.text).toBe('a')
})

test('a refusal is the answer, unless another is to be asked', async () => {
  const refusal = [{ role: true as const }, { finish: 'refusal' as const }]
  const plain = setUp(clock => [scriptedTarget('a', clock, refusal), scriptedTarget('b', clock, answer('b'))])
  const first = plain.start()
  await plain.clock.advance(0)
  expect(first.result.receipt).toMatchObject({ target: 'a', attempts: [{ end: { type: 'answered', finish: 'refusal' } }] })
  const asking = setUp(clock => [scriptedTarget('a', clock, refusal), scriptedTarget('b', clock, answer('b'))], { onRefusal: 'fallback' })
  const second = asking.start()
  await asking.clock.advance(0)
  expect(second.result.receipt).toMatchObject({
    target: 'b',
    attempts: [{ end: { failure: { kind: 'content_filter' } } }, { target: 'b' }],
  })
})

test('a filter that answers with an error is final too, unless another is to be asked', async () => {
  const targets = (clock: Parameters<typeof scriptedTarget>[1]) => [
    scriptedTarget('a', clock, [{ fail: { kind: 'content_filter', message: 'no' } }]),
    scriptedTarget('b', clock, answer('b')),
  ]
  const plain = setUp(targets)
  const first = plain.start()
  await plain.clock.advance(0)
  expect(first.result.error).toMatchObject({ code: 'all_attempts_failed', failures: [{ kind: 'content_filter' }] })
  const asking = setUp(targets, { onRefusal: 'fallback' })
  const second = asking.start()
  await asking.clock.advance(0)
  expect(second.result.text).toBe('b')
})

test('an end that the provider itself calls an error is a failure', async () => {
  const { clock, start } = setUp(clock => [scriptedTarget('a', clock, [{ finish: 'error' }]), scriptedTarget('b', clock, answer('b'))])
  const { result } = start()
  await clock.advance(0)
  expect(result.receipt).toMatchObject({ target: 'b', attempts: [{ end: { failure: { kind: 'server' } } }, {}] })
})

test('of two failures of one target the later one says when to come back', async () => {
  const busy = (retryAfterMs: number) => ({ fail: { kind: 'rate_limit' as const, message: '', retryAfterMs } })
  const { clock, start } = setUp(clock => [scriptedTarget('a', clock, [[busy(1_000)], [busy(5_000)], answer('at last')])])
  const { result } = start()
  await clock.advance(5_999)
  expect(result.text).toBe('')
  await clock.advance(1)
  expect(result.text).toBe('at last')
})

test('a refusal that comes in one piece with its words is a reason to ask another, too', async () => {
  const { clock, start } = setUp(clock => [scriptedTarget('a', clock, [{ text: 'I cannot.' }]), scriptedTarget('b', clock, answer('b'))], {
    onRefusal: 'fallback',
    dialect: {
      ...scriptedDialect,
      read: step => ({
        ...scriptedDialect.read(step, undefined as never),
        ...('text' in step && step.text === 'I cannot.' ? { finish: 'refusal' as const } : {}),
      }),
    },
  })
  const { result } = start()
  await clock.advance(0)
  expect(result.text).toBe('b')
})

test('a failure that the provider tells in its stream is as good as one that is thrown', async () => {
  const failure = { ...overloaded, cause: undefined }
  const { clock, start } = setUp(clock => [
    scriptedTarget('a', clock, [{ role: true }, { failure }, { text: 'too late' }]),
    scriptedTarget('b', clock, answer('here')),
  ])
  const { result } = start()
  await clock.advance(0)
  expect(result.text).toBe('here')
  expect(result.receipt?.attempts[0]?.end).toEqual({ type: 'failed', failure })
})

test('what a provider still says after it has told of a failure is passed on, and the answer is broken all the same', async () => {
  const failure = { ...server, cause: undefined }
  const { clock, start } = setUp(clock => [
    scriptedTarget('a', clock, [{ text: 'half' }, { afterMs: 1, failure }, { text: ' and half' }, { finish: 'stop' }]),
    scriptedTarget('b', clock, answer('never asked')),
  ])
  const { result } = start()
  await clock.advance(1)
  expect(result.text).toBe('half and half')
  expect(result.error).toMatchObject({ code: 'stream_interrupted', failures: [{ kind: 'server' }] })
})
