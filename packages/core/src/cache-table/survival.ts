/** Buckets of idle time: thirds of octaves around the documented lifetime, which is an edge. */
const STEPS_PER_OCTAVE = 3
const OCTAVES_BELOW = 8
const OCTAVES_ABOVE = 8
const BUCKETS = STEPS_PER_OCTAVE * (OCTAVES_BELOW + OCTAVES_ABOVE)
const BUCKETS_BELOW = STEPS_PER_OCTAVE * OCTAVES_BELOW
/** Observations that are remembered in a bucket, about. */
const MEMORY = 64
/** What is believed before anything was seen counts as so many observations in each bucket. */
const PRIOR_WEIGHT = 0.25
/** Weight of the newest observation in how much comes at all, of what was used lately: within this part of the documented lifetime. */
const LEARNING_RATE = 0.1
const LATELY_PART = 0.125
/** Where nothing is guaranteed, fewer are believed to live from this part of the documented lifetime on, down to this share at its end. */
const SURE_PART = 0.25
const SHARE_AT_END = 0.7

/** How much of what a cache held is still there, by the time since it was last used. */
export interface Survival {
  /** From 0 to 1; never more for a longer time. */
  at(idleMs: number): number
  /** Of what was held, this share came after so long. */
  observe(idleMs: number, share: number): void
}

/**
 * Learns how long entries live from those found and those missed. It begins with the documented lifetime: with `guaranteed` all live
 * until then, else fewer as it comes near; afterwards none, until some are seen to. Where even what was used just now is often missed,
 * all times are believed less. A longer time never survives better: where what was seen says so, neighbours are pooled (isotonic
 * regression; Ayer et al. 1955, for what is only known to be there or gone at one time).
 */
export function createSurvival(ttlMs: number, guaranteed: boolean): Survival {
  const seen = new Float64Array(BUCKETS)
  const found = new Float64Array(BUCKETS)
  const shares = new Float64Array(BUCKETS)
  let comes = 1
  const prior = (bucket: number) => {
    if (bucket >= BUCKETS_BELOW) return 0
    const part = 2 ** ((bucket + 0.5 - BUCKETS_BELOW) / STEPS_PER_OCTAVE)
    return guaranteed || part <= SURE_PART ? comes : comes * (1 - ((1 - SHARE_AT_END) * (part - SURE_PART)) / (1 - SURE_PART))
  }
  const bucketOf = (idleMs: number): number => {
    if (!(idleMs > 0)) return 0
    const bucket = BUCKETS_BELOW + Math.floor(STEPS_PER_OCTAVE * Math.log2(idleMs / ttlMs) + 1e-9)
    return Math.max(0, Math.min(BUCKETS - 1, bucket))
  }
  const pooledShares = new Float64Array(BUCKETS)
  const weights = new Float64Array(BUCKETS)
  const ends = new Int32Array(BUCKETS)

  function pool(): void {
    let blocks = 0
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
      let weight = seen[bucket]! + PRIOR_WEIGHT
      let share = (found[bucket]! + PRIOR_WEIGHT * prior(bucket)) / weight
      for (; blocks > 0 && pooledShares[blocks - 1]! < share; blocks -= 1) {
        const before = weights[blocks - 1]!
        share = (share * weight + pooledShares[blocks - 1]! * before) / (weight + before)
        weight += before
      }
      pooledShares[blocks] = share
      weights[blocks] = weight
      ends[blocks] = bucket + 1
      blocks += 1
    }
    for (let block = 0, from = 0; block < blocks; from = ends[block]!, block += 1) shares.fill(pooledShares[block]!, from, ends[block])
  }
  pool()

  return {
    at: idleMs => shares[bucketOf(idleMs)]!,
    observe(idleMs, share) {
      const bucket = bucketOf(idleMs)
      if (idleMs <= ttlMs * LATELY_PART) comes += LEARNING_RATE * (share - comes)
      seen[bucket]! += 1
      found[bucket]! += share
      if (seen[bucket]! > MEMORY) {
        seen[bucket]! /= 2
        found[bucket]! /= 2
      }
      pool()
    },
  }
}
