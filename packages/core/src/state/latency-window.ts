import type { Clock } from '../clock.ts'
import { createBucketWindow, type BucketWindow } from './bucket-window.ts'
import { createLogBuckets } from './log-buckets.ts'

/** Options of {@link createLatencyWindow}. */
export interface LatencyWindowOptions {
  /** Monotonic milliseconds. A time before an earlier one counts as the same time. */
  now: Clock['now']
  /** Slots in the window. Default 6. */
  slots?: number
  /** Milliseconds of one slot: the window looks back between `slots - 1` and `slots` of them. Default 60,000. */
  slotMs?: number
  /** Relative error of a quantile, at most. Default 0.01. */
  accuracy?: number
  /** Range of values, of any one unit; values beyond it count as its ends. Default 0.001 to 300,000: milliseconds and ratios both fit. */
  min?: number
  max?: number
}

/** Quantiles of what was measured lately. */
export interface LatencyWindow {
  add(value: number): void
  /** An attempt given up at `value`: its true value is longer. */
  addCensored(value: number): void
  /** `undefined` while nothing was measured in the window. */
  quantile(q: number): number | undefined
  /** Measurements in the window, censored ones included. */
  readonly count: number
}

/** Censored values are kept this much coarser (8 % at the default accuracy): where exactly one left hardly moves a quantile. */
const CENSORED_STRIDE = 4

/**
 * Quantiles over a moving window, by a log-bucket sketch. At the defaults 15 KiB, 19 KiB once a value was censored.
 *
 * Censored values follow Kaplan and Meier (1958): each counts as alive in every bucket up to its own and then leaves, so its weight is
 * spread over the longer ones in the proportion seen. Where the longest values are all censored, a quantile among them is not known;
 * the longest value seen stands in, which is a lower bound.
 */
export function createLatencyWindow({
  now,
  slots = 6,
  slotMs = 60_000,
  accuracy = 0.01,
  min = 0.001,
  max = 300_000,
}: LatencyWindowOptions): LatencyWindow {
  const buckets = createLogBuckets({ accuracy, min, max })
  const measured = createBucketWindow(buckets.size, slots)
  let censored: BucketWindow | undefined
  const counts = new Float64Array(slots)
  let turned = Math.floor(now() / slotMs)
  let turnsAt = (turned + 1) * slotMs
  let count = 0

  function turnTo(slot: number): void {
    if (slot - turned >= slots) {
      measured.clear()
      censored?.clear()
      counts.fill(0)
      count = 0
      turned = slot
    }
    for (; turned < slot; turned++) {
      measured.turn()
      censored?.turn()
      const oldest = (turned + 1) % slots
      count -= counts[oldest]!
      counts[oldest] = 0
    }
    turnsAt = (slot + 1) * slotMs
  }
  function turn(): void {
    const time = now()
    if (time >= turnsAt) turnTo(Math.floor(time / slotMs))
  }
  function counted(): void {
    count += 1
    counts[turned % slots]! += 1
  }

  return {
    add(value) {
      turn()
      measured.add(buckets.indexOf(value))
      counted()
    },
    addCensored(value) {
      turn()
      censored ??= createBucketWindow(Math.ceil(buckets.size / CENSORED_STRIDE), slots)
      censored.add(Math.floor(buckets.indexOf(value) / CENSORED_STRIDE))
      counted()
    },
    quantile(q) {
      turn()
      if (count === 0) return undefined
      const bucket = censored === undefined || censored.total === 0 ? plainBucket(measured, q) : survivalBucket(measured, censored, q)
      return bucket === undefined ? undefined : buckets.valueOf(bucket)
    },
    get count() {
      turn()
      return count
    },
  }
}

/** Walks down from the longest value, since the quantiles that matter are near it. */
function plainBucket({ totals, total, lowest, highest }: BucketWindow, q: number): number | undefined {
  let beyond = total * (1 - q)
  for (let bucket = highest; bucket > lowest; bucket--) {
    beyond -= totals[bucket]!
    if (beyond < 0) return bucket
  }
  return total > 0 ? lowest : undefined
}

/**
 * The first bucket after which at most `1 - q` survive. Between two departures survival is in proportion to those at risk, so the
 * number at risk at which `1 - q` is reached need only be scaled when some leave.
 */
function survivalBucket(measured: BucketWindow, censored: BucketWindow, q: number): number | undefined {
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
    atRisk -= totals[bucket]!
    if (atRisk <= enough && totals[bucket]! > 0) return bucket
  }
  return Math.max(highest, censored.highest * CENSORED_STRIDE)
}
