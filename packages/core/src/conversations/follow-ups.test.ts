import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createFollowUps, type FollowUps } from './follow-ups.ts'

const MINUTE = 60_000

interface Pace {
  from?: number
  gapMs?: number
  turn?: 'user' | 'tool'
}

/** Plays a conversation of so many calls, a gap apart; returns when it ended. */
function play(followUps: FollowUps, calls: number, { from = 0, gapMs = 5_000, turn = 'tool' }: Pace = {}): number {
  let at = from
  let answer = followUps.answered(1, turn, at)
  for (let call = 2; call <= calls; call += 1) {
    at += gapMs
    followUps.followed(answer, gapMs)
    answer = followUps.answered(call, turn, at)
  }
  return at
}

test('before anything was seen the guess is what is believed', () => {
  const followUps = createFollowUps()
  expect(followUps.share(1, 'user', 0, 0)).toBe(0)
  expect(followUps.share(1, 'tool', 0.75, 0)).toBe(0.75)
  expect(followUps.remaining(1, 0.75)).toBeCloseTo(3, 1)
  expect(followUps.remaining(1, 0)).toBe(0)
})

test('conversations of ten calls are expected to have ten', () => {
  const followUps = createFollowUps()
  let at = 0
  for (let conversation = 0; conversation < 60; conversation += 1) at = play(followUps, 10, { from: at + MINUTE })
  at += 24 * 60 * MINUTE
  expect(followUps.share(3, 'tool', 0, at)).toBeGreaterThan(0.95)
  expect(followUps.share(10, 'tool', 0, at)).toBeLessThan(0.5)
  expect(followUps.remaining(1, 0)).toBeGreaterThan(5)
  expect(followUps.remaining(1, 0)).toBeLessThan(10)
  expect(followUps.remaining(8, 0)).toBeLessThan(followUps.remaining(2, 0))
})

test('conversations that are young have not ended', () => {
  const old = createFollowUps()
  const young = createFollowUps()
  for (let conversation = 0; conversation < 20; conversation += 1) {
    play(old, 2)
    play(young, 2)
  }
  expect(young.share(2, 'tool', 0.5, 10_000)).toBeGreaterThan(0.5)
  expect(old.share(2, 'tool', 0.5, 24 * 60 * MINUTE)).toBeLessThan(0.3)
})

test('while more and more conversations begin, none is taken to go on for ever', () => {
  const followUps = createFollowUps()
  const lengths = [5, 10, 20, 30, 35]
  const calls = Array.from({ length: 200 }, (_, conversation) => {
    const from = 60 * MINUTE * Math.sqrt(conversation / 200)
    return Array.from({ length: lengths[conversation % 5]! }, (_each, at) => ({ conversation, call: at + 1, at: from + at * 10_000 }))
  })
  const open = new Map<number, ReturnType<FollowUps['answered']>>()
  let expected = 0
  let left = 0
  for (const { conversation, call, at } of calls.flat().toSorted((a, b) => a.at - b.at)) {
    const before = open.get(conversation)
    if (before !== undefined) followUps.followed(before, 10_000)
    if (at > 5 * MINUTE) {
      expected += followUps.share(call, 'user', 0, at) * (1 + followUps.remaining(call, 0))
      left += lengths[conversation % 5]! - call
    }
    open.set(conversation, followUps.answered(call, 'user', at))
  }
  expect(expected / left).toBeGreaterThan(0.8)
  expect(expected / left).toBeLessThan(1.25)
})

test('one that was taken for ended and goes on is taken back', () => {
  const followUps = createFollowUps()
  const late = Array.from({ length: 20 }, () => followUps.answered(1, 'user', 0))
  const at = 100 * 60 * MINUTE
  const ended = followUps.share(1, 'user', 0.5, at)
  for (const answer of late) followUps.followed(answer, at)
  expect(ended).toBeLessThan(0.2)
  expect(followUps.share(1, 'user', 0.5, at)).toBeGreaterThan(0.9)
})

test('newer conversations weigh more', () => {
  const followUps = createFollowUps()
  for (let conversation = 0; conversation < 1_000; conversation += 1) play(followUps, 2, { from: conversation })
  const later = 100 * 60 * MINUTE
  for (let conversation = 0; conversation < 1_000; conversation += 1) play(followUps, 1, { from: later + conversation })
  expect(followUps.share(1, 'tool', 0, 2 * later)).toBeLessThan(0.2)
})

test('pauses are learned by who speaks next', () => {
  const followUps = createFollowUps()
  for (let conversation = 0; conversation < 50; conversation += 1) {
    play(followUps, 2, { gapMs: 2_000, turn: 'tool' })
    play(followUps, 2, { gapMs: 20 * MINUTE, turn: 'user' })
  }
  expect(followUps.gaps('tool').shareWithin(10_000)).toBeGreaterThan(0.95)
  expect(followUps.gaps('user').shareWithin(5 * MINUTE)).toBeLessThan(0.1)
  expect(followUps.gaps('user').shareWithin(60 * MINUTE)).toBeGreaterThan(0.95)
  expect(followUps.gaps('user').shareWithin(Number.POSITIVE_INFINITY)).toBe(1)
})

test('whatever was seen, shares are shares, a longer pause is likelier to hold the next call, and nothing goes on for ever', () => {
  const conversation = fc.record({
    calls: fc.integer({ min: 1, max: 300 }),
    gapMs: fc.double({ min: 0, max: 1e8, noNaN: true }),
    turn: fc.constantFrom('tool' as const, 'user' as const),
    from: fc.integer({ min: 0, max: 1e9 }),
  })
  fc.assert(
    fc.property(fc.array(conversation, { maxLength: 20 }), fc.integer({ min: 1, max: 400 }), (conversations, calls) => {
      const followUps = createFollowUps()
      for (const { calls: length, ...rest } of conversations.toSorted((a, b) => a.from - b.from)) play(followUps, length, rest)
      const share = followUps.share(calls, 'tool', 0.75, 1e12)
      expect(share).toBeGreaterThanOrEqual(0)
      expect(share).toBeLessThan(1)
      const remaining = followUps.remaining(calls, 0.75)
      expect(remaining).toBeGreaterThanOrEqual(0)
      expect(remaining).toBeLessThan(200)
      let before = 0
      for (let ms = 50; ms < 1e9; ms *= 2) {
        const within = followUps.gaps('user').shareWithin(ms)
        expect(within).toBeGreaterThanOrEqual(before)
        before = within
      }
      expect(before).toBeLessThanOrEqual(1)
    }),
    { numRuns: 50 },
  )
})
