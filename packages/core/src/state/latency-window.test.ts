import { expect, test } from 'vitest'
import { createLatencyWindow } from './latency-window.ts'

function createTime() {
  let ms = 0
  return { now: () => ms, advance: (by: number) => void (ms += by) }
}

/** A fixed stream of numbers from 0 to 1 (mulberry32). */
function createRandom(seed: number) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }
}

function lognormal(random: () => number, median: number, sigma: number): number {
  return median * Math.exp(sigma * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()))
}

function exactQuantile(values: readonly number[], q: number): number {
  return values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(q * values.length))]!
}

test('knows nothing before the first measurement', () => {
  const window = createLatencyWindow({ now: createTime().now })
  expect(window.quantile(0.5)).toBeUndefined()
  expect(window.count).toBe(0)
})

test('one value is every quantile', () => {
  const window = createLatencyWindow({ now: createTime().now })
  window.add(812)
  for (const q of [0, 0.5, 0.99, 1]) expect(Math.abs(window.quantile(q)! / 812 - 1)).toBeLessThanOrEqual(0.01)
})

test('quantiles of a lognormal law with stragglers are within 2 % of the exact ones, in milliseconds and as ratios', () => {
  for (const scale of [1, 0.001]) {
    const random = createRandom(1)
    const window = createLatencyWindow({ now: createTime().now })
    const values = Array.from({ length: 100_000 }, () => scale * lognormal(random, 600, 0.5) * (random() < 0.05 ? 10 : 1))
    for (const value of values) window.add(value)
    for (const q of [0.01, 0.5, 0.9, 0.95, 0.99]) {
      expect(Math.abs(window.quantile(q)! / exactQuantile(values, q) - 1), `q ${q} × ${scale}`).toBeLessThanOrEqual(0.02)
    }
  }
})

test('values out of range count as the ends of it', () => {
  const window = createLatencyWindow({ now: createTime().now, min: 1, max: 1_000 })
  for (const value of [0, -5, Number.NaN]) window.add(value)
  expect(window.quantile(0.5)).toBeCloseTo(1, 1)
  for (let add = 0; add < 10; add++) window.add(Number.POSITIVE_INFINITY)
  expect(window.quantile(0.9)! / 1_000).toBeCloseTo(1, 1)
})

test('a law that shifts is followed as its slots leave the window', () => {
  const time = createTime()
  const window = createLatencyWindow({ now: time.now, slots: 6, slotMs: 1_000, minCount: 0 })
  const medians: number[] = []
  for (let second = 0; second < 18; second++) {
    for (let add = 0; add < 100; add++) window.add(second < 9 ? 200 : 1_000)
    medians.push(window.quantile(0.5)!)
    time.advance(1_000)
  }
  expect(medians[8]! / 200).toBeCloseTo(1, 1)
  expect(medians[10]! / 200).toBeCloseTo(1, 1)
  expect(medians[12]! / 1_000).toBeCloseTo(1, 1)
  expect(medians[17]! / 1_000).toBeCloseTo(1, 1)
})

test('forgets a slot when it leaves the window, and counts only what is inside', () => {
  const time = createTime()
  const window = createLatencyWindow({ now: time.now, slots: 3, slotMs: 1_000, minCount: 0 })
  window.add(10)
  time.advance(2_000)
  window.addCensored(20)
  expect(window.count).toBe(2)
  time.advance(1_000)
  expect(window.count).toBe(1)
  time.advance(2_000)
  expect(window.count).toBe(0)
  expect(window.quantile(0.5)).toBeUndefined()
})

test('where traffic is thin it looks back further, but not for ever', () => {
  const time = createTime()
  const window = createLatencyWindow({ now: time.now, slots: 6, slotMs: 1_000 })
  for (let second = 0; second < 15; second++) {
    window.add(100)
    time.advance(1_000)
  }
  expect(window.count).toBe(15)
  time.advance(60_000)
  expect(window.count).toBe(0)
})

test('an idle hour leaves nothing, and the next measurement stands alone', () => {
  const time = createTime()
  const window = createLatencyWindow({ now: time.now })
  for (let add = 0; add < 1_000; add++) window.add(100)
  window.addCensored(100)
  time.advance(3_600_000)
  expect(window.quantile(0.95)).toBeUndefined()
  window.add(5_000)
  expect(window.count).toBe(1)
  expect(window.quantile(0.01)! / 5_000).toBeCloseTo(1, 1)
})

test('a clock that goes backwards loses nothing and reopens no old slot', () => {
  const time = createTime()
  const window = createLatencyWindow({ now: time.now, slots: 3, slotMs: 1_000, minCount: 0 })
  time.advance(10_000)
  window.add(10)
  time.advance(-9_000)
  window.add(10)
  expect(window.count).toBe(2)
  time.advance(11_000)
  expect(window.count).toBe(2)
  time.advance(1_000)
  expect(window.count).toBe(0)
})

test('quantiles do not drift low when every slow attempt is given up early', () => {
  const random = createRandom(2)
  const window = createLatencyWindow({ now: createTime().now })
  const truth: number[] = []
  const seen: number[] = []
  for (let call = 0; call < 50_000; call++) {
    const value = lognormal(random, 500, 0.6)
    // Half of the attempts are given up, at a moment that has nothing to do with the value.
    const givenUpAt = random() < 0.5 ? 300 + 1_200 * random() : Number.POSITIVE_INFINITY
    truth.push(value)
    if (value <= givenUpAt) seen.push(value)
    if (value <= givenUpAt) window.add(value)
    else window.addCensored(givenUpAt)
  }
  for (const q of [0.5, 0.9, 0.95]) {
    expect(Math.abs(window.quantile(q)! / exactQuantile(truth, q) - 1), `q ${q}`).toBeLessThan(0.04)
    expect(exactQuantile(seen, q), 'leaving them out would drift low').toBeLessThan(0.93 * exactQuantile(truth, q))
  }
})

test('follows Kaplan and Meier by hand on five attempts', () => {
  const window = createLatencyWindow({ now: createTime().now })
  for (const value of [10, 30, 50]) window.add(value)
  for (const value of [20, 40]) window.addCensored(value)
  // Surviving: after 10 4/5, after 30 4/5 × 2/3 = 8/15, after 50 0.
  expect(window.quantile(0.2)! / 10).toBeCloseTo(1, 1)
  expect(window.quantile(0.21)! / 30).toBeCloseTo(1, 1)
  expect(window.quantile(0.46)! / 30).toBeCloseTo(1, 1)
  expect(window.quantile(0.5)! / 50).toBeCloseTo(1, 1)
})

test('where the longest ones are all censored, the longest seen is the answer', () => {
  const window = createLatencyWindow({ now: createTime().now })
  for (let add = 0; add < 90; add++) window.add(100)
  for (let add = 0; add < 10; add++) window.addCensored(3_000)
  expect(window.quantile(0.5)! / 100).toBeCloseTo(1, 1)
  expect(window.quantile(0.99)!).toBeGreaterThan(2_700)
  expect(window.quantile(0.99)!).toBeLessThan(3_300)
})

test('knows nothing while all attempts were given up', () => {
  const window = createLatencyWindow({ now: createTime().now })
  window.addCensored(100)
  expect(window.count).toBe(1)
  expect(window.quantile(0.5)).toBeUndefined()
})

test('a bucket that is full keeps the shape of its slot', () => {
  const window = createLatencyWindow({ now: createTime().now })
  for (let add = 0; add < 300_000; add++) window.add(add % 10 === 0 ? 900 : 100)
  expect(window.quantile(0.85)! / 100).toBeCloseTo(1, 1)
  expect(window.quantile(0.95)! / 900).toBeCloseTo(1, 1)
  expect(window.count).toBe(300_000)
})
