import { expect, test } from 'vitest'
import { createManualClock, scriptedCandidate, scriptedCard } from '../testing/index.ts'
import { createHabits } from './habits.ts'
import { createHeads, shareWithin } from './heads.ts'

const at = (id: string, conversationCostUsd: number) => scriptedCandidate({ id, card: scriptedCard(id) }, { conversationCostUsd })

test('a cheap target behind a dearer one was passed over, and whoever is first stood in for it', () => {
  const habits = createHabits()
  for (let call = 0; call < 9; call += 1) habits.observe([at('cheap', 1), at('strong', 5)], 'cheap', undefined)
  habits.observe([at('strong', 5), at('cheap', 1)], 'strong', undefined)
  expect(habits.find('cheap')).toMatchObject({ passedOver: 0.1, standIn: 'strong', isWeighed: true })
})

test('a dearer target behind a cheaper one tells nothing of what it is good for', () => {
  const habits = createHabits()
  habits.observe([at('cheap', 1), at('strong', 5)], 'cheap', undefined)
  expect(habits.find('strong')).toBeUndefined()
})

test('conversations are taken to come back to their target until they are seen not to', () => {
  const habits = createHabits()
  const plan = [at('a', 1), at('b', 2)]
  habits.observe(plan, 'a', undefined)
  expect(habits.find('a')?.comesBack).toBe(1)
  for (let call = 0; call < 200; call += 1) habits.observe(plan, call % 4 === 0 ? 'a' : 'b', 'a')
  expect(habits.find('a')?.comesBack).toBeCloseTo(0.25, 1)
})

test('what a target is used for may change, and is learned anew within some dozens of calls', () => {
  const habits = createHabits()
  for (let call = 0; call < 500; call += 1) habits.observe([at('cheap', 1), at('strong', 5)], 'cheap', undefined)
  for (let call = 0; call < 100; call += 1) habits.observe([at('strong', 5), at('cheap', 1)], 'strong', undefined)
  expect(habits.find('cheap')?.passedOver).toBeGreaterThan(0.8)
})

test('a head is asked for as often as it was of late, and one that nobody asks for any more becomes rare', async () => {
  const clock = createManualClock()
  const heads = createHeads(clock)
  expect(heads.pauseMs(7)).toBe(Number.POSITIVE_INFINITY)
  for (let call = 0; call < 20; call += 1) {
    heads.observe(7)
    await clock.advance(10_000)
  }
  expect(heads.pauseMs(7)).toBeCloseTo(10_000, -2)
  await clock.advance(3_600_000)
  expect(heads.pauseMs(7)).toBe(3_610_000)
})

test('a prompt without tools and system has no head', () => {
  const heads = createHeads(createManualClock())
  heads.observe(0)
  expect(heads.pauseMs(0)).toBe(Number.POSITIVE_INFINITY)
})

test('of calls by chance, two thirds come within their mean pause', () => {
  expect(shareWithin(10_000, 10_000)).toBeCloseTo(0.63, 2)
  expect(shareWithin(10_000, Number.POSITIVE_INFINITY)).toBe(0)
})
