/** Edges of the buckets: half octaves from a tenth of a second to about 29 hours. */
const SHORTEST_MS = 100
const BUCKETS = 40
/** Gaps that are remembered, about: at so many the older half counts half. */
const MEMORY = 512
/** The guess before anything was seen counts as so many gaps. */
const PRIOR_GAPS = 2

/** Learns the pauses between the calls of conversations. */
export interface Gaps {
  add(ms: number): void
  /** Of the gaps, the share that is no longer than this. */
  shareWithin(ms: number): number
  /** The gap that a share of those seen does not exceed, to about a fifth. */
  quantile(share: number): number
}

/** Gaps in half octaves, newer ones weighing more. `medianMs`: a guess of the middle one before any was seen; the tail is taken to be heavy. */
export function createGaps(medianMs: number): Gaps {
  const counts = new Float64Array(BUCKETS)
  let total = 0
  const guess = (ms: number) => ms / (ms + medianMs)

  const shareWithin = (ms: number): number => {
    if (ms === Number.POSITIVE_INFINITY) return 1
    if (!(ms > 0)) return 0
    const place = placeOf(ms)
    const bucket = Math.min(BUCKETS - 1, Math.floor(place))
    let within = PRIOR_GAPS * guess(ms)
    for (let at = 0; at < bucket; at += 1) within += counts[at]!
    within += counts[bucket]! * Math.min(1, place - bucket)
    return Math.min(1, within / (total + PRIOR_GAPS))
  }

  return {
    add(ms) {
      counts[Math.min(BUCKETS - 1, Math.floor(placeOf(ms)))]! += 1
      total += 1
      if (total < MEMORY) return
      total = 0
      for (let at = 0; at < BUCKETS; at += 1) total += counts[at]! /= 2
    },
    shareWithin,
    quantile(share) {
      let at = 0
      for (let within = counts[0]!; at < BUCKETS - 1 && within < share * total; within += counts[at]!) at += 1
      return edge(at + 1)
    },
  }
}

const placeOf = (ms: number): number => Math.max(0, 2 * Math.log2(Math.max(ms, SHORTEST_MS) / SHORTEST_MS))
const edge = (bucket: number): number => SHORTEST_MS * 2 ** (bucket / 2)
