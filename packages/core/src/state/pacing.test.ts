import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createPacing } from './pacing.ts'

function setUp() {
  let ms = 0
  const pacing = createPacing({ now: () => ms })
  return { ...pacing, advance: (by: number) => void (ms += by) }
}

test('holds nobody back whose headers were never seen', () => {
  const { spend, isSpent } = setUp()
  for (let call = 0; call < 1_000; call += 1) spend('a', 1_000_000)
  expect(isSpent('a', 1_000_000)).toBe(false)
})

test('what was sent since the last response counts against what it left', () => {
  const { observe, spend, isSpent } = setUp()
  observe('a', { requests: { limit: 10, remaining: 2, resetMs: 8_000 } })
  expect(isSpent('a', 5)).toBe(false)
  spend('a', 5)
  spend('a', 5)
  expect(isSpent('a', 5)).toBe(true)
  expect(isSpent('b', 5)).toBe(false)
})

test('a prompt that no longer fits is held back where a shorter one is not', () => {
  const { observe, isSpent } = setUp()
  observe('a', { tokens: { limit: 30_000, remaining: 2_000, resetMs: 56_000 } })
  expect(isSpent('a', 2_000)).toBe(false)
  expect(isSpent('a', 2_001)).toBe(true)
})

test('refills evenly to the limit over the reset, and no further', () => {
  const { observe, spend, isSpent, advance } = setUp()
  observe('a', { tokens: { limit: 1_000, remaining: 0, resetMs: 10_000 } })
  advance(2_500)
  expect(isSpent('a', 250)).toBe(false)
  expect(isSpent('a', 251)).toBe(true)
  spend('a', 200)
  expect(isSpent('a', 51)).toBe(true)
  advance(20_000)
  spend('a', 600)
  expect(isSpent('a', 400)).toBe(false)
  expect(isSpent('a', 401)).toBe(true)
})

test('a prompt larger than the whole limit is tried once the limit is unused', () => {
  const { observe, isSpent, advance } = setUp()
  observe('a', { tokens: { limit: 1_000, remaining: 500, resetMs: 5_000 } })
  expect(isSpent('a', 5_000)).toBe(true)
  advance(5_000)
  expect(isSpent('a', 5_000)).toBe(false)
})

test('without a limit it waits for the reset, and then knows nothing', () => {
  const { observe, spend, isSpent, advance } = setUp()
  observe('a', { requests: { remaining: 0, resetMs: 3_000 } })
  advance(2_999)
  expect(isSpent('a', 1)).toBe(true)
  advance(1)
  spend('a', 1)
  expect(isSpent('a', 1)).toBe(false)
})

test('one part of the limits seen later leaves the other as it was', () => {
  const { observe, isSpent } = setUp()
  observe('a', { requests: { limit: 10, remaining: 0, resetMs: 10_000 } })
  observe('a', { tokens: { limit: 1_000, remaining: 1_000, resetMs: 0 } })
  expect(isSpent('a', 1)).toBe(true)
  observe('a', { requests: { limit: 10, remaining: 9, resetMs: 1_000 } })
  expect(isSpent('a', 1)).toBe(false)
})

test('a target that says nothing more is not held back on news older than a minute and its own reset', () => {
  const { observe, spend, isSpent, advance } = setUp()
  observe('a', { tokens: { limit: 1_000, remaining: 1_000, resetMs: 0 } })
  spend('a', 1_000)
  expect(isSpent('a', 1)).toBe(true)
  advance(59_999)
  expect(isSpent('a', 1)).toBe(true)
  advance(1)
  expect(isSpent('a', 1)).toBe(false)
})

/** A provider's own token bucket, which answers 429 and says in its headers what is left. */
function createProvider(limit: number, windowMs: number) {
  let level = limit
  let at = 0
  return {
    send(time: number, amount: number) {
      level = Math.min(limit, level + ((time - at) * limit) / windowMs)
      at = time
      const isRefused = level < Math.min(amount, limit)
      if (!isRefused) level -= Math.min(amount, limit)
      return { isRefused, limits: { tokens: { limit, remaining: level, resetMs: ((limit - level) / limit) * windowMs } } }
    },
  }
}

test('against a provider’s bucket it lets through all that fits, and nothing that does not', () => {
  const sends = fc.array(fc.record({ afterMs: fc.nat(5_000), amount: fc.integer({ min: 1, max: 999 }) }), {
    minLength: 1,
    maxLength: 100,
  })
  fc.assert(
    fc.property(sends, all => {
      const { observe, spend, isSpent, advance } = setUp()
      const provider = createProvider(1_000, 20_000)
      const said: { at: number; isSpent: boolean; isRefused: boolean }[] = []
      let time = 0
      for (const [at, { afterMs, amount }] of all.entries()) {
        advance(afterMs)
        time += afterMs
        // Where a prompt fits to a thousandth of a token, rounding decides.
        const [less, more] = [isSpent('a', amount - 0.001), isSpent('a', amount + 0.001)]
        const { isRefused, limits } = provider.send(time, amount)
        spend('a', amount)
        if (at > 0 && less === more) said.push({ at, isSpent: less, isRefused })
        // Responses are seen late: what was sent in between is known from here alone.
        if (at % 5 === 0 || isRefused) observe('a', limits)
      }
      expect(said.filter(({ isSpent: held, isRefused }) => held !== isRefused)).toEqual([])
    }),
  )
})
