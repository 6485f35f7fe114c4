import type { Candidate, Policy } from '@routewise/core'

/** Candidates as they are listed. */
export const asListed: Policy = candidates => candidates

/**
 * The cheapest first; of those that cost the same, the fastest. Where one has no price nobody can be called cheaper, and the fastest goes
 * first. `cost` is what is compared; default: the expected dollars of the call.
 */
export function cheapestThenFastest(cost = ({ expectedCostUsd }: Candidate): number => expectedCostUsd): Policy {
  return candidates => {
    const priced = candidates.every(({ expectedCostNanoUsd }) => expectedCostNanoUsd !== undefined)
    return candidates.toSorted((a, b) => (priced ? cost(a) - cost(b) : 0) || a.expectedFirstTokenMs - b.expectedFirstTokenMs)
  }
}
