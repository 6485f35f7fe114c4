import { expect, test } from 'vitest'
import { loadTokenizer } from './tokenizer.ts'

test('counts as o200k does, special tokens being plain text', async () => {
  const { count } = await loadTokenizer()
  expect(count('Hello, world!')).toBe(4)
  expect(count('<|endoftext|>')).toBeGreaterThan(1)
  expect(count('')).toBe(0)
})

test('an unbroken run is split, which hardly changes its count', async () => {
  const { count } = await loadTokenizer()
  const started = performance.now()
  expect(count('天'.repeat(50_000))).toBeGreaterThan(10_000)
  // Unsplit, this takes minutes.
  expect(performance.now() - started).toBeLessThan(5_000)
  const prose = 'Every order is checked before it leaves the house. '.repeat(40)
  expect(count(`${prose}${'a'.repeat(200)}`) - count(prose)).toBeLessThan(40)
})
