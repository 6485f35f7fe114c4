import * as z from 'zod'
import { parseOptions } from '../options.ts'
import type { Policy } from '../types.ts'
import { affordable, byFirstToken, byQuality, isGood, requirePrices } from './limits.ts'
import { limitShape } from './options.ts'

const options = z.strictObject({ quality: limitShape.quality, maxUsd: limitShape.maxUsd })

/**
 * The candidate whose first token is expected soonest, among those good enough; then the best of the rest.
 * @throws RouterError `price_unknown` or `over_budget`, only if `maxUsd` is given.
 */
export function fastest(limits: z.input<typeof options> = {}): Policy {
  const { quality, maxUsd } = parseOptions(options, limits, 'fastest')
  return candidates => {
    if (maxUsd !== undefined) requirePrices(candidates, 'fastest with maxUsd')
    const kept = affordable(candidates, maxUsd)
    return [
      ...kept.filter(candidate => isGood(candidate, quality)).sort(byFirstToken),
      ...kept.filter(candidate => !isGood(candidate, quality)).sort(byQuality),
    ]
  }
}
