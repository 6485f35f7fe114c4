import { RouterError } from '../errors.ts'
import type { Candidate } from '../types.ts'

/** Expected quality that still counts as equal: priors are not known to the last digit. */
const SAME_QUALITY = 1e-9

/** Where there is one candidate and no limit there is nothing to weigh. */
export const weighs = (candidates: readonly Candidate[], maxUsd?: number): boolean => candidates.length > 1 || maxUsd !== undefined

/** @throws RouterError `price_unknown`, naming the targets a money rule cannot judge. */
export function requirePrices(candidates: readonly Candidate[], rule: string): void {
  if (candidates.every(({ expectedCostNanoUsd }) => expectedCostNanoUsd !== undefined)) return
  const unknown = candidates.filter(({ expectedCostNanoUsd }) => expectedCostNanoUsd === undefined)
  const names = unknown.map(({ id, model }) => (id === model ? id : `${id} (${model})`)).join(', ')
  throw new RouterError(
    'price_unknown',
    `${rule} needs a price for ${names}. Give the model's card with its price, or leave the target out.`,
  )
}

/** @throws RouterError `over_budget` when every candidate is expected to cost more than `maxUsd`. */
export function affordable(candidates: readonly Candidate[], maxUsd: number | undefined): readonly Candidate[] {
  if (maxUsd === undefined || candidates.length === 0) return candidates
  const kept = candidates.filter(({ expectedCostUsd }) => expectedCostUsd <= maxUsd)
  if (kept.length > 0) return kept
  const nearest = candidates.toSorted((a, b) => a.expectedCostUsd - b.expectedCostUsd)[0]!
  throw new RouterError(
    'over_budget',
    `The cheapest candidate, ${nearest.id}, is expected to cost $${nearest.expectedCostUsd.toPrecision(3)}, over maxUsd ${maxUsd}. Raise maxUsd, shorten the prompt, set a lower output limit or add a cheaper model.`,
  )
}

/** Cheapest first, the calls that are expected to follow included. */
export const byCost = (a: Candidate, b: Candidate): number => a.conversationCostUsd - b.conversationCostUsd
export const byFirstToken = (a: Candidate, b: Candidate): number => a.expectedFirstTokenMs - b.expectedFirstTokenMs

/** Best first; among equals the cheaper. */
export const byQuality = (a: Candidate, b: Candidate): number =>
  Math.abs(a.expectedQuality - b.expectedQuality) > SAME_QUALITY ? b.expectedQuality - a.expectedQuality : byCost(a, b)

export const isGood = (candidate: Candidate, quality: number | undefined): boolean =>
  quality === undefined || candidate.expectedQuality >= quality - SAME_QUALITY

export const isFast = (candidate: Candidate, firstTokenMs: number | undefined): boolean =>
  firstTokenMs === undefined || candidate.expectedFirstTokenMs <= firstTokenMs
