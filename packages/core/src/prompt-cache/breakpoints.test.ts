import { expect, test } from 'vitest'
import { scriptedBlock, scriptedCard } from '../testing/index.ts'
import type { CacheRule, PrefixBlock, Rates } from '../types.ts'
import { type MarkerFacts, markerPlaces, planBreakpoints, planLifetime } from './breakpoints.ts'
import type { Outlook } from '../conversations/conversations.ts'
import { shareWithin } from '../conversations/heads.ts'

const rule: CacheRule = {
  kind: 'breakpoints',
  minTokens: 1_024,
  maxWrites: 4,
  lookback: 20,
  ttls: [
    { id: '5m', seconds: 300, sliding: true },
    { id: '1h', seconds: 3_600, sliding: true },
  ],
  readableAfter: 'first-token',
  scope: 'workspace',
  guaranteed: true,
}
const rates: Rates = { input: 2, cacheRead: 0.2, cacheWrite: 2.5, cacheWriteByTtl: { '1h': 4 }, output: 10 }

/** Tools, a system message of so many tokens with them, and turns of 200 tokens. */
const prompt = (headTokens: number, turns: number): PrefixBlock[] => [
  scriptedBlock(1, headTokens / 2, { role: 'tools', parts: 1 }),
  scriptedBlock(2, headTokens, { role: 'system', parts: 2 }),
  ...Array.from({ length: turns }, (_, at) =>
    scriptedBlock(3 + at, headTokens + 200 * (at + 1), { role: at % 2 === 0 ? 'user' : 'assistant', parts: 3 + at }),
  ),
]
/** Calls that follow by chance, so many on average, each after about `pauseMs`. */
const goesOn = (calls: number, pauseMs = 10_000): Outlook => ({
  calls,
  tokensPerCall: 400,
  followsWithin: ms => (calls / (1 + calls)) * shareWithin(ms, pauseMs),
})

interface Ask extends Partial<Omit<MarkerFacts, 'card' | 'moment'>> {
  cache?: Partial<CacheRule>
  prefix?: readonly PrefixBlock[]
  outlook?: Outlook
  headPauseMs?: number
}
function facts({ cache = {}, prefix = prompt(3_000, 5), outlook = goesOn(0), headPauseMs = Infinity, ...rest }: Ask): MarkerFacts {
  return {
    card: scriptedCard('m', { cache: { ...rule, ...cache }, prices: [{ rates }] }),
    moment: { places: markerPlaces(prefix), outlook, headPauseMs, wallMs: 0 },
    comesBack: 1,
    held: -1,
    minTokens: cache.minTokens ?? rule.minTokens,
    tokensPerO200k: 1,
    lifetime: 'auto',
    ...rest,
  }
}
const plan = (ask: Ask) => planBreakpoints(facts(ask))

test('a prompt that nobody will ask for again gets no marker', () => {
  expect(plan({})).toEqual([])
})

test('a conversation that goes on is marked at its end, and its head with it', () => {
  expect(plan({ outlook: goesOn(10) })).toEqual([{ after: 0 }, { after: 5 }])
})

test('a write has to be worth its premium: (w − 1) / (1 − r) reads, with the card’s own prices', () => {
  // 0.25 / 0.9 reads are expected of a token that is found again with probability 0.217 each time.
  expect(plan({ outlook: goesOn(0.27) })).toEqual([])
  expect(plan({ outlook: goesOn(0.29) })).toHaveLength(2)
  const free = scriptedCard('m', { cache: rule, prices: [{ rates: { ...rates, cacheWrite: 2 } }] })
  expect(planBreakpoints({ ...facts({ outlook: goesOn(0.1) }), card: free })).toHaveLength(2)
})

test('of single calls with one head, that alone is marked, once it is asked for often enough', () => {
  expect(plan({ headPauseMs: 20_000 })).toEqual([{ after: 0 }])
  expect(plan({ headPauseMs: 7_200_000 })).toEqual([])
})

test('what is shorter than the provider’s minimum is not marked, in the model’s own count', () => {
  expect(plan({ prefix: prompt(900, 5), outlook: goesOn(10) })).toEqual([{ after: 5 }])
  expect(plan({ prefix: prompt(700, 1), outlook: goesOn(10) })).toEqual([])
  expect(plan({ prefix: prompt(700, 1), outlook: goesOn(10), tokensPerO200k: 1.3 })).toEqual([{ after: 1 }])
})

test('a turn that steps over the lookback gets a marker where the last one ended', () => {
  const prefix = prompt(3_000, 40)
  expect(plan({ prefix, outlook: goesOn(10), held: 30 })).toEqual([{ after: 0 }, { after: 40 }])
  expect(plan({ prefix, outlook: goesOn(10), held: 20 })).toEqual([{ after: 0 }, { after: 19 }, { after: 40 }])
})

test('what is held is read to the end of the conversation, without writing any more', () => {
  expect(plan({ held: 4 })).toEqual([{ after: 3 }])
  expect(plan({ held: 6 })).toEqual([{ after: 5 }])
  expect(plan({ held: 1 })).toEqual([{ after: 0 }])
})

test('a target that conversations seldom come back to is not written to', () => {
  expect(plan({ outlook: goesOn(3), comesBack: 0.05 })).toEqual([])
  expect(plan({ outlook: goesOn(30), comesBack: 0.3 })).toHaveLength(2)
})

test('pauses of half an hour ask for the hour, pauses of seconds and of days do not', () => {
  expect(plan({ outlook: goesOn(10, 900_000) })).toEqual([
    { after: 0, ttl: '1h' },
    { after: 5, ttl: '1h' },
  ])
  expect(plan({ outlook: goesOn(10, 10_000) })).toEqual([{ after: 0 }, { after: 5 }])
  expect(plan({ outlook: goesOn(10, 86_400_000) })).toEqual([])
})

test('what lives longer comes first: a head that is asked for every ten minutes, in a conversation of seconds', () => {
  expect(plan({ outlook: goesOn(10), headPauseMs: 600_000 })).toEqual([{ after: 0, ttl: '1h' }, { after: 5 }])
})

test('the caller’s lifetime wins, and one that the card does not know is passed over', () => {
  expect(plan({ outlook: goesOn(10), lifetime: '1h' })).toEqual([
    { after: 0, ttl: '1h' },
    { after: 5, ttl: '1h' },
  ])
  expect(plan({ outlook: goesOn(10), lifetime: '12h' })).toEqual([{ after: 0 }, { after: 5 }])
})

test('where the caller has set a marker, and where the provider needs none, none is set', () => {
  const marked = prompt(3_000, 5).map((block, at) => (at === 3 ? { ...block, marked: true } : block))
  expect(plan({ outlook: goesOn(10), prefix: marked })).toEqual([])
  expect(plan({ outlook: goesOn(10), cache: { kind: 'auto-prefix' } })).toEqual([])
  expect(plan({ outlook: goesOn(10), cache: { implicitBreakpoint: true } })).toEqual([])
  expect(plan({ outlook: goesOn(10), prefix: [] })).toEqual([])
})

test('never more markers than the provider takes: those at the end are worth most', () => {
  expect(plan({ prefix: prompt(3_000, 40), outlook: goesOn(10), held: 20, cache: { maxWrites: 2 } })).toEqual([
    { after: 19 },
    { after: 40 },
  ])
})

test('without tools and system, messages count from the first', () => {
  const prefix = prompt(3_000, 5).slice(2)
  expect(plan({ prefix, outlook: goesOn(10) })).toEqual([{ after: 4 }])
})

test('the longer of two free lifetimes is asked for where pauses are long', () => {
  const day = { kind: 'auto-prefix', ttls: [rule.ttls[0]!, { id: '24h', seconds: 86_400, sliding: true }] } as const
  expect(planLifetime(facts({ cache: day, outlook: goesOn(5, 3_600_000) }))).toBe('24h')
  expect(planLifetime(facts({ cache: day, outlook: goesOn(5, 5_000) }))).toBeUndefined()
  expect(planLifetime(facts({ cache: day, outlook: goesOn(5), lifetime: '24h' }))).toBe('24h')
  expect(planLifetime(facts({ outlook: goesOn(5), lifetime: '1h' }))).toBeUndefined()
})
