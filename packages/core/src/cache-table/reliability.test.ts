import { expect, test } from 'vitest'
import type { CacheRule } from '../types.ts'
import { scriptedCard } from '../testing/index.ts'
import { createReliability } from './reliability.ts'

const rule: CacheRule = {
  kind: 'breakpoints',
  minTokens: 1_024,
  ttls: [{ id: '5m', seconds: 300, sliding: true }],
  readableAfter: 'first-token',
  scope: 'org',
  guaranteed: true,
}
const MINUTE = 60_000

function setUp(cache: Partial<CacheRule> = {}) {
  const reliability = createReliability(scriptedCard('m', { cache: { ...rule, ...cache } }))
  /** A response to a prompt of `held` tokens and 100 more, of which so many were read. */
  const respond = (held: number, read: number, { idleMs = MINUTE, write = 0, predicted = read } = {}) =>
    reliability.observe({
      usage: { inputTokens: held + 100, cacheReadTokens: read, cacheWriteTokens: write, outputTokens: 1, reasoningTokens: 0 },
      predictedReadTokens: predicted,
      heldTokens: held,
      idleMs,
      ttlMs: 5 * MINUTE,
      promptTokens: held + 100,
    })
  const repeat = (times: number, ...args: Parameters<typeof respond>) => {
    for (let time = 0; time < times; time += 1) respond(...args)
  }
  return { reliability, repeat }
}

test('a minimum above the documented one is learned from what is silently left alone, and short prompts do not discredit long ones', () => {
  const { reliability, repeat } = setUp()
  repeat(10, 6_000, 6_000)
  repeat(5, 1_500, 0)
  repeat(5, 1_900, 0)
  expect(reliability.minTokens()).toBe(1_901)
  repeat(50, 1_900, 0)
  expect(reliability.hitRatio(MINUTE, 5 * MINUTE)).toBeGreaterThan(0.6)
  repeat(20, 6_000, 6_000)
  expect(reliability.hitRatio(MINUTE, 5 * MINUTE)).toBeGreaterThan(0.8)
})

test('one long prompt that was missed does not make a minimum', () => {
  const { reliability, repeat } = setUp()
  repeat(10, 6_000, 6_000)
  repeat(5, 1_500, 0)
  repeat(1, 5_000, 0)
  expect(reliability.minTokens()).toBe(1_501)
})

test('a minimum never rises past what was found, and falls to what is found below', () => {
  const { reliability, repeat } = setUp()
  repeat(10, 2_000, 2_000)
  repeat(10, 3_000, 0)
  expect(reliability.minTokens()).toBe(1_024)
  repeat(1, 600, 512)
  expect(reliability.minTokens()).toBe(512)
})

test('what has expired was not missed for being short', () => {
  const { reliability, repeat } = setUp()
  repeat(10, 6_000, 6_000)
  repeat(20, 1_500, 0, { idleMs: 20 * MINUTE })
  expect(reliability.minTokens()).toBe(1_024)
})

test('a cache that holds nothing at all has no minimum, and is not believed', () => {
  const { reliability, repeat } = setUp()
  repeat(30, 3_000, 0)
  expect(reliability.minTokens()).toBe(1_024)
  expect(reliability.hitRatio(MINUTE, 5 * MINUTE)).toBeLessThan(0.1)
})

test('the share that is written is learned', () => {
  const { reliability, repeat } = setUp()
  expect(reliability.writeShare()).toBe(0)
  repeat(60, 2_000, 0, { write: 2_100 })
  expect(reliability.writeShare()).toBeGreaterThan(0.95)
})

test('facts tell how far predictions are off, and how long entries live', () => {
  const { reliability, repeat } = setUp({ guaranteed: false })
  repeat(100, 2_000, 1_000, { predicted: 2_000 })
  expect(reliability.facts().predictionError).toBeCloseTo(0.5, 6)
  repeat(400, 2_000, 2_000, { predicted: 2_000 })
  expect(reliability.facts().predictionError).toBeLessThan(0.001)
  repeat(64, 2_000, 2_000, { idleMs: 15 * MINUTE })
  const { observed, hitRatio, minTokens, halfLifeMs } = reliability.facts()
  expect(observed).toBe(564)
  expect(hitRatio).toBeGreaterThan(0.9)
  expect(minTokens).toBe(1_000)
  expect(halfLifeMs).toBeGreaterThan(15 * MINUTE)
})
