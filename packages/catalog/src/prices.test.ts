import { costOf, ratesAt, type Rates, type Usage } from '@routewise/core'
import { describe, expect, test } from 'vitest'
import { findModel } from './index.ts'

/** A Monday without peak hours at noon. */
const monday = '2026-09-28T12:00:00Z'

const ratesOf = (id: string, inputTokens = 1_000, at = monday): Rates | undefined => {
  const card = findModel(id)
  return card && ratesAt(card, Date.parse(at), inputTokens)
}
const usage = (counts: Partial<Usage>): Usage => ({
  inputTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
  ...counts,
})
const costIn = (id: string, counts: Partial<Usage>, at = monday): number | undefined => {
  const card = findModel(id)
  return card && costOf(card, usage(counts), Date.parse(at))
}

describe('list prices, USD per million tokens', () => {
  // id, window, input, output, cache read, cache write, one-hour write. Written out, so that a change in the published data shows here.
  test.for<[id: string, window: number, input: number, output: number, read?: number, write?: number, hour?: number]>([
    ['claude-fable-5-1', 1_000_000, 10, 50, 0.25, 12.5, 20],
    ['claude-fable-5', 1_000_000, 10, 50, 1, 12.5, 20],
    ['claude-opus-5-5', 1_000_000, 4, 20, 0.2, 5, 8],
    ['claude-opus-5', 1_000_000, 5, 25, 0.5, 6.25, 10],
    ['claude-opus-4-8', 1_000_000, 5, 25, 0.5, 6.25, 10],
    ['claude-opus-4-7', 1_000_000, 5, 25, 0.5, 6.25, 10],
    ['claude-opus-4-6', 1_000_000, 5, 25, 0.5, 6.25, 10],
    ['claude-opus-4-5', 200_000, 5, 25, 0.5, 6.25, 10],
    ['claude-opus-4-1', 200_000, 15, 75, 1.5, 18.75, 30],
    ['claude-sonnet-5', 1_000_000, 2, 10, 0.2, 2.5, 4],
    ['claude-sonnet-4-6', 1_000_000, 3, 15, 0.3, 3.75, 6],
    ['claude-sonnet-4-5', 200_000, 3, 15, 0.3, 3.75, 6],
    ['claude-sonnet-4-0', 200_000, 3, 15, 0.3, 3.75, 6],
    ['claude-haiku-4-5', 200_000, 1, 5, 0.1, 1.25, 2],
    ['gpt-6-astra', 1_050_000, 10, 50, 1, 12.5],
    ['gpt-6-sol', 1_050_000, 2, 10, 0.2, 2.5],
    ['gpt-6-luna', 1_050_000, 0.1, 0.5, 0.01, 0.125],
    ['gpt-5.6-sol', 1_050_000, 4, 20, 0.4, 5],
    ['gpt-5.6-terra', 1_050_000, 2, 12, 0.2, 2.5],
    ['gpt-5.6-luna', 1_050_000, 0.2, 1.2, 0.02, 0.25],
    ['gpt-5.5', 1_050_000, 5, 30, 0.5],
    ['gpt-5.4', 1_050_000, 2.5, 15, 0.25],
    ['gpt-5.4-mini', 400_000, 0.75, 4.5, 0.075],
    ['gpt-5.4-nano', 400_000, 0.2, 1.25, 0.02],
    ['gpt-5.2', 400_000, 1.75, 14, 0.175],
    ['gpt-5.1', 400_000, 1.25, 10, 0.125],
    ['gpt-5', 400_000, 1.25, 10, 0.125],
    ['gpt-5-mini', 400_000, 0.25, 2, 0.025],
    ['gpt-5-nano', 400_000, 0.05, 0.4, 0.005],
    ['gpt-4.1', 1_047_576, 2, 8, 0.5],
    ['gpt-4.1-mini', 1_047_576, 0.4, 1.6, 0.1],
    ['gpt-4.1-nano', 1_047_576, 0.1, 0.4, 0.025],
    ['gpt-4o', 128_000, 2.5, 10, 1.25],
    ['gpt-4o-mini', 128_000, 0.15, 0.6, 0.075],
    ['gemini-3.8-flash', 1_048_576, 0.75, 3.75, 0.075],
    ['gemini-3.7-flash', 1_048_576, 0.75, 3.75, 0.075],
    ['gemini-3.6-flash', 1_048_576, 0.75, 3.75, 0.075],
    ['gemini-3.5-flash', 1_048_576, 1.5, 9, 0.15],
    ['gemini-3.5-flash-lite', 1_048_576, 0.3, 2.5, 0.03],
    ['gemini-3.1-pro-preview', 1_048_576, 2, 12, 0.2],
    ['gemini-3.1-flash-lite', 1_048_576, 0.25, 1.5, 0.025],
    ['gemini-3-flash-preview', 1_048_576, 0.5, 3, 0.05],
    ['gemini-2.5-pro', 1_048_576, 1.25, 10, 0.125],
    ['gemini-2.5-flash', 1_048_576, 0.3, 2.5, 0.03],
    ['gemini-2.5-flash-lite', 1_048_576, 0.1, 0.4, 0.01],
    ['deepseek-v4-pro', 1_000_000, 0.66, 1.98, 0.022],
    ['deepseek-v4-flash', 1_000_000, 0.22, 0.66, 0.007],
    ['grok-4.6', 500_000, 2, 6, 0.5],
    ['grok-4.5', 500_000, 2, 6, 0.3],
    ['grok-4.3', 1_000_000, 1.25, 2.5, 0.2],
    ['mistral-medium-3-5', 262_144, 1.5, 7.5, 0.15],
    ['mistral-small-2603', 262_144, 0.15, 0.6, 0.015],
    ['mistral-large-2512', 262_144, 0.5, 1.5, 0.05],
    ['kimi-k3', 1_048_576, 3, 15, 0.3, 3, 6],
    ['openai/gpt-oss-120b', 131_072, 0.15, 0.6, 0.075],
    ['openai/gpt-oss-20b', 131_072, 0.075, 0.3, 0.0375],
    ['llama-3.3-70b-versatile', 131_072, 0.59, 0.79],
    ['llama-3.1-8b-instant', 131_072, 0.05, 0.08],
    ['meta-llama/llama-4-scout-17b-16e-instruct', 131_072, 0.11, 0.34],
    ['meta-llama/llama-4-maverick-17b-128e-instruct', 131_072, 0.2, 0.6],
    ['qwen/qwen3-32b', 131_072, 0.29, 0.59],
    ['qwen3.7-max', 1_000_000, 2.5, 7.5, 0.5, 3.125],
    ['qwen3.7-plus', 1_000_000, 0.5, 3, 0.1, 0.625],
  ])('%s', ([id, window, input, output, cacheRead, cacheWrite, hour]) => {
    expect(findModel(id)?.contextTokens).toBe(window)
    expect(findModel(id)?.inferred).toBeUndefined()
    const rates = ratesOf(id)
    expect([rates?.input, rates?.output, rates?.cacheRead, rates?.cacheWrite, rates?.cacheWriteByTtl?.['1h']]).toEqual([
      input,
      output,
      cacheRead,
      cacheWrite,
      hour,
    ])
  })

  test('audio has rates of its own', () => {
    expect(ratesOf('gemini-2.5-flash')).toMatchObject({ audioInput: 1, audioCacheRead: 0.1 })
    expect(ratesOf('gemini-2.5-flash-lite')).toMatchObject({ audioInput: 0.3 })
  })
})

const row = (rates: Rates | undefined) =>
  [rates?.input, rates?.output, rates?.cacheRead, rates?.cacheWrite].filter(rate => rate !== undefined)

describe('context tiers re-price the whole request at their edge', () => {
  // The last prompt at the base rate, then [input, output, cache read, cache write] on both sides.
  test.for<[id: string, lastAtBase: number, base: readonly number[], tier: readonly number[]]>([
    ['gpt-6-astra', 271_999, [10, 50, 1, 12.5], [20, 75, 2, 25]],
    ['gpt-6-sol', 272_000, [2, 10, 0.2, 2.5], [4, 15, 0.4, 5]],
    ['gpt-6-luna', 272_000, [0.1, 0.5, 0.01, 0.125], [0.2, 0.75, 0.02, 0.25]],
    ['gpt-5.6-sol', 271_999, [4, 20, 0.4, 5], [8, 30, 0.8, 10]],
    ['gpt-5.6-terra', 271_999, [2, 12, 0.2, 2.5], [4, 18, 0.4, 5]],
    ['gpt-5.6-luna', 271_999, [0.2, 1.2, 0.02, 0.25], [0.4, 1.8, 0.04, 0.5]],
    ['gpt-5.5', 271_999, [5, 30, 0.5], [10, 45, 1]],
    ['gpt-5.4', 271_999, [2.5, 15, 0.25], [5, 22.5, 0.5]],
    ['gemini-3.1-pro-preview', 200_000, [2, 12, 0.2], [4, 18, 0.4]],
    ['gemini-2.5-pro', 200_000, [1.25, 10, 0.125], [2.5, 15, 0.25]],
    ['grok-4.6', 199_999, [2, 6, 0.5], [4, 12, 1]],
    ['grok-4.5', 199_999, [2, 6, 0.3], [4, 12, 0.6]],
    ['grok-4.3', 199_999, [1.25, 2.5, 0.2], [2.5, 5, 0.4]],
    ['claude-sonnet-4-5', 200_000, [3, 15, 0.3, 3.75], [6, 22.5, 0.6, 7.5]],
    ['qwen3.7-plus', 256_000, [0.5, 3, 0.1, 0.625], [2, 6, 0.4, 2.5]],
  ])('%s above %i tokens', ([id, lastAtBase, base, tier]) => {
    expect(row(ratesOf(id, lastAtBase))).toEqual(base)
    expect(row(ratesOf(id, lastAtBase + 1))).toEqual(tier)
  })

  test('one token more doubles a bill of gpt-6-astra', () => {
    expect(costIn('gpt-6-astra', { inputTokens: 271_999, outputTokens: 1_000 })).toBe(2_769_990_000)
    expect(costIn('gpt-6-astra', { inputTokens: 272_000, outputTokens: 1_000 })).toBe(5_515_000_000)
  })

  test('claude-opus-5-5 and the other flat models have no edge', () => {
    for (const id of [
      'claude-fable-5-1',
      'claude-opus-5-5',
      'claude-opus-4-6',
      'claude-sonnet-5',
      'claude-sonnet-4-6',
      'mistral-medium-3-5',
      'kimi-k3',
    ]) {
      expect(ratesOf(id, 900_000)).toEqual(ratesOf(id, 1))
    }
  })
})

describe('prices in time', () => {
  test.for([
    ['before there was a peak', '2026-08-16T02:00:00Z', 0.435],
    ['the first peak', '2026-08-17T01:00:00Z', 1.32],
    ['a Saturday before weekends were free of peaks', '2026-08-22T02:00:00Z', 1.32],
    ['the first Sunday without a peak', '2026-08-23T02:00:00Z', 0.66],
    ['Monday just before the first peak', '2026-09-28T00:59:59Z', 0.66],
    ['Monday in the first peak', '2026-09-28T01:00:00Z', 1.32],
    ['Monday at the end of the first peak', '2026-09-28T03:59:59Z', 1.32],
    ['Monday between the peaks', '2026-09-28T04:00:00Z', 0.66],
    ['Monday in the second peak', '2026-09-28T06:00:00Z', 1.32],
    ['Monday after the second peak', '2026-09-28T10:00:00Z', 0.66],
    ['Friday in the second peak', '2026-10-02T09:59:59Z', 1.32],
    ['Saturday in Beijing', '2026-10-03T06:00:00Z', 0.66],
    ['Sunday in Beijing', '2026-10-04T02:00:00Z', 0.66],
    ['Monday again', '2026-10-05T02:00:00Z', 1.32],
  ] as const)('deepseek-v4-pro: %s', ([, at, input]) => {
    expect(ratesOf('deepseek-v4-pro', 1_000, at)?.input).toBe(input)
  })

  test('deepseek-v4-flash follows the same clock', () => {
    const inputs = ['2026-08-01T02:00:00Z', '2026-09-28T00:00:00Z', '2026-09-28T02:00:00Z', '2026-10-03T02:00:00Z'].map(
      at => ratesOf('deepseek-v4-flash', 1, at)?.input,
    )
    expect(inputs).toEqual([0.14, 0.22, 0.44, 0.22])
  })

  test.for([
    ['gemini-3.8-flash', '2026-12-31T23:59:59Z', [0.75, 3.75, 0.075], '2027-01-01T00:00:00Z', [1.5, 7.5, 0.15]],
    ['gemini-3.7-flash', '2026-12-31T23:59:59Z', [0.75, 3.75, 0.075], '2027-01-01T00:00:00Z', [1.5, 7.5, 0.15]],
    ['gemini-3.6-flash', '2026-12-31T23:59:59Z', [0.75, 3.75, 0.075], '2027-01-01T00:00:00Z', [1.5, 7.5, 0.15]],
    ['gpt-5.6-sol', '2026-08-20T23:59:59Z', [5, 30, 0.5], '2026-08-21T00:00:00Z', [4, 20, 0.4]],
    ['gpt-5.6-terra', '2026-07-29T23:59:59Z', [2.5, 15, 0.25], '2026-07-30T00:00:00Z', [2, 12, 0.2]],
    ['gpt-5.6-luna', '2026-07-29T23:59:59Z', [1, 6, 0.1], '2026-07-30T00:00:00Z', [0.2, 1.2, 0.02]],
  ] as const)('%s changes its price on the day', ([id, before, old, from, current]) => {
    expect(row(ratesOf(id, 1, before)).slice(0, 3)).toEqual(old)
    expect(row(ratesOf(id, 1, from)).slice(0, 3)).toEqual(current)
  })

  test.for([
    ['claude-opus-4-6', 10, 5],
    ['claude-sonnet-4-6', 6, 3],
  ] as const)('%s lost its long-context price on 2026-03-13', ([id, tier, flat]) => {
    expect(ratesOf(id, 200_001, '2026-03-12T23:59:59Z')?.input).toBe(tier)
    expect(ratesOf(id, 200_000, '2026-03-12T23:59:59Z')?.input).toBe(flat)
    expect(ratesOf(id, 200_001, '2026-03-13T00:00:00Z')?.input).toBe(flat)
  })
})

describe('multipliers', () => {
  const tokens = { inputTokens: 1_000_000, outputTokens: 100_000 }

  test.for([
    ['claude-opus-5-5', { serviceTier: 'batch' }, 3_000_000_000],
    ['claude-opus-5-5', { serviceTier: 'fast' }, 12_000_000_000],
    ['claude-opus-4-6', { serviceTier: 'fast' }, 45_000_000_000],
    ['claude-opus-5-5', { residency: true }, 6_600_000_000],
    ['claude-opus-5-5', { serviceTier: 'batch', residency: true }, 3_300_000_000],
    ['claude-opus-5-5', { serviceTier: 'priority' }, 6_000_000_000],
    ['claude-haiku-4-5', { residency: true }, 1_500_000_000],
    ['gpt-4o', { serviceTier: 'batch' }, 1_750_000_000],
    ['gpt-4o', { serviceTier: 'flex' }, 3_500_000_000],
    ['gpt-4o', { serviceTier: 'priority' }, 5_950_000_000],
    ['gpt-4o-mini', { serviceTier: 'priority' }, 350_000_000],
    ['gpt-5-mini', { serviceTier: 'priority' }, 810_000_000],
    ['gpt-5-mini', { serviceTier: 'flex' }, 225_000_000],
    ['gpt-5-mini', { serviceTier: 'default' }, 450_000_000],
    ['gpt-5.5', { serviceTier: 'priority', inputTokens: 100_000 }, 8_750_000_000],
    ['gpt-5.5', { serviceTier: 'fast', inputTokens: 100_000 }, 8_750_000_000],
    ['gemini-3.8-flash', { serviceTier: 'batch' }, 562_500_000],
    ['gemini-3.8-flash', { serviceTier: 'flex' }, 562_500_000],
    ['gemini-3.8-flash', { serviceTier: 'priority' }, 2_025_000_000],
    ['mistral-large-2512', { serviceTier: 'batch' }, 325_000_000],
    ['openai/gpt-oss-120b', { serviceTier: 'flex' }, 210_000_000],
  ] as const)('%s with %o', ([id, how, nanoUsd]) => {
    expect(costIn(id, { ...tokens, ...how })).toBe(nanoUsd)
  })
})
