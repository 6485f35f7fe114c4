import { expect, test } from 'vitest'
import { parseFault } from './fault-option.ts'

test('reads what strikes, whom and when', () => {
  expect(parseFault('503,provider=anthropic,from=10,to=40')).toEqual({
    when: { provider: 'anthropic', fromMs: 10_000, toMs: 40_000 },
    effect: { type: 'http-error', kind: 'overloaded', status: 503 },
  })
  expect(parseFault('429,retry-after=2,share=0.5').effect).toMatchObject({ kind: 'rate-limit', retryAfterMs: 2_000 })
  expect(parseFault('slow,factor=3').effect).toEqual({ type: 'slow', factor: 3 })
})

test('refuses what it does not know, and says what there is', () => {
  expect(() => parseFault('earthquake')).toThrow(/Unknown fault "earthquake"; there are .*hang/)
  expect(() => parseFault('503,vendor=x')).toThrow(/Unknown option "vendor=x"/)
  expect(() => parseFault('503,from=soon')).toThrow('expected a number')
})
