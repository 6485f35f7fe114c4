import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createSurvival } from './survival.ts'

const MINUTE = 60_000

test('what is guaranteed is believed to the last millisecond of its lifetime, and no longer', () => {
  const { at } = createSurvival(5 * MINUTE, true)
  expect([at(0), at(5 * MINUTE - 1), at(5 * MINUTE)]).toEqual([1, 1, 0])
})

test('what nobody promises is believed less as its end comes near', () => {
  const { at } = createSurvival(5 * MINUTE, false)
  expect(at(MINUTE)).toBe(1)
  expect(at(4 * MINUTE)).toBeLessThan(0.9)
  expect(at(5 * MINUTE)).toBe(0)
})

test('entries that outlive what is documented are found out', () => {
  const { at, observe } = createSurvival(5 * MINUTE, false)
  for (let seen = 0; seen < 20; seen += 1) observe(9 * MINUTE, 1)
  expect(at(9 * MINUTE)).toBeGreaterThan(0.9)
  expect(at(4 * MINUTE)).toBeGreaterThan(0.9)
  expect(at(20 * MINUTE)).toBe(0)
})

test('entries that die early are found out, and what was used lately is believed as before', () => {
  const { at, observe } = createSurvival(60 * MINUTE, true)
  for (let seen = 0; seen < 20; seen += 1) {
    observe(MINUTE, 1)
    observe(12 * MINUTE, 0)
  }
  expect(at(MINUTE)).toBeGreaterThan(0.95)
  expect(at(12 * MINUTE)).toBeLessThan(0.1)
  expect(at(50 * MINUTE)).toBeLessThan(0.1)
})

test('a cache that misses what it was just given is believed little at any age', () => {
  const { at, observe } = createSurvival(5 * MINUTE, false)
  for (let seen = 0; seen < 20; seen += 1) observe(0, 0)
  expect(at(0)).toBeLessThan(0.1)
  expect(at(2 * MINUTE)).toBeLessThan(0.2)
})

test('a cache that has changed its ways is followed', () => {
  const { at, observe } = createSurvival(5 * MINUTE, true)
  for (let seen = 0; seen < 200; seen += 1) observe(MINUTE, 1)
  for (let seen = 0; seen < 200; seen += 1) observe(MINUTE, 0)
  expect(at(MINUTE)).toBeLessThan(0.2)
})

test('whatever was seen, a longer time never survives better, and shares are shares', () => {
  const observation = fc.tuple(fc.double({ min: 0, max: 1e8, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }))
  fc.assert(
    fc.property(fc.array(observation, { maxLength: 100 }), fc.boolean(), (observations, guaranteed) => {
      const { at, observe } = createSurvival(5 * MINUTE, guaranteed)
      for (const [idleMs, share] of observations) observe(idleMs, share)
      let before = 1
      for (let idleMs = 100; idleMs < 1e8; idleMs *= 1.3) {
        const share = at(idleMs)
        expect(share).toBeGreaterThanOrEqual(0)
        expect(share).toBeLessThanOrEqual(before + 1e-12)
        before = share
      }
    }),
  )
})
