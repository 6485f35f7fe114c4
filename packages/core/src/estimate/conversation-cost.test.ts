import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Outlook } from '../conversations/conversations.ts'
import type { Habit } from '../conversations/habits.ts'
import { costOf } from '../money/cost.ts'
import { scriptedCandidate, scriptedCard } from '../testing/index.ts'
import type { CacheRule, Candidate, PricePeriod, Rates } from '../types.ts'
import { coolingUsd, foresee, type Foresight } from './conversation-cost.ts'

const cache: CacheRule = {
  kind: 'auto-prefix',
  minTokens: 0,
  ttls: [{ id: '5m', seconds: 300, sliding: true }],
  readableAfter: 'first-token',
  scope: 'org',
  guaranteed: true,
}
const noon = Date.parse('2026-11-21T12:00:00Z')
const outlook = (calls: number, facts: Partial<Outlook> = {}): Outlook => ({
  calls,
  tokensPerCall: 0,
  followsWithin: () => calls / (1 + calls),
  ...facts,
})

interface Make {
  rates: Rates
  tiers?: PricePeriod['tiers']
  tokens?: number
  held?: number
  output?: number
  idleMs?: number
}

/** A target that has this prompt before it and holds so many tokens of it; the rest is written. */
function candidate(id: string, { rates, tiers, tokens = 100_000, held = 0, output = 500, idleMs = 0 }: Make): Candidate {
  const card = scriptedCard(id, { cache, prices: [tiers === undefined ? { rates } : { rates, tiers }] })
  const cost = costOf(
    card,
    { inputTokens: tokens, cacheReadTokens: held, cacheWriteTokens: tokens - held, outputTokens: output, reasoningTokens: 0 },
    noon,
  )!
  return scriptedCandidate(
    { id, card },
    {
      inputTokens: tokens,
      cacheReadTokens: held,
      cacheWriteTokens: tokens - held,
      outputTokens: output,
      expectedCostNanoUsd: cost,
      expectedCostUsd: cost / 1e9,
      conversationCostUsd: cost / 1e9,
      cache: {
        inputTokens: tokens,
        readTokens: held,
        writeTokens: tokens - held,
        writeTtl: undefined,
        plan: undefined,
        heldTokens: held,
        hitRatio: 1,
        idleMs,
        ttlMs: 300_000,
        lane: 0,
      },
    },
  )
}

const foresight = (of: Outlook, habits: Readonly<Record<string, Partial<Habit>>> = {}): Foresight => ({
  outlook: of,
  inputTokens: 100_000,
  wallMs: noon,
  marksEnd: false,
  habitOf: id =>
    Object.hasOwn(habits, id) ? { comesBack: 1, passedOver: 0, isWeighed: true, standIn: undefined, ...habits[id] } : undefined,
  hitRatioOf: () => 1,
})
function cheapest(candidates: readonly Candidate[], of: Foresight): string {
  foresee(candidates, of)
  return candidates.toSorted((a, b) => a.conversationCostUsd - b.conversationCostUsd)[0]!.id
}

const fable: Rates = { input: 10, cacheRead: 0.25, cacheWrite: 12.5, output: 50 }
const opus: Rates = { input: 4, cacheRead: 0.2, cacheWrite: 5, output: 20 }
const sonnet: Rates = { input: 2, cacheRead: 0.2, cacheWrite: 2.5, output: 10 }
const haiku: Rates = { input: 1, cacheRead: 0.1, cacheWrite: 1.25, output: 5 }

test('with nothing known of calls to follow, the conversation costs what the call costs', () => {
  const candidates = [candidate('a', { rates: opus, held: 90_000 }), candidate('b', { rates: sonnet })]
  foresee(candidates, foresight(outlook(0)))
  for (const { conversationCostUsd, expectedCostUsd } of candidates) expect(conversationCostUsd).toBe(expectedCostUsd)
})

// N = (w − r)·P ÷ (cost at A − cost at B), both warm, for 100,000 tokens of prompt and 500 of answer.
test.each([
  ['fable to opus', fable, opus, 20],
  ['opus to sonnet', opus, sonnet, 46],
  ['opus to haiku', opus, haiku, 6],
])('a warm dear model is left for a cold cheap one when enough calls follow: %s', (_, warm, cold, turns) => {
  const choose = (calls: number) =>
    cheapest([candidate('warm', { rates: warm, held: 100_000 }), candidate('cold', { rates: cold })], foresight(outlook(calls)))
  expect(choose(turns * 0.8)).toBe('warm')
  expect(choose(turns * 1.25)).toBe('cold')
})

test('what expires before it is read again is no reason to stay', () => {
  const slow = outlook(20, { followsWithin: ms => (ms === Number.POSITIVE_INFINITY ? 20 / 21 : 0) })
  const pair = () => [candidate('warm', { rates: fable, held: 100_000 }), candidate('cold', { rates: sonnet })]
  expect(cheapest(pair(), foresight(outlook(3)))).toBe('warm')
  expect(cheapest(pair(), foresight({ ...slow, calls: 3 }))).toBe('cold')
})

test('after a turn at the strong model the conversation goes back to the cheap one, which lacks one turn', () => {
  const pair = [candidate('haiku', { rates: haiku, held: 98_000 }), candidate('opus', { rates: opus, held: 99_000 })]
  expect(cheapest(pair, foresight(outlook(10), { haiku: { passedOver: 0.1, standIn: 'opus' } }))).toBe('haiku')
})

test('a cheap model that is passed over for most calls is not worth being warmed up', () => {
  const pair = () => [candidate('haiku', { rates: haiku }), candidate('opus', { rates: opus, held: 100_000 })]
  expect(cheapest(pair(), foresight(outlook(20), { haiku: {}, opus: {} }))).toBe('haiku')
  expect(cheapest(pair(), foresight(outlook(20), { haiku: { passedOver: 0.8, standIn: 'opus' }, opus: {} }))).toBe('opus')
})

test('of two that may take a hard turn, the calls after it do not stay with either when a cheaper one is at hand', () => {
  const all = [
    candidate('haiku', { rates: haiku, held: 100_000 }),
    candidate('opus', { rates: opus }),
    candidate('fable', { rates: fable, held: 100_000 }),
  ]
  const following = () => all.map(({ conversationCostUsd, expectedCostUsd }) => conversationCostUsd - expectedCostUsd)
  foresee(all, foresight(outlook(20), { haiku: {} }))
  const [, afterOpus, afterFable] = following()
  expect(afterOpus).toBeCloseTo(following()[0]!, 9)
  expect(afterFable).toBeCloseTo(following()[0]!, 9)
})

test('a prompt that will grow over the edge of a price tier costs what it costs there', () => {
  const tiers = [{ thresholdTokens: 105_000, inclusive: false, rates: { input: 4, cacheRead: 0.4, output: 20 } }]
  const rates = { input: 2, cacheRead: 0.2, output: 10 }
  const of = foresight(outlook(10, { tokensPerCall: 1_000 }))
  const flat = candidate('flat', { rates, held: 100_000 })
  const cliff = candidate('cliff', { rates, tiers, held: 100_000 })
  foresee([flat, cliff], of)
  const following = ({ conversationCostUsd, expectedCostUsd }: Candidate) => conversationCostUsd - expectedCostUsd
  expect(following(cliff) / following(flat)).toBeCloseTo(1.5, 1)
})

test('is a finite sum, never below the cost of this call, and never falls when more calls follow', () => {
  const tokens = fc.integer({ min: 0, max: 500_000 })
  const share = fc.double({ min: 0, max: 1, noNaN: true })
  fc.assert(
    fc.property(tokens, share, share, share, fc.double({ min: 0, max: 200, noNaN: true }), (size, held, passedOver, within, calls) => {
      const conversation = (count: number) => {
        const all = [
          candidate('a', { rates: haiku, tokens: size, held: Math.floor(size * held) }),
          candidate('b', { rates: opus, tokens: size }),
        ]
        const of = outlook(count, { tokensPerCall: 400, followsWithin: ms => (ms === Number.POSITIVE_INFINITY ? 1 : within) })
        foresee(all, foresight(of, { a: { passedOver, standIn: 'b' }, b: {} }))
        return all
      }
      for (const [at, { conversationCostUsd, expectedCostUsd }] of conversation(calls).entries()) {
        expect(conversationCostUsd).toBeGreaterThanOrEqual(expectedCostUsd)
        expect(conversation(calls + 1)[at]!.conversationCostUsd).toBeGreaterThanOrEqual(conversationCostUsd - 1e-12)
      }
    }),
  )
})

test('what is about to expire cools most when it is not asked', () => {
  const within = outlook(5, { followsWithin: ms => (5 / 6) * Math.min(1, ms / 300_000) })
  const cooling = (idleMs: number) => coolingUsd(candidate('opus', { rates: opus, held: 100_000, idleMs }), foresight(within))
  expect(cooling(0)).toBe(0)
  expect(cooling(240_000)).toBeGreaterThan(cooling(60_000))
  expect(coolingUsd(candidate('opus', { rates: opus, idleMs: 240_000 }), foresight(within))).toBe(0)
})
