import { expect, test } from 'vitest'
import { scriptedCard } from '../testing/index.ts'
import { createLateness, priorFirstTokenMs } from './first-token.ts'

function setUp() {
  let ms = 0
  const now = () => ms
  return { lateness: createLateness({ now }, 0.92), now, advance: (by: number) => void (ms += by) }
}

test('a whole answer is expected when its last token is', () => {
  const card = scriptedCard('a', { firstToken: { baseMs: 200, msPerInputToken: 0.1 }, outputTokensPerSecond: 50 })
  expect(priorFirstTokenMs(card, 3_000, 100, true)).toBe(500)
  expect(priorFirstTokenMs(card, 3_000, 100, false)).toBe(2_500)
})

test('a cold target is as late as its card says, and silent from three times that on', () => {
  const { lateness, now } = setUp()
  for (let at = 0; at < 19; at += 1) lateness.observe(500, 100, false)
  expect(lateness.median(now())).toBe(1)
  expect(lateness.late(now())).toBe(3)
})

test('a warm one is as late as it was measured to be', () => {
  const { lateness, now } = setUp()
  for (let at = 0; at < 100; at += 1) lateness.observe(at < 95 ? 200 : 1_000, 100, false)
  expect(lateness.median(now()) / 2).toBeCloseTo(1, 1)
  expect(lateness.late(now()) / 2).toBeCloseTo(1, 1)
})

test('a cold target that is silent is expected to be so for as long again', () => {
  const { lateness } = setUp()
  for (let at = 0; at < 19; at += 1) lateness.observe(1_000, 100, false)
  expect(lateness.outlook(3, 1)).toEqual({ winShare: 9 / 16, savedRatio: 9 / 4 })
  expect(lateness.outlook(3, 0)).toEqual({ winShare: 1, savedRatio: 3 })
  expect(lateness.outlook(0, 1)).toEqual({ winShare: 0, savedRatio: 0 })
})

test('of a warm one it is known how its silences have ended', () => {
  const { lateness } = setUp()
  // Nine in ten come in time; of ten that do not, five come at 4 and five at 20.
  for (let at = 0; at < 100; at += 1) lateness.observe(at < 90 ? 100 : at < 95 ? 400 : 2_000, 100, false)
  const { winShare, savedRatio } = lateness.outlook(2, 3)
  expect(winShare).toBeCloseTo(1 / 2, 9)
  expect(savedRatio / (15 / 2)).toBeCloseTo(1, 1)
  expect(lateness.outlook(2, 1).winShare).toBe(1)
  expect(lateness.outlook(2, 30).savedRatio).toBe(0)
})

test('what has happened since the last second counts when a hedge is weighed', () => {
  const { lateness, advance, now } = setUp()
  for (let at = 0; at < 50; at += 1) lateness.observe(100, 100, false)
  lateness.late(now())
  advance(1)
  for (let at = 0; at < 50; at += 1) lateness.observe(1_000, 100, false)
  expect(lateness.outlook(2, 1).winShare).toBe(1)
})
