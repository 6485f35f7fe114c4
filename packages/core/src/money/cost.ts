import type { ModelCard, NanoUsd, PriceMultipliers, Rates, Usage } from '../types.ts'
import { priced } from './schedule.ts'

/** Rates that hold for a prompt of this size at this instant; `undefined` when the price is not known. */
export const ratesAt = (card: ModelCard, wallMs: number, inputTokens: number): Rates | undefined =>
  priced(card, wallMs, inputTokens)?.listed

/**
 * Exact cost of a call; `undefined` when the model's price is not known. Rounded once, half up, to the nano-dollar.
 * Counts that contradict each other are read so that no token is charged twice: cached first, then written, then audio.
 */
export function costOf(card: ModelCard, usage: Usage, wallMs: number): NanoUsd | undefined {
  const rates = priced(card, wallMs, usage.inputTokens)?.pico
  if (rates === undefined) return undefined
  const read = Math.min(usage.cacheReadTokens, usage.inputTokens)
  const written = Math.min(usage.cacheWriteTokens, usage.inputTokens - read)
  const audioRead = Math.min(usage.audioCacheReadTokens ?? 0, read)
  const audioIn = Math.min(Math.max(0, (usage.audioInputTokens ?? 0) - audioRead), usage.inputTokens - read - written)
  const audioOut = Math.min(usage.audioOutputTokens ?? 0, usage.outputTokens)
  let pico =
    (usage.inputTokens - read - written - audioIn) * rates.input +
    audioIn * rates.audioInput +
    (read - audioRead) * rates.cacheRead +
    audioRead * rates.audioCacheRead +
    (usage.outputTokens - audioOut) * rates.output +
    audioOut * rates.audioOutput
  let atDefaultTtl = written
  if (usage.cacheWriteTokensByTtl !== undefined) {
    for (const [ttl, tokens] of Object.entries(usage.cacheWriteTokensByTtl)) {
      const rate = rates.cacheWriteByTtl[ttl]
      if (rate === undefined) continue
      const charged = Math.min(tokens, atDefaultTtl)
      pico += charged * rate
      atDefaultTtl -= charged
    }
  }
  pico += atDefaultTtl * rates.cacheWrite
  const multipliers = usage.serviceTier === undefined && usage.residency !== true ? NONE : multipliersOf(card, usage)
  return multipliers.length === 0 ? Math.round(pico / 1_000) : multiplied(pico, multipliers)
}

function multiplied(pico: number, multipliers: readonly number[]): NanoUsd {
  // 1.1 and 5/3 are no doubles: as fractions they keep the sum exact.
  let numerator = BigInt(Math.round(pico))
  let denominator = 1_000n
  for (const multiplier of multipliers) {
    const [over, under] = fractionOf(multiplier)
    numerator *= over
    denominator *= under
  }
  return Number((2n * numerator + denominator) / (2n * denominator))
}

function fractionOf(value: number): readonly [numerator: bigint, denominator: bigint] {
  for (let under = 1; under < 1_000; under += 1) {
    const over = Math.round(value * under)
    if (Math.abs(over - value * under) < 1e-9) return [BigInt(over), BigInt(under)]
  }
  return [BigInt(Math.round(value * 1e9)), 1_000_000_000n]
}

const NONE: readonly number[] = []

function multipliersOf({ multipliers }: ModelCard, { serviceTier, residency }: Usage): readonly number[] {
  if (multipliers === undefined) return NONE
  return [tierMultiplier(multipliers, serviceTier), residency === true ? multipliers.residency : undefined].filter(
    factor => factor !== undefined,
  )
}

function tierMultiplier(multipliers: PriceMultipliers, serviceTier: string | undefined): number | undefined {
  switch (serviceTier) {
    case 'batch':
    case 'flex':
    case 'priority':
    case 'fast':
      return multipliers[serviceTier]
    default:
      return undefined
  }
}
