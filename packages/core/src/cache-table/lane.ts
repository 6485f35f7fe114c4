import { measureText } from '../describe/tokens.ts'
import type { CacheRule } from '../types.ts'

/** Where no key steers a request, and it is not one too many. */
export const HOME_LANE = 0

/**
 * Number of the machine that a request lands on: its own for each routing key, and another one for every so many requests a minute over
 * what one takes. `requestsPerMinute` counts those of the last minute under the key, without this one.
 */
export function laneOf({ key: rule }: CacheRule, key: string | undefined, requestsPerMinute: number): number {
  if (rule === undefined) return HOME_LANE
  const { softRequestsPerMinute: limit } = rule
  const overflow = limit === undefined ? 0 : Math.floor(requestsPerMinute / limit)
  if (key === undefined) return overflow
  if (key !== last.key) last = { key, hash: measureText(key).hash | 0 }
  return (last.hash + overflow) | 0
}

/** Twenty targets of one decision have the same key. */
let last = { key: '', hash: 0 }
