import * as z from 'zod'
import { parseOptions } from '../options.ts'
import type { Policy } from '../types.ts'
import { affordable, byQuality, isFast, requirePrices } from './limits.ts'
import { limitShape } from './options.ts'

const options = z.strictObject({ firstTokenMs: limitShape.firstTokenMs, maxUsd: limitShape.maxUsd })

/**
 * The candidate with the highest expected quality, the cheaper of equals; those slower than `firstTokenMs` come last.
 * @throws RouterError `price_unknown` or `over_budget`, only if `maxUsd` is given.
 */
export function best(limits: z.input<typeof options> = {}): Policy {
  const { firstTokenMs, maxUsd } = parseOptions(options, limits, 'best')
  return candidates => {
    if (maxUsd !== undefined) requirePrices(candidates, 'best with maxUsd')
    const kept = affordable(candidates, maxUsd)
    return [
      ...kept.filter(candidate => isFast(candidate, firstTokenMs)).sort(byQuality),
      ...kept.filter(candidate => !isFast(candidate, firstTokenMs)).sort(byQuality),
    ]
  }
}
