import { defaultCatalog } from '@routewise/catalog'
import { expect, test } from 'vitest'
import { drawLatency, latencyLaw } from './latency.ts'
import { seededRandom } from './seed.ts'

const law = {
  ...latencyLaw(defaultCatalog.find('gpt-4.1') as never),
  baseMs: 400,
  msPerInputToken: 0.1,
  sigma: 0.3,
  stragglerShare: 0.05,
  stragglerFactor: 8,
}
const draws = (uncached: number, count = 20_000) => {
  const random = seededRandom('latency')
  return Array.from({ length: count }, () => drawLatency(law, uncached, random).firstTokenMs).toSorted((a, b) => a - b)
}

test('the median first token grows with what is not cached', () => {
  const median = (values: readonly number[]) => values[Math.floor(values.length / 2)] ?? 0
  expect(median(draws(0))).toBeGreaterThan(390)
  expect(median(draws(0))).toBeLessThan(425)
  expect(median(draws(10_000)) / median(draws(0))).toBeCloseTo(3.5, 1)
})

test('the tail has the stated share of stragglers', () => {
  const slow = draws(0).filter(value => value > 1600).length
  expect(slow / 20_000).toBeCloseTo(0.05, 2)
})

test('one seed gives one sequence', () => {
  expect(drawLatency(law, 5, seededRandom(1))).toEqual(drawLatency(law, 5, seededRandom(1)))
})
