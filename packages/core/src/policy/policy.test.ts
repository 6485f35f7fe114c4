import fc from 'fast-check'
import { expect, test } from 'vitest'
import { scriptedCard } from '../testing/index.ts'
import type { Candidate, Features, Policy } from '../types.ts'
import { balanced } from './balanced.ts'
import { best } from './best.ts'
import { byTask } from './by-task.ts'
import { cheapest } from './cheapest.ts'
import { fastest } from './fastest.ts'
import { pipe } from './pipe.ts'

const call = (task = 'chat'): Features => ({
  inputTokens: 100,
  maxOutputTokens: undefined,
  needs: { tools: false, forcedTool: false, jsonSchema: false, vision: false, pdf: false, audio: false, streaming: true, logprobs: false },
  prefix: [],
  task,
  turn: 'user',
})

function candidate(id: string, { usd, ms = 500, quality = 0.9 }: { usd?: number; ms?: number; quality?: number }): Candidate {
  return {
    id,
    model: id,
    provider: 'scripted',
    tags: [],
    card: scriptedCard(id),
    inputTokens: 100,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    outputTokens: 100,
    expectedCostNanoUsd: usd === undefined ? undefined : usd * 1e9,
    expectedCostUsd: usd ?? Number.POSITIVE_INFINITY,
    conversationCostUsd: usd ?? Number.POSITIVE_INFINITY,
    expectedFirstTokenMs: ms,
    expectedQuality: quality,
    cachePlan: undefined,
  }
}

const luna = candidate('luna', { usd: 0.001, ms: 300, quality: 0.8 })
const sol = candidate('sol', { usd: 0.02, ms: 600, quality: 0.92 })
const opus = candidate('opus', { usd: 0.05, ms: 900, quality: 0.95 })
const pool = [opus, luna, sol]
const order = (policy: Policy, candidates: readonly Candidate[] = pool, task?: string) => policy(candidates, call(task)).map(({ id }) => id)

test('cheapest takes the least expensive that is good enough, then the dearer good ones, then the best of the rest', () => {
  expect(order(cheapest({ quality: 0.9 }))).toEqual(['sol', 'opus', 'luna'])
  expect(order(cheapest())).toEqual(['luna', 'sol', 'opus'])
})

test('a quality nobody reaches is waived in favour of the best', () => {
  expect(order(cheapest({ quality: 0.99 }))).toEqual(['opus', 'sol', 'luna'])
})

test('a first-token wish puts the slow behind the fast, and is waived when nobody keeps it', () => {
  expect(order(cheapest({ quality: 0.9, firstTokenMs: 700 }))).toEqual(['sol', 'opus', 'luna'])
  expect(order(cheapest({ firstTokenMs: 400 }), [opus, sol])).toEqual(['sol', 'opus'])
  expect(order(best({ firstTokenMs: 700 }))).toEqual(['sol', 'luna', 'opus'])
})

test('maxUsd is a wall: dearer candidates are left out, and none left is an error that names the nearest', () => {
  expect(order(best({ maxUsd: 0.03 }))).toEqual(['sol', 'luna'])
  expect(() => order(cheapest({ maxUsd: 0.0001 }))).toThrow(
    expect.objectContaining({
      code: 'over_budget',
      message: expect.stringMatching(/luna, is expected to cost \$0.00100, over maxUsd 0.0001/),
    }),
  )
})

test('a candidate without a price is refused by every money rule, by name', () => {
  const unpriced = [...pool, candidate('mystery', {})]
  for (const policy of [cheapest(), fastest({ maxUsd: 1 }), best({ maxUsd: 1 }), balanced()]) {
    expect(() => order(policy, unpriced)).toThrow(
      expect.objectContaining({ code: 'price_unknown', message: expect.stringContaining('mystery') }),
    )
  }
  expect(order(fastest(), unpriced)).toHaveLength(4)
  expect(order(best(), unpriced)).toHaveLength(4)
  expect(order(balanced({ cost: 0 }), unpriced)).toHaveLength(4)
})

test('one candidate alone needs no price, unless there is a limit to hold', () => {
  const alone = [candidate('mystery', {})]
  for (const policy of [cheapest(), balanced()]) expect(order(policy, alone)).toEqual(['mystery'])
  expect(() => order(cheapest({ maxUsd: 1 }), alone)).toThrow(expect.objectContaining({ code: 'price_unknown' }))
})

test('fastest goes by first token among the good', () => {
  expect(order(fastest())).toEqual(['luna', 'sol', 'opus'])
  expect(order(fastest({ quality: 0.9 }))).toEqual(['sol', 'opus', 'luna'])
})

test('balanced follows its weights from one end to the other', () => {
  expect(order(balanced({ cost: 1, quality: 0, latency: 0 }))[0]).toBe('luna')
  expect(order(balanced({ cost: 0, quality: 1, latency: 0 }))[0]).toBe('opus')
})

test('byTask gives each task its policy', () => {
  const policy = byTask({ code: best(), default: cheapest() })
  expect(order(policy, pool, 'code')[0]).toBe('opus')
  expect(order(policy, pool, 'chat')[0]).toBe('luna')
})

test('pipe narrows step by step, and a policy of one’s own is a function', () => {
  const notOpus: Policy = candidates => candidates.filter(({ id }) => id !== 'opus')
  expect(order(pipe(notOpus, best()))).toEqual(['sol', 'luna'])
})

test.each([
  ['a misspelt limit', () => cheapest({ qualty: 0.9 } as never), /unknown option `qualty` \(allowed: quality, firstTokenMs, maxUsd\)/],
  ['a limit out of range', () => cheapest({ quality: 90 }), /`quality` is 90/],
  ['a negative budget', () => best({ maxUsd: -1 }), /`maxUsd` is -1/],
  ['weights that are all zero', () => balanced({ cost: 0, quality: 0, latency: 0 }), /at least one weight/],
  ['byTask without a default', () => byTask({ code: best() } as never), /`default` is missing/],
  ['a pipe of something else', () => pipe(best(), 'cheapest' as never), /argument 2 is string/],
])('%s is refused when the policy is made', (_, make, message) => {
  expect(make).toThrow(message)
  expect(make).toThrow(expect.objectContaining({ code: 'invalid_option' }))
})

const anyCandidates = fc.uniqueArray(
  fc.record({
    id: fc.string({ minLength: 1 }),
    usd: fc.double({ min: 1e-9, max: 10, noNaN: true }),
    ms: fc.double({ min: 1, max: 1e5, noNaN: true }),
    quality: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  { selector: ({ id }) => id, minLength: 1, maxLength: 20 },
)
const anyPolicy = fc.constantFrom(
  cheapest(),
  cheapest({ quality: 0.5, firstTokenMs: 1_000 }),
  fastest({ quality: 0.5 }),
  best({ firstTokenMs: 500 }),
  balanced(),
)

test('without a wall, every policy keeps every candidate exactly once and changes nothing it was given', () => {
  fc.assert(
    fc.property(anyCandidates, anyPolicy, (rows, policy) => {
      const given = Object.freeze(rows.map(({ id, ...numbers }) => Object.freeze(candidate(id, numbers))))
      const ordered = policy(given, call())
      expect(new Set(ordered)).toEqual(new Set(given))
      expect(ordered).toHaveLength(given.length)
    }),
  )
})
