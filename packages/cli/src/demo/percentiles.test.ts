import { expect, test } from 'vitest'
import { percentiles } from './percentiles.ts'

test('every percentile is a value that did occur', () => {
  expect(percentiles(Array.from({ length: 100 }, (_, at) => 100 - at))).toEqual({ p50: 50, p95: 95, p99: 99 })
  expect(percentiles([7])).toEqual({ p50: 7, p95: 7, p99: 7 })
  expect(percentiles([3, 10, 20])).toEqual({ p50: 10, p95: 20, p99: 20 })
})

test('nothing measured is no figure', () => {
  expect(percentiles([])).toEqual({ p50: null, p95: null, p99: null })
})
