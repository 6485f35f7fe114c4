import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRetryBudget, type RetryKind } from './retry-budget.ts'

/** How many can be taken at once. */
function drain(budget: ReturnType<typeof createRetryBudget>, kind: RetryKind): number {
  let taken = 0
  while (budget.take(kind)) taken += 1
  return taken
}

test('starts with its burst, of which a breakdown uses more than a hedge or a limit', () => {
  expect(drain(createRetryBudget({ budget: 0.1, burst: 10 }), 'hedge')).toBe(10)
  expect(drain(createRetryBudget({ budget: 0.1, burst: 10 }), 'throttled')).toBe(10)
  expect(drain(createRetryBudget({ budget: 0.1, burst: 10 }), 'transient')).toBe(7)
})

test('hedges and retries share one purse', () => {
  const budget = createRetryBudget({ budget: 0.1, burst: 10 })
  drain(budget, 'hedge')
  expect(budget.take('throttled')).toBe(false)
  for (let call = 0; call < 10; call += 1) budget.answered()
  expect(budget.take('throttled')).toBe(true)
  expect(budget.take('hedge')).toBe(false)
})

test('saves up its burst and no more', () => {
  const budget = createRetryBudget({ budget: 0.1, burst: 5 })
  for (let call = 0; call < 10_000; call += 1) budget.answered()
  expect(drain(budget, 'hedge')).toBe(5)
})

test('a purse that holds one pays for one of any kind', () => {
  for (const kind of ['hedge', 'throttled', 'transient'] as const) expect(drain(createRetryBudget({ budget: 0.1, burst: 1 }), kind)).toBe(1)
})

test('a share of nought leaves the burst alone', () => {
  const budget = createRetryBudget({ budget: 0, burst: 2 })
  expect(drain(budget, 'hedge')).toBe(2)
  for (let call = 0; call < 1_000; call += 1) budget.answered()
  expect(budget.has('hedge')).toBe(false)
})

test('looking takes nothing and says what taking would', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('answered', 'hedge', 'throttled', 'transient'), { maxLength: 300 }), steps => {
      const budget = createRetryBudget({ budget: 0.3, burst: 3 })
      for (const step of steps) {
        if (step === 'answered') {
          budget.answered()
          continue
        }
        const looks = [budget.has(step), budget.has(step)]
        const taken = budget.take(step)
        expect(looks).toEqual([taken, taken])
      }
    }),
  )
})

/** What is asked of a budget, and after how many milliseconds: busy stretches, with a rest now and then. */
const trace = fc.array(
  fc.record({
    afterMs: fc.oneof({ weight: 100, arbitrary: fc.nat(40) }, { weight: 1, arbitrary: fc.nat(20_000) }),
    what: fc.constantFrom('answered', 'answered', 'answered', 'hedge', 'throttled', 'transient'),
  }),
  { maxLength: 600, size: 'max' },
)

/** Long traces take minutes to shrink; the seed of a failure is printed all the same. */
const NO_SHRINKING = { endOnFailure: true }

test('in any ten seconds there are at most a tenth of the answered calls and ten more, whatever is asked for', () => {
  const WINDOW_MS = 10_000
  fc.assert(
    fc.property(trace, steps => {
      const budget = createRetryBudget({ budget: 0.1, burst: 10 })
      const taken: number[] = []
      const answered: number[] = []
      let now = 0
      for (const { afterMs, what } of steps) {
        now += afterMs
        if (what === 'answered') {
          budget.answered()
          answered.push(now)
        } else if (budget.take(what)) taken.push(now)
      }
      const within = (times: readonly number[], from: number) => times.filter(at => at >= from && at <= from + WINDOW_MS).length
      // A window with the most of them begins at one of them.
      const beyond = taken.map(from => within(taken, from) - 0.1 * within(answered, from))
      expect(Math.max(0, ...beyond)).toBeLessThanOrEqual(10 + 1e-9)
    }),
    NO_SHRINKING,
  )
})

test('the same holds for any share and burst, over stretches of any length', () => {
  fc.assert(
    fc.property(trace, fc.nat(1_000), fc.integer({ min: 1, max: 20 }), (steps, perMille, burst) => {
      const share = perMille / 1_000
      const budget = createRetryBudget({ budget: share, burst })
      // How far the extra attempts of the stretch that ends here are above their share, for the stretch where that is most.
      let beyond = 0
      let most = 0
      for (const { what } of steps) {
        if (what === 'answered') {
          budget.answered()
          beyond = Math.max(0, beyond - share)
        } else if (budget.take(what)) beyond += 1
        most = Math.max(most, beyond)
      }
      expect(most).toBeLessThanOrEqual(burst + 1e-6)
    }),
    NO_SHRINKING,
  )
})
