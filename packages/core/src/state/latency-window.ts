import type { Clock } from '../clock.ts'
import { createBucketWindow, placeInside, type BucketWindow } from './bucket-window.ts'
import { CENSORED_STRIDE, remainder, survivalPlace } from './kaplan-meier.ts'
import { createLogBuckets } from './log-buckets.ts'

/** Options of {@link createLatencyWindow}. */
export interface LatencyWindowOptions {
  /** Monotonic milliseconds. A time before an earlier one counts as the same time. */
  now: Clock['now']
  /** Slots in the window. Default 6. */
  slots?: number
  /** Milliseconds of one slot: the window looks back between `slots - 1` and `slots` of them. Default 60,000. */
  slotMs?: number
  /** Measurements without which a quantile in the tail means little: while fewer would be left, slots last up to three times as long. Default 100. */
  minCount?: number
  /** Relative error of a quantile, mostly; twice that at most. Default 0.01. */
  accuracy?: number
  /** Range of values, of any one unit; values beyond it count as its ends. Default 0.001 to 300,000: milliseconds and ratios both fit. */
  min?: number
  max?: number
}

/** Times that a slot may last its length where traffic is thin. */
const MAX_STRETCH = 3

/** Quantiles of what was measured lately, and what is still to be waited for. */
export interface LatencyWindow {
  add(value: number): void
  /** An attempt given up at `value`: its true value is longer. */
  addCensored(value: number): void
  /** `undefined` while nothing was measured in the window. */
  quantile(q: number): number | undefined
  /** P(X > `at` | X > `from`): of the attempts that last longer than `from`, the share that lasts longer than `at`. */
  survival(from: number, at: number): number
  /** E[max(0, X - `past`) | X > `from`]: how much longer than `past`, which is not before `from`, an attempt lasts that lasts longer than `from`. */
  meanExcess(from: number, past: number): number
  /** Measurements in the window, censored ones included. */
  readonly count: number
}

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
  minCount = 100,
  accuracy = 0.01,
  min = 0.001,
  max = 300_000,
}: LatencyWindowOptions): LatencyWindow {
  const buckets = createLogBuckets({ accuracy, min, max })
  const measured = createBucketWindow(buckets.size, slots)
  let censored: BucketWindow | undefined
  const counts = new Float64Array(slots)
  let current = 0
  let turnsAt = now() + slotMs
  /** Times its length that the current slot has lasted. */
  let stretched = 0
  let count = 0

  function turnTo(time: number): void {
    for (; time >= turnsAt && count > 0; turnsAt += slotMs) {
      const oldest = (current + 1) % slots
      stretched += 1
      if (count - counts[oldest]! < minCount && stretched < MAX_STRETCH) continue
      stretched = 0
      current = oldest
      measured.turn()
      censored?.turn()
      count -= counts[current]!
      counts[current] = 0
    }
    if (count === 0) turnsAt = time + slotMs
  }
  function turn(): void {
    const time = now()
    if (time >= turnsAt) turnTo(time)
  }
  function counted(): void {
    count += 1
    counts[current]! += 1
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
      const place = censored === undefined || censored.total === 0 ? plainPlace(measured, q) : survivalPlace(measured, censored, q)
      return place === undefined ? undefined : buckets.valueAt(place)
    },
    survival(from, at) {
      turn()
      return remainder(measured, censored, buckets, from, Math.max(from, at)).share
    },
    meanExcess(from, past) {
      turn()
      return remainder(measured, censored, buckets, from, Math.max(from, past)).excess
    },
    get count() {
      turn()
      return count
    },
  }
}

/** Walks down from the longest value, since the quantiles that matter are near it. */
function plainPlace({ totals, total, lowest, highest }: BucketWindow, q: number): number | undefined {
  if (total === 0) return undefined
  let beyond = total * (1 - q)
  for (let bucket = highest; bucket >= lowest; bucket--) {
    const inside = totals[bucket]!
    if (inside > beyond) return bucket + placeInside(inside - beyond, inside)
    beyond -= inside
  }
  return lowest + placeInside(0, totals[lowest]!)
}
