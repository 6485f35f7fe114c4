import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Admission, type BreakerChange, createBreakers } from './breaker.ts'

const DEFAULTS = { consecutive: 5, ratio: 0.5, minCalls: 20, windowMs: 30_000, openMs: 5_000, maxOpenMs: 60_000 }

function setUp({ random = () => 0.5, ...settings }: Partial<typeof DEFAULTS> & { random?: () => number } = {}) {
  let ms = 0
  const changes: BreakerChange[] = []
  const breakers = createBreakers({
    settings: { ...DEFAULTS, ...settings },
    clock: { now: () => ms },
    random,
    onChange: change => changes.push(change),
  })
  /** Makes one call; says whether it was let through. */
  const call = (outcome: 'success' | 'failure', target = 'a') => {
    const admission = breakers.admit(target)
    if (admission !== undefined) breakers.report(admission, outcome)
    return admission !== undefined
  }
  return {
    ...breakers,
    call,
    fail: (times: number) => {
      for (let at = 0; at < times; at += 1) call('failure')
    },
    advance: (by: number) => void (ms += by),
    changes,
    states: () => changes.map(({ state }) => state),
  }
}

test('opens on five failures in a row, for that target alone, and lets nothing through', () => {
  const { fail, call, isOpen, admit, changes } = setUp()
  fail(4)
  call('success')
  fail(4)
  expect(isOpen('a')).toBe(false)
  fail(1)
  expect(isOpen('a')).toBe(true)
  expect(admit('a')).toBeUndefined()
  expect(isOpen('b')).toBe(false)
  expect(changes).toEqual([{ target: 'a', state: 'open', openMs: 5_000 }])
})

test('opens on a share of failures, and never below the volume at which a share means something', () => {
  const { call, isOpen } = setUp({ consecutive: 1_000 })
  for (let at = 0; at < 19; at += 1) call('failure')
  expect(isOpen('a')).toBe(false)
  call('failure')
  expect(isOpen('a')).toBe(true)
})

test('a share just below the ratio does not open it, however long it lasts', () => {
  const { call, isOpen, advance } = setUp()
  for (let at = 0; at < 10_000; at += 1) {
    call(at % 20 < 18 && at % 2 === 0 ? 'failure' : 'success')
    advance(100)
  }
  expect(isOpen('a')).toBe(false)
})

test('what has left the window counts no more', () => {
  const { call, isOpen, advance } = setUp({ consecutive: 1_000 })
  for (let at = 0; at < 15; at += 1) call('failure')
  advance(20_000)
  for (let at = 0; at < 4; at += 1) call('failure')
  advance(10_000)
  for (let at = 0; at < 15; at += 1) call('failure')
  expect(isOpen('a')).toBe(false)
  call('failure')
  expect(isOpen('a')).toBe(true)
})

test('after an idle hour one failure does not open it', () => {
  for (const before of [4, 19]) {
    const { fail, isOpen, advance } = setUp(before === 19 ? { consecutive: 1_000 } : {})
    fail(before)
    advance(3_600_000)
    fail(1)
    expect(isOpen('a')).toBe(false)
  }
})

test('a date that jumps by an hour changes nothing: only the monotonic clock is read', () => {
  let ms = 0
  const clock = {
    now: () => ms,
    wall: (): number => {
      throw new Error('A breaker has no business with dates.')
    },
  }
  const breakers = createBreakers({ settings: DEFAULTS, clock, random: () => 0.5, onChange: () => undefined })
  for (let at = 0; at < 5; at += 1) breakers.report(breakers.admit('a')!, 'failure')
  ms = 4_999
  expect(breakers.isOpen('a')).toBe(true)
  ms = 5_000
  expect(breakers.isOpen('a')).toBe(false)
})

test('a herd of a thousand that finds it half-open gets one probe', () => {
  const { fail, advance, admit, isOpen } = setUp()
  fail(5)
  advance(5_000)
  const admitted = Array.from({ length: 1_000 }, () => admit('a')).filter(admission => admission !== undefined)
  expect(admitted).toHaveLength(1)
  expect(isOpen('a')).toBe(true)
})

test('a probe that succeeds closes it, and the next opening is short again', () => {
  const { fail, call, advance, changes } = setUp()
  fail(5)
  advance(5_000)
  fail(1)
  advance(10_000)
  expect(call('success')).toBe(true)
  fail(4)
  expect(changes.at(-1)).toEqual({ target: 'a', state: 'closed' })
  fail(1)
  expect(changes.map(({ state, openMs }) => openMs ?? state)).toEqual([5_000, 'half-open', 10_000, 'half-open', 'closed', 5_000])
})

test('a total outage is seen after ten failures at most, and probed once per backoff', () => {
  const { call, advance, changes } = setUp()
  const failedAt: number[] = []
  for (let ms = 0; ms < 600_000; ms += 10) {
    if (call('failure')) failedAt.push(ms)
    advance(10)
  }
  const probes = failedAt.filter(ms => ms > 1_000)
  expect(failedAt.length - probes.length).toBeLessThanOrEqual(10)
  expect(
    changes
      .filter(({ openMs }) => openMs !== undefined)
      .map(({ openMs }) => openMs! / 1_000)
      .slice(0, 7),
  ).toEqual([5, 10, 20, 40, 60, 60, 60])
  expect(probes.slice(1).every((ms, at) => ms - probes[at]! >= Math.min(60_000, 10_000 * 2 ** at))).toBe(true)
  expect(probes.length).toBeLessThanOrEqual(13)
})

test('a target that fails every other call is let through in stretches of the minimum volume, with rests between', () => {
  const { call, advance, changes } = setUp()
  let calls = 0
  const openedAfter: number[] = []
  for (let ms = 0; ms < 600_000; ms += 50) {
    const opened = changes.length
    if (call(calls % 2 === 0 ? 'success' : 'failure')) calls += 1
    if (changes.length > opened && changes.at(-1)!.state === 'open') openedAfter.push(calls)
    advance(50)
  }
  // Its first opening takes the whole volume; from then on it is closed by a probe and has to fail as often again, or its probe fails.
  expect(openedAfter[0]).toBe(20)
  const stretches = openedAfter.slice(1).map((at, opening) => at - openedAfter[opening]!)
  expect(stretches.filter(length => length !== 1 && length <= 20)).toEqual([])
  expect(calls).toBeLessThan(600_000 / 50 / 2)
})

test('instances that opened together do not come back together', () => {
  const openMs = [0, 0.25, 0.999].map(share => {
    const { fail, changes } = setUp({ random: () => share })
    fail(5)
    return changes[0]!.openMs!
  })
  expect(openMs).toEqual([4_000, 4_500, expect.closeTo(5_998, 0)])
})

test('what was started before it opened neither closes it nor opens it again', () => {
  const { fail, admit, report, advance, states } = setUp()
  const early = Array.from({ length: 20 }, () => admit('a')!)
  fail(5)
  report(early[0]!, 'success')
  report(early[1]!, 'failure')
  expect(states()).toEqual(['open'])
  advance(5_000)
  const probe = admit('a')!
  report(early[2]!, 'success')
  report(early[3]!, 'failure')
  expect(states()).toEqual(['open', 'half-open'])
  report(probe, 'success')
  for (const admission of early.slice(4)) report(admission, 'failure')
  expect(states()).toEqual(['open', 'half-open', 'closed'])
})

test('a probe that tells nothing gives its place back', () => {
  const { fail, admit, report, advance, isOpen, states } = setUp()
  fail(5)
  advance(5_000)
  report(admit('a')!, 'neutral')
  expect(isOpen('a')).toBe(false)
  report(admit('a')!, 'success')
  expect(states()).toEqual(['open', 'half-open', 'closed'])
})

test('a probe of which nothing is heard loses its place after the longest open time', () => {
  const { fail, admit, report, advance, states } = setUp()
  fail(5)
  advance(5_000)
  const lost = admit('a')!
  advance(59_999)
  expect(admit('a')).toBeUndefined()
  advance(1)
  const next = admit('a')!
  report(lost, 'failure')
  expect(states()).toEqual(['open', 'half-open'])
  report(next, 'success')
  expect(states()).toEqual(['open', 'half-open', 'closed'])
})

test('attempts that tell nothing count neither way', () => {
  const { fail, admit, report, isOpen } = setUp()
  fail(4)
  for (let at = 0; at < 100; at += 1) report(admit('a')!, 'neutral')
  expect(isOpen('a')).toBe(false)
  fail(1)
  expect(isOpen('a')).toBe(true)
})

test('force lets a call through where no target is left, and its end counts for nothing', () => {
  const { fail, admit, report, advance, states } = setUp()
  fail(5)
  for (const outcome of ['success', 'failure', 'neutral'] as const) report(admit('a', true), outcome)
  expect(states()).toEqual(['open'])
  advance(5_000)
  // Where a probe is due, a forced call is as good a probe as any.
  const probe = admit('a', true)
  report(admit('a', true), 'success')
  expect(states()).toEqual(['open', 'half-open'])
  report(probe, 'success')
  expect(states()).toEqual(['open', 'half-open', 'closed'])
})

test('without settings nothing ever opens', () => {
  const changes: BreakerChange[] = []
  const breakers = createBreakers({ settings: false, clock: { now: () => 0 }, random: () => 0, onChange: change => changes.push(change) })
  for (let at = 0; at < 100; at += 1) breakers.report(breakers.admit('a')!, 'failure')
  expect(breakers.isOpen('a')).toBe(false)
  expect(changes).toEqual([])
})

const SMALL = { consecutive: 3, ratio: 0.5, minCalls: 6, windowMs: 1_000, openMs: 100, maxOpenMs: 400 }

/** The same rules, by a list of all results that is read afresh each time. */
function createModel() {
  const slotOf = (ms: number) => Math.floor(ms / 100)
  let state: 'closed' | 'open' | 'half-open' = 'closed'
  let results: { at: number; failed: boolean }[] = []
  let period = 0
  let openings = 0
  let openUntil = 0
  let probe: { id: number; until: number } | undefined

  function mustOpen(now: number): boolean {
    const inWindow = results.filter(({ at }) => slotOf(at) > slotOf(now) - 10)
    const failures = inWindow.filter(({ failed }) => failed).length
    let inARow = 0
    let next = now
    for (const { at, failed } of results.toReversed()) {
      if (!failed || slotOf(next) - slotOf(at) >= 10) break
      inARow += 1
      next = at
    }
    return inARow >= 3 || (inWindow.length >= 6 && failures / inWindow.length >= 0.5)
  }
  function open(now: number) {
    state = 'open'
    openUntil = now + Math.min(400, 100 * 2 ** openings)
    openings += 1
  }
  return {
    state: () => state,
    isOpen: (now: number) => (state === 'open' ? now < openUntil : state === 'half-open' && probe !== undefined && now < probe.until),
    /** What an attempt that is admitted now is. */
    admit(id: number, now: number): { period: number } | 'probe' {
      if (state === 'closed') return { period }
      state = 'half-open'
      probe = { id, until: now + 400 }
      return 'probe'
    },
    report(id: number, kind: { period: number } | 'probe' | 'forced', outcome: 'success' | 'failure' | 'neutral', now: number) {
      if (kind === 'probe' && probe?.id === id) {
        probe = undefined
        if (outcome === 'failure') open(now)
        if (outcome !== 'success') return
        state = 'closed'
        period += 1
        openings = 0
        results = []
      } else if (typeof kind === 'object' && state === 'closed' && kind.period === period && outcome !== 'neutral') {
        results.push({ at: now, failed: outcome === 'failure' })
        if (outcome === 'failure' && mustOpen(now)) {
          open(now)
          period += 1
        }
      }
    },
  }
}

test('whatever happens in whatever order, it is open when its rules say so, with one probe at most', () => {
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ type: fc.constant('start' as const), force: fc.boolean() }) },
    {
      weight: 4,
      arbitrary: fc.record({
        type: fc.constant('end' as const),
        which: fc.nat(),
        outcome: fc.constantFrom('success', 'failure', 'failure', 'neutral'),
      }),
    },
    { weight: 2, arbitrary: fc.record({ type: fc.constant('wait' as const), ms: fc.nat(150) }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('wait' as const), ms: fc.nat(2_000) }) },
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200, size: 'max' }), steps => {
      const { admit, isOpen, report, advance, changes } = setUp(SMALL)
      const model = createModel()
      const live: { id: number; admission: Admission; kind: { period: number } | 'probe' | 'forced' }[] = []
      const seen: unknown[] = []
      const expected: unknown[] = []
      let now = 0
      for (const [id, doing] of steps.entries()) {
        if (doing.type === 'wait') {
          now += doing.ms
          advance(doing.ms)
        } else if (doing.type === 'start') {
          const refused = model.isOpen(now)
          const admission = doing.force ? admit('a', true) : admit('a')
          seen.push(admission === undefined)
          expected.push(refused && !doing.force)
          if (admission !== undefined) live.push({ id, admission, kind: refused ? 'forced' : model.admit(id, now) })
        } else if (live.length > 0) {
          const [{ id: started, admission, kind }] = live.splice(doing.which % live.length, 1) as [(typeof live)[0]]
          model.report(started, kind, doing.outcome, now)
          report(admission, doing.outcome)
        }
        seen.push(isOpen('a'), changes.at(-1)?.state ?? 'closed')
        expected.push(model.isOpen(now), model.state())
      }
      expect(seen).toEqual(expected)
    }),
  )
})
