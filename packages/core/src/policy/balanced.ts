import * as z from 'zod'
import { parseOptions } from '../options.ts'
import type { Candidate, Policy } from '../types.ts'
import { requirePrices, weighs } from './limits.ts'

const weight = z.number().min(0)
const options = z
  .strictObject({
    /** Weight of a low expected cost. */
    cost: weight.default(1),
    /** Weight of a high expected quality. */
    quality: weight.default(1),
    /** Weight of an early first token. */
    latency: weight.default(1),
  })
  .refine(({ cost, quality, latency }) => cost + quality + latency > 0, 'give at least one weight above 0')

/**
 * Weighs cost, quality and latency, each scaled from the worst to the best of the candidates at hand.
 * @throws RouterError `price_unknown` for one of several candidates without a price, unless `cost` is 0.
 */
export function balanced(weights: z.input<typeof options> = {}): Policy {
  const { cost, quality, latency } = parseOptions(options, weights, 'balanced')
  return candidates => {
    if (cost > 0 && weighs(candidates)) requirePrices(candidates, 'balanced')
    const cheapness = scale(candidates, ({ conversationCostUsd }) => -conversationCostUsd)
    const goodness = scale(candidates, ({ expectedQuality }) => expectedQuality)
    const speed = scale(candidates, ({ expectedFirstTokenMs }) => -expectedFirstTokenMs)
    const score = (candidate: Candidate) =>
      (cost > 0 ? cost * cheapness(candidate) : 0) + quality * goodness(candidate) + latency * speed(candidate)
    return candidates.toSorted((a, b) => score(b) - score(a))
  }
}

function scale(candidates: readonly Candidate[], value: (candidate: Candidate) => number): (candidate: Candidate) => number {
  const values = candidates.map(value)
  const low = Math.min(...values)
  const span = Math.max(...values) - low
  return candidate => (span > 0 ? (value(candidate) - low) / span : 1)
}
