import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { costOf, ratesAt } from './cost.ts'
import { toNanoUsd, toUsd } from './units.ts'
import type { ModelCard, PricePeriod, Rates, Usage } from '../types.ts'

const noon = Date.parse('2026-06-01T12:00:00Z')

function cardWith(prices: readonly PricePeriod[], multipliers: NonNullable<ModelCard['multipliers']> = {}): ModelCard {
  return {
    id: 'm',
    provider: 'p',
    wire: 'openai-chat',
    contextTokens: 1_000_000,
    tokenFactor: 1,
    prices,
    multipliers,
    cache: { kind: 'none', minTokens: 0, ttls: [], readableAfter: 'response-end', scope: 'account', guaranteed: false },
    capabilities: {
      tools: true,
      forcedTool: true,
      parallelTools: true,
      jsonSchema: true,
      vision: false,
      pdf: false,
      audio: false,
      streaming: true,
      reasoning: false,
      sampling: true,
      logprobs: 'no',
    },
    quality: { default: 0.8 },
    firstToken: { baseMs: 500, msPerInputToken: 0 },
    outputTokensPerSecond: 100,
    cancelStopsBilling: true,
    source: 'test',
    verifiedAt: '2026-06-01',
  }
}

const usageOf = (usage: Partial<Usage>): Usage => ({
  inputTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
  ...usage,
})

/** Micro-dollars per million tokens: every published rate is a whole number of them. */
const microRate = fc.integer({ min: 0, max: 600_000_000 })
const tokens = fc.integer({ min: 0, max: 2_000_000 })
// A bill of a thousand dollars at the dearest rates leaves room in a double.
const rateArbitrary = fc.record({ input: microRate, output: microRate, cacheRead: microRate, cacheWrite: microRate, hour: microRate })
const usageArbitrary = fc.record({ uncached: tokens, read: tokens, written: tokens, writtenHour: tokens, output: tokens })
type Draw = { uncached: number; read: number; written: number; writtenHour: number; output: number }
type MicroRates = { input: number; output: number; cacheRead: number; cacheWrite: number; hour: number }

const toRates = ({ input, output, cacheRead, cacheWrite, hour }: MicroRates): Rates => ({
  input: input / 1e6,
  output: output / 1e6,
  cacheRead: cacheRead / 1e6,
  cacheWrite: cacheWrite / 1e6,
  cacheWriteByTtl: { '1h': hour / 1e6 },
})
const toUsage = ({ uncached, read, written, writtenHour, output }: Draw): Usage =>
  usageOf({
    inputTokens: uncached + read + written + writtenHour,
    cacheReadTokens: read,
    cacheWriteTokens: written + writtenHour,
    cacheWriteTokensByTtl: { '1h': writtenHour },
    outputTokens: output,
  })

function exactPico(rates: MicroRates, use: Draw): bigint {
  return (
    BigInt(use.uncached) * BigInt(rates.input) +
    BigInt(use.read) * BigInt(rates.cacheRead) +
    BigInt(use.written) * BigInt(rates.cacheWrite) +
    BigInt(use.writtenHour) * BigInt(rates.hour) +
    BigInt(use.output) * BigInt(rates.output)
  )
}
const halfUp = (numerator: bigint, denominator: bigint): number => Number((2n * numerator + denominator) / (2n * denominator))

describe('the cost of a call', () => {
  test('is exact to the nano-dollar, whatever the rates and counts', () => {
    fc.assert(
      fc.property(rateArbitrary, usageArbitrary, (rates, use) => {
        expect(costOf(cardWith([{ rates: toRates(rates) }]), toUsage(use), noon)).toBe(halfUp(exactPico(rates, use), 1_000n))
      }),
      { numRuns: 2_000 },
    )
  })

  test('stays exact under multipliers that are no binary fractions, alone and composed', () => {
    const multipliers = fc.constantFrom([1n, 2n], [11n, 10n], [5n, 3n], [17n, 10n], [7n, 4n], [9n, 5n], [6n, 1n])
    fc.assert(
      fc.property(rateArbitrary, usageArbitrary, multipliers, fc.boolean(), (rates, use, [over, under], residency) => {
        const card = cardWith([{ rates: toRates(rates) }], { priority: Number(over) / Number(under), residency: 1.1 })
        const [numerator, denominator] = residency ? [over * 11n, under * 10n] : [over, under]
        const usage = { ...toUsage(use), serviceTier: 'priority', residency }
        expect(costOf(card, usage, noon)).toBe(halfUp(exactPico(rates, use) * numerator, denominator * 1_000n))
      }),
      { numRuns: 2_000 },
    )
  })

  test('rounds half a nano-dollar up, once, at the end', () => {
    const card = cardWith([{ rates: { input: 0.0005, output: 0.0005 } }], { residency: 1.1 })
    expect(costOf(card, usageOf({ inputTokens: 1 }), noon)).toBe(1)
    expect(costOf(card, usageOf({ inputTokens: 1, outputTokens: 1 }), noon)).toBe(1)
    const tenth = cardWith([{ rates: { input: 0.005, output: 0 } }], { residency: 1.1 })
    expect(costOf(tenth, usageOf({ inputTokens: 1, residency: true }), noon)).toBe(6)
  })

  test('never falls when a count rises', () => {
    const count = fc.constantFrom<keyof Draw>('uncached', 'read', 'written', 'writtenHour', 'output')
    fc.assert(
      fc.property(rateArbitrary, usageArbitrary, count, fc.integer({ min: 1, max: 1_000 }), (rates, use, field, more) => {
        const card = cardWith([{ rates: toRates(rates) }])
        const before = costOf(card, toUsage(use), noon)!
        expect(costOf(card, toUsage({ ...use, [field]: use[field] + more }), noon)).toBeGreaterThanOrEqual(before)
      }),
    )
  })

  test('is never higher with part of the input cached than with none, where cached input is cheaper', () => {
    fc.assert(
      fc.property(microRate, fc.double({ min: 0, max: 1, noNaN: true }), tokens, tokens, (input, share, inputTokens, cacheReadTokens) => {
        const cacheRead = Math.floor(input * share)
        const card = cardWith([{ rates: { input: input / 1e6, output: 1, cacheRead: cacheRead / 1e6 } }])
        const cold = costOf(card, usageOf({ inputTokens }), noon)!
        expect(costOf(card, usageOf({ inputTokens, cacheReadTokens }), noon)).toBeLessThanOrEqual(cold)
      }),
    )
  })

  test('charges no token twice when counts contradict each other', () => {
    const card = cardWith([
      { rates: { input: 1, output: 1, cacheRead: 1, cacheWrite: 1, cacheWriteByTtl: { '1h': 1 }, audioInput: 1, audioOutput: 1 } },
    ])
    const any = fc.integer({ min: 0, max: 10_000 })
    fc.assert(
      fc.property(
        any,
        any,
        any,
        any,
        any,
        any,
        (inputTokens, cacheReadTokens, cacheWriteTokens, audioInputTokens, outputTokens, audioOutputTokens) => {
          const usage = usageOf({
            inputTokens,
            cacheReadTokens,
            cacheWriteTokens,
            cacheWriteTokensByTtl: { '1h': cacheWriteTokens * 2 },
            audioInputTokens,
            outputTokens,
            audioOutputTokens,
          })
          expect(costOf(card, usage, noon)).toBe((inputTokens + outputTokens) * 1_000)
        },
      ),
    )
  })

  test('charges what has no rate of its own as plain input or output', () => {
    const card = cardWith([{ rates: { input: 2, output: 3 } }])
    const usage = usageOf({
      inputTokens: 10,
      cacheReadTokens: 4,
      cacheWriteTokens: 3,
      audioInputTokens: 3,
      outputTokens: 5,
      audioOutputTokens: 5,
    })
    expect(costOf(card, usage, noon)).toBe(10 * 2_000 + 5 * 3_000)
  })

  test('charges writes by lifetime, and those of an unknown lifetime at the default rate', () => {
    const card = cardWith([{ rates: { input: 1, output: 1, cacheWrite: 1.25, cacheWriteByTtl: { '1h': 2 } } }])
    const usage = usageOf({ inputTokens: 100, cacheWriteTokens: 100, cacheWriteTokensByTtl: { '5m': 60, '1h': 40 } })
    expect(costOf(card, usage, noon)).toBe(60 * 1_250 + 40 * 2_000)
  })

  test('charges cached audio at its own rate and the rest of the audio as audio', () => {
    const card = cardWith([{ rates: { input: 0.3, output: 2.5, cacheRead: 0.03, audioInput: 1, audioCacheRead: 0.1 } }])
    const usage = usageOf({
      inputTokens: 3_297,
      cacheReadTokens: 2_918,
      audioCacheReadTokens: 284,
      audioInputTokens: 321,
      outputTokens: 150,
    })
    expect(costOf(card, usage, noon)).toBe(622_020)
  })

  test('keeps rates finer than a millionth of a dollar per million tokens', () => {
    const card = cardWith([{ rates: { input: 1 / 12, output: 0 } }])
    expect(costOf(card, usageOf({ inputTokens: 1_000_000 }), noon)).toBe(83_333_333)
  })

  test('is unknown, not zero, without a price', () => {
    expect(costOf(cardWith([]), usageOf({ inputTokens: 1 }), noon)).toBeUndefined()
  })

  test('applies no multiplier for a service tier the card does not name', () => {
    const card = cardWith([{ rates: { input: 1, output: 1 } }], { batch: 0.5 })
    for (const serviceTier of ['standard', 'default', 'priority']) {
      expect(costOf(card, usageOf({ inputTokens: 10, serviceTier }), noon)).toBe(10_000)
    }
    expect(costOf(card, usageOf({ inputTokens: 10, serviceTier: 'batch' }), noon)).toBe(5_000)
  })
})

const rates = (input: number): Rates => ({ input, output: 0 })
const at = (prices: readonly PricePeriod[], when: string, inputTokens = 0) =>
  ratesAt(cardWith(prices), Date.parse(when), inputTokens)?.input

describe('the rates that hold', () => {
  test('are those of the last period listed that has begun and not ended', () => {
    const prices = [{ rates: rates(1) }, { from: '2026-07-01', to: '2026-08-01T12:00:00Z', rates: rates(2) }]
    expect(at(prices, '2026-06-30T23:59:59.999Z')).toBe(1)
    expect(at(prices, '2026-07-01T00:00:00Z')).toBe(2)
    expect(at(prices, '2026-08-01T11:59:59.999Z')).toBe(2)
    expect(at(prices, '2026-08-01T12:00:00Z')).toBe(1)
    expect(at([{ from: '2026-07-01', rates: rates(2) }], '2026-06-30T00:00:00Z')).toBeUndefined()
  })

  test('change for the whole request at an edge, which is in or out as stated', () => {
    const tier = { thresholdTokens: 200_000, rates: rates(2) }
    const inclusive = [{ rates: rates(1), tiers: [{ ...tier, inclusive: true }] }]
    const exclusive = [{ rates: rates(1), tiers: [{ ...tier, inclusive: false }] }]
    const edges = [199_999, 200_000, 200_001]
    expect(edges.map(size => at(inclusive, '2026-01-01', size))).toEqual([1, 2, 2])
    expect(edges.map(size => at(exclusive, '2026-01-01', size))).toEqual([1, 1, 2])
  })

  test('hold in daily windows, also across midnight', () => {
    const day = [{ rates: rates(1) }, { windows: [{ utc: ['01:00', '04:00'] as const }], rates: rates(2) }]
    expect(['00:59:59', '01:00:00', '03:59:59', '04:00:00'].map(time => at(day, `2026-06-01T${time}Z`))).toEqual([1, 2, 2, 1])
    const night = [{ rates: rates(1) }, { windows: [{ utc: ['22:30', '02:00'] as const }], rates: rates(2) }]
    expect(['22:29:59', '22:30:00', '01:59:59', '02:00:00'].map(time => at(night, `2026-06-01T${time}Z`))).toEqual([1, 2, 2, 1])
  })

  test('hold in windows on weekdays counted in their own zone', () => {
    // 2026-06-05T22:00Z is Friday in UTC and already Saturday in Shanghai.
    const window = { utc: ['20:00', '23:00'] as const, weekdays: [6] }
    const when = '2026-06-05T22:00:00Z'
    expect(at([{ rates: rates(1) }, { windows: [window], rates: rates(2) }], when)).toBe(1)
    expect(at([{ rates: rates(1) }, { windows: [{ ...window, timeZone: 'Asia/Shanghai' }], rates: rates(2) }], when)).toBe(2)
    const later = { ...window, timeZone: 'Asia/Shanghai', from: '2026-06-06' }
    expect(at([{ rates: rates(1) }, { windows: [later], rates: rates(2) }], when)).toBe(1)
  })
})

test('dollars and nano-dollars convert both ways', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e15 }), nano => {
      expect(toNanoUsd(toUsd(nano))).toBe(nano)
    }),
  )
})
