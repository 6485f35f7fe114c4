import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createLatencyWindow } from './latency-window.ts'

interface Attempt {
  value: number
  isCensored?: boolean
}

function windowOf(attempts: readonly Attempt[]) {
  const window = createLatencyWindow({ now: () => 0 })
  for (const { value, isCensored } of attempts)
    if (isCensored === true) window.addCensored(value)
    else window.add(value)
  return window
}

/** Kaplan and Meier as in the textbook, integrated by the step; beyond the longest value a Pareto tail with exponent 2. */
function bruteForce(attempts: readonly Attempt[], from: number, past: number, longest: number) {
  const ends = [...new Set(attempts.filter(({ isCensored }) => isCensored !== true).map(({ value }) => value))].sort((a, b) => a - b)
  const aliveAfter = (time: number): number => {
    let alive = time > longest ? (longest / time) ** 2 : 1
    for (const end of ends.filter(value => value <= time)) {
      const atRisk = attempts.filter(({ value }) => value >= end).length
      alive *= 1 - attempts.filter(({ value, isCensored }) => value === end && isCensored !== true).length / atRisk
    }
    return alive
  }
  if (from >= longest) return { survival: (from / past) ** 2, meanExcess: from ** 2 / past }
  const edges = [past, ...[...ends, longest].filter(edge => edge > past).sort((a, b) => a - b)]
  let area = aliveAfter(edges.at(-1)!) * edges.at(-1)!
  for (const [at, edge] of edges.slice(0, -1).entries()) area += aliveAfter(edge) * (edges[at + 1]! - edge)
  return { survival: aliveAfter(past) / aliveAfter(from), meanExcess: area / aliveAfter(from) }
}

// Values a quarter apart, asked for in between: neither a bucket nor the coarser one of censored values holds two of them.
const step = fc.nat(20)
const grid = (at: number) => 100 * 1.25 ** at
const between = (at: number) => 110 * 1.25 ** (at - 1)

test('without censored values, what is left of a wait is that of the values themselves', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), step, step, (steps, start, length) => {
      const values = steps.map(grid)
      const from = between(start)
      const past = between(start + length)
      const window = windowOf(values.map(value => ({ value })))
      const left = values.filter(value => value > from)
      fc.pre(left.length > 0)
      expect(window.survival(from, past)).toBeCloseTo(left.filter(value => value > past).length / left.length, 9)
      const excess = left.reduce((sum, value) => sum + Math.max(0, value - past), 0) / left.length
      expect(Math.abs(window.meanExcess(from, past) - excess)).toBeLessThanOrEqual(0.01 * (excess + past))
    }),
  )
})

test('with censored values it is that of Kaplan and Meier', () => {
  const attempts = fc.array(fc.record({ value: step.map(grid), isCensored: fc.boolean() }), { minLength: 1, maxLength: 60 })
  fc.assert(
    fc.property(attempts, fc.nat(24), fc.nat(24), (all, start, length) => {
      const from = between(start)
      const past = between(start + length)
      const window = windowOf(all)
      // Measured values are known to 1 %, censored ones to 8 % more.
      const low = bruteForce(all, from, past, Math.max(...all.map(({ value, isCensored }) => (isCensored ? 0.91 : 0.99) * value)))
      const high = bruteForce(all, from, past, Math.max(...all.map(({ value }) => 1.01 * value)))
      const survival = window.survival(from, past)
      expect(survival).toBeGreaterThanOrEqual(low.survival - 1e-9)
      expect(survival).toBeLessThanOrEqual(high.survival + 1e-9)
      const excess = window.meanExcess(from, past)
      expect(excess).toBeGreaterThanOrEqual(low.meanExcess - 0.01 * (low.meanExcess + past))
      expect(excess).toBeLessThanOrEqual(high.meanExcess + 0.01 * (high.meanExcess + past))
    }),
  )
})

test('follows Kaplan and Meier by hand on five attempts', () => {
  const window = windowOf([{ value: 10 }, { value: 30 }, { value: 50 }, { value: 20, isCensored: true }, { value: 40, isCensored: true }])
  // Surviving: after 10 4/5, after 30 4/5 × 2/3 = 8/15, after 50 0.
  expect(window.survival(0, 15)).toBeCloseTo(4 / 5, 9)
  expect(window.survival(15, 35)).toBeCloseTo(2 / 3, 9)
  expect(window.survival(35, 60)).toBe(0)
  // From 15: all until 30, two thirds until 50.
  expect(window.meanExcess(15, 15) / (15 + (2 / 3) * 20)).toBeCloseTo(1, 1)
  expect(window.meanExcess(15, 45) / ((2 / 3) * 5)).toBeCloseTo(1, 0)
})

test('a wait beyond the longest one seen is expected to last as long again', () => {
  const window = windowOf([{ value: 100 }, { value: 200 }])
  expect(window.meanExcess(500, 500)).toBeCloseTo(500, 9)
  expect(window.survival(500, 1_000)).toBeCloseTo(1 / 4, 9)
  expect(window.meanExcess(500, 1_000)).toBeCloseTo(250, 9)
})

test('where the longest ones are all censored, they last as long again too', () => {
  const attempts = [...Array.from({ length: 9 }, () => ({ value: 100 })), { value: 1_000, isCensored: true }]
  const window = windowOf(attempts)
  expect(window.survival(0, 500)).toBeCloseTo(1 / 10, 9)
  // 90 until the first nine have ended, then a tenth: for 900 until the longest seen, and for 1,000 beyond it.
  expect(window.meanExcess(0, 0) / (100 + 90 + 100)).toBeCloseTo(1, 1)
  expect(window.survival(500, 2_000)).toBeCloseTo(1 / 4, 0)
})

test('an attempt that lasts longer than it has already lasts for sure, and one that has not begun has all before it', () => {
  const window = windowOf([{ value: 100 }, { value: 300 }])
  expect(window.survival(150, 150)).toBe(1)
  expect(window.survival(150, 100)).toBe(1)
  expect(window.meanExcess(0, 0) / 200).toBeCloseTo(1, 1)
})
