import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createFailureThrottle } from './failure-throttle.ts'

test('five failures block a target, and no other', () => {
  const { failed, isBlocked } = createFailureThrottle({ now: () => 0 })
  for (let at = 0; at < 4; at += 1) failed('a')
  expect(isBlocked('a')).toBe(false)
  failed('a')
  expect(isBlocked('a')).toBe(true)
  expect(isBlocked('b')).toBe(false)
})

test('it takes ten successes to make good for one failure, and 51 after an outage of any length', () => {
  const { failed, succeeded, isBlocked } = createFailureThrottle({ now: () => 0 })
  for (let at = 0; at < 1_000; at += 1) failed('a')
  for (let at = 0; at < 50; at += 1) succeeded('a')
  expect(isBlocked('a')).toBe(true)
  succeeded('a')
  expect(isBlocked('a')).toBe(false)
})

test('a target that nobody asks is no longer blocked after a minute', () => {
  let time = 0
  const { failed, isBlocked } = createFailureThrottle({ now: () => time })
  for (let at = 0; at < 1_000; at += 1) failed('a')
  time = 50_999
  expect(isBlocked('a')).toBe(true)
  time = 51_000
  expect(isBlocked('a')).toBe(false)
  for (let at = 0; at < 10; at += 1) failed('a')
  expect(isBlocked('a')).toBe(true)
})

test('nothing is saved up: after any number of successes five failures block', () => {
  const { failed, succeeded, isBlocked } = createFailureThrottle({ now: () => 0 })
  for (let at = 0; at < 10_000; at += 1) succeeded('a')
  for (let at = 0; at < 5; at += 1) failed('a')
  expect(isBlocked('a')).toBe(true)
})

test('blocks exactly where gRPC’s token count says so', () => {
  const isSuccesses = fc.array(fc.nat(9), { maxLength: 100 }).map(runs => runs.flatMap(run => [false, ...Array<true>(3 * run).fill(true)]))
  fc.assert(
    fc.property(isSuccesses, outcomes => {
      const { failed, succeeded, isBlocked } = createFailureThrottle({ now: () => 0 })
      // A6 counts to three decimal places.
      let milliTokens = 10_000
      for (const isSuccess of outcomes) {
        milliTokens = isSuccess ? Math.min(10_000, milliTokens + 100) : Math.max(0, milliTokens - 1_000)
        if (isSuccess) succeeded('a')
        else failed('a')
        expect(isBlocked('a')).toBe(milliTokens <= 5_000)
      }
    }),
  )
})
