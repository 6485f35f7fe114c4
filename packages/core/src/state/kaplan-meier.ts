import { type BucketWindow, placeInside } from './bucket-window.ts'
import type { LogBuckets } from './log-buckets.ts'

/** Censored values are kept this much coarser (8 % at the default accuracy): where exactly one left hardly moves a quantile. */
export const CENSORED_STRIDE = 4

/**
 * The place, in buckets and parts of one, at which `1 - q` survive. Between two departures survival is in proportion to those at risk, so the
 * number at risk at which `1 - q` is reached need only be scaled when some leave.
 */
export function survivalPlace(measured: BucketWindow, censored: BucketWindow, q: number): number | undefined {
  const { totals, highest } = measured
  const departures = censored.totals
  if (measured.total === 0) return undefined
  // Rounding must not carry a quantile past the bucket that reaches it exactly.
  const target = 1 - q + 1e-9
  let atRisk = measured.total + censored.total
  let enough = target * atRisk
  let leaving = censored.lowest
  for (let bucket = measured.lowest; bucket <= highest; bucket++) {
    for (; (leaving + 1) * CENSORED_STRIDE <= bucket; leaving++) {
      const gone = departures[leaving]!
      if (gone === 0) continue
      enough *= 1 - gone / atRisk
      atRisk -= gone
    }
    const ended = totals[bucket]!
    if (atRisk - ended <= enough && ended > 0) return bucket + placeInside(atRisk - enough, ended)
    atRisk -= ended
  }
  return Math.max(highest, censored.highest * CENSORED_STRIDE) + 0.5
}

type Counts = Pick<BucketWindow, 'totals' | 'total' | 'lowest' | 'highest'>
const NONE: Counts = { totals: new Uint32Array(0), total: 0, lowest: Number.POSITIVE_INFINITY, highest: -1 }

/**
 * What is left of attempts that have lasted `from`: the share that lasts longer than `past`, and by how much all of them do on average,
 * nought for those that end sooner. `past` is not before `from`.
 *
 * Beyond the longest value seen an attempt is expected to last as long again as it already has, whatever came before: a Pareto tail with
 * exponent 2, P(X > x) ∝ 1/x². Nothing was seen there, and who has waited longer than anybody did is not about to be served.
 */
export function remainder(
  measured: Counts,
  censored: Counts = NONE,
  { valueOf, ratio }: LogBuckets,
  from: number,
  past: number,
): { share: number; excess: number } {
  const longest = Math.max(
    measured.total > 0 ? valueOf(measured.highest) : 0,
    censored.total > 0 ? valueOf(censored.highest * CENSORED_STRIDE) : 0,
  )
  if (from >= longest) return { share: (from / past) ** 2, excess: from ** 2 / past }

  const { totals, highest, lowest } = measured
  const departures = censored.totals
  let alive = 1
  let aliveAtFrom = 1
  let aliveAtPast = 1
  /** Integral of survival from `past` up to `reached`. */
  let area = 0
  let reached = past
  let atRisk = measured.total + censored.total
  /** Survival per attempt at risk: it changes only when some leave, and theirs is spread over the rest. */
  let perHead = 1 / atRisk
  let leaving = censored.lowest
  // Multiplied on, since a power for every bucket would take most of the time.
  let value = valueOf(lowest)
  for (let bucket = lowest; bucket <= highest; bucket++, value *= ratio) {
    const ended = totals[bucket]!
    if (ended === 0) continue
    for (; (leaving + 1) * CENSORED_STRIDE <= bucket; leaving++) {
      const gone = departures[leaving]!
      perHead *= atRisk / (atRisk - gone)
      atRisk -= gone
    }
    if (value > reached) {
      area += alive * (value - reached)
      reached = value
    }
    atRisk -= ended
    alive = perHead * atRisk
    if (value <= from) aliveAtFrom = alive
    if (value <= past) aliveAtPast = alive
  }
  if (longest > reached) area += alive * (longest - reached)
  area += (alive * longest ** 2) / Math.max(longest, past)
  if (past > longest) aliveAtPast = alive * (longest / past) ** 2
  return { share: aliveAtPast / aliveAtFrom, excess: area / aliveAtFrom }
}
