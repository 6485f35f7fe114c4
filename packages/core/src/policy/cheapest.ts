import * as z from 'zod'
import { parseOptions } from '../options.ts'
import type { Candidate, Policy } from '../types.ts'
import { affordable, byCost, byFirstToken, byQuality, isFast, isGood, requirePrices, weighs } from './limits.ts'
import { limitShape } from './options.ts'

const options = z.strictObject(limitShape)

/**
 * The least expensive candidate that is good and fast enough; then good but slower ones, then the best of the rest.
 * @throws RouterError `price_unknown` for one of several candidates without a price, `over_budget` when none is within `maxUsd`.
 */
export function cheapest(limits: z.input<typeof options> = {}): Policy {
  const { quality, firstTokenMs, maxUsd } = parseOptions(options, limits, 'cheapest')
  return candidates => {
    if (weighs(candidates, maxUsd)) requirePrices(candidates, 'cheapest')
    const goodAndFast: Candidate[] = []
    const good: Candidate[] = []
    const rest: Candidate[] = []
    for (const candidate of affordable(candidates, maxUsd)) {
      if (!isGood(candidate, quality)) rest.push(candidate)
      else if (isFast(candidate, firstTokenMs)) goodAndFast.push(candidate)
      else good.push(candidate)
    }
    return [...goodAndFast.sort(byCost), ...good.sort(byFirstToken), ...rest.sort(byQuality)]
  }
}
