import { expect, test } from 'vitest'
import { createPromptCache } from '../prompt-cache/prompt-cache.ts'
import { createManualClock, scriptedBlock, scriptedCard } from '../testing/index.ts'
import type { AttemptEnd, AttemptReceipt, Features, ModelCard, TargetFacts, Usage } from '../types.ts'
import { createEstimator } from './estimate.ts'

const features = (overrides: Partial<Features> = {}): Features => ({
  inputTokens: 4_000,
  maxOutputTokens: undefined,
  needs: { tools: false, forcedTool: false, jsonSchema: false, vision: false, pdf: false, audio: false, streaming: true, logprobs: false },
  prefix: [scriptedBlock(1, 4_000)],
  task: 'chat',
  turn: 'user',
  ...overrides,
})

function setUp(card: Partial<ModelCard> = {}) {
  const clock = createManualClock()
  const promptCache = createPromptCache({ clock, settings: false })
  const estimator = createEstimator({ clock, promptCache })
  const target: TargetFacts = { id: 't', card: scriptedCard('m', { firstToken: { baseMs: 200, msPerInputToken: 0.1 }, ...card }) }
  const candidate = (call = features()) => estimator.candidate(target, call, estimator.moment(call))
  const observe = (record: { firstTokenMs?: number; totalMs?: number; usage?: Partial<Usage>; end?: AttemptEnd }, call = features()) => {
    const usage = { inputTokens: 4_000, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 100, reasoningTokens: 0, ...record.usage }
    const receipt: AttemptReceipt = {
      target: 't',
      model: 'm',
      reason: 'first',
      end: { type: 'answered', finish: 'stop' },
      startedMs: 0,
      totalMs: 1_000,
      usageSource: 'provider',
      expectedCostNanoUsd: 0,
      expectedCacheReadTokens: 0,
      costNanoUsd: 0,
      ...record,
      usage,
    }
    const expected = candidate(call)
    estimator.observe(target, expected, call, receipt)
    promptCache.observe(target, expected, call, receipt)
  }
  return { clock, estimator, target, candidate, observe }
}

test('expects the cost of input and of an answer of the learned length, in whole nano-dollars', () => {
  const { candidate, observe } = setUp()
  expect(candidate().expectedCostNanoUsd).toBe(4_000 * 1_000 + 250 * 2_000)
  for (let at = 0; at < 200; at += 1) observe({})
  expect(candidate().outputTokens).toBe(100)
  expect(candidate().expectedCostUsd).toBeCloseTo(0.0042, 9)
})

test('counts in the model’s own tokens, and learns where its factor is off', () => {
  const { candidate, observe } = setUp({ tokenFactor: 1.3 })
  expect(candidate().inputTokens).toBe(5_200)
  for (let at = 0; at < 100; at += 1) observe({ usage: { inputTokens: 6_000 } })
  expect(candidate().inputTokens).toBeGreaterThan(5_900)
})

test('a warm prefix is cheaper and sooner', () => {
  const cache = {
    kind: 'auto-prefix',
    minTokens: 1_024,
    ttls: [{ id: '5m', seconds: 300, sliding: true }],
    readableAfter: 'first-token',
    scope: 'org',
    guaranteed: false,
  } as const
  const { candidate, observe } = setUp({ cache, prices: [{ rates: { input: 1, cacheRead: 0.1, output: 2 } }] })
  const cold = candidate()
  observe({})
  const warm = candidate()
  expect(warm.cacheReadTokens).toBe(3_999)
  expect(warm.expectedCostNanoUsd! - cold.expectedCostNanoUsd!).toBeLessThan(-3_000_000)
  expect(warm.expectedFirstTokenMs).toBeLessThan(cold.expectedFirstTokenMs)
})

test('a long prompt is expected later, and is not taken for a slow provider', () => {
  const { candidate, estimator, observe } = setUp()
  const long = features({ inputTokens: 40_000, prefix: [scriptedBlock(2, 40_000)] })
  for (let at = 0; at < 100; at += 1) observe({ firstTokenMs: 600 })
  expect(candidate().expectedFirstTokenMs / 600).toBeCloseTo(1, 1)
  expect(candidate(long).expectedFirstTokenMs / 4_200).toBeCloseTo(1, 1)
  expect(estimator.silenceMs(candidate(long), true)).toBeGreaterThan(4_000)
})

test('attempts that were given up count as at least that slow', () => {
  const { estimator, candidate, observe } = setUp()
  for (let at = 0; at < 90; at += 1) observe({ firstTokenMs: 600 })
  const before = estimator.silenceMs(candidate(), true)
  for (let at = 0; at < 30; at += 1) observe({ totalMs: 3_000, end: { type: 'superseded' } })
  expect(estimator.silenceMs(candidate(), true)).toBeGreaterThanOrEqual(before)
})

test('quality is the card’s, by task', () => {
  const { candidate } = setUp({ quality: { default: 0.9, code: 0.6 } })
  expect(candidate().expectedQuality).toBe(0.9)
  expect(candidate(features({ task: 'code' })).expectedQuality).toBe(0.6)
})

test('an unknown price is not guessed', () => {
  const { candidate } = setUp({ prices: [] })
  expect(candidate()).toMatchObject({ expectedCostNanoUsd: undefined, expectedCostUsd: Number.POSITIVE_INFINITY })
})

test.each(['constructor', '__proto__', 'toString'])('a task named %s is one like any other', task => {
  const { candidate } = setUp({ quality: { default: 0.7 } })
  const { expectedQuality, outputTokens } = candidate(features({ task }))
  expect(expectedQuality).toBe(0.7)
  expect(outputTokens).toBe(candidate(features({ task: 'something else' })).outputTokens)
})
