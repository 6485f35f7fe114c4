/** Counts per bucket over a moving window of time slots. */
export interface BucketWindow {
  /** Counts of the whole window, by bucket. */
  readonly totals: Uint32Array
  /** Sum of `totals`. */
  readonly total: number
  /** No bucket outside of these holds a count, so that a reader need not look there. */
  readonly lowest: number
  readonly highest: number
  add(bucket: number): void
  /** Starts the next slot and forgets the oldest one. */
  turn(): void
  clear(): void
}

const FULL = 0xffff

/** A ring of `slots` slots and their running total, so that reading needs no sum. Memory: `buckets × (2 × slots + 4)` bytes. */
export function createBucketWindow(buckets: number, slots: number): BucketWindow {
  const totals = new Uint32Array(buckets)
  const ring = Array.from({ length: slots }, () => new Uint16Array(buckets))
  let current = 0
  let total = 0
  let lowest = buckets
  let highest = -1

  /** A full bucket halves its slot: the slot keeps its shape and loses weight against the others. */
  function halve(slot: Uint16Array): void {
    for (let bucket = 0; bucket < buckets; bucket++) {
      const half = slot[bucket]! >>> 1
      totals[bucket]! -= slot[bucket]! - half
      total -= slot[bucket]! - half
      slot[bucket] = half
    }
  }

  return {
    totals,
    get total() {
      return total
    },
    get lowest() {
      return lowest
    },
    get highest() {
      return highest
    },
    add(bucket) {
      const slot = ring[current]!
      if (slot[bucket] === FULL) halve(slot)
      slot[bucket]! += 1
      totals[bucket]! += 1
      total += 1
      if (bucket < lowest) lowest = bucket
      if (bucket > highest) highest = bucket
    },
    turn() {
      current = (current + 1) % slots
      const oldest = ring[current]!
      const [from, to] = [lowest, highest]
      lowest = buckets
      highest = -1
      for (let bucket = from; bucket <= to; bucket++) {
        total -= oldest[bucket]!
        const left = (totals[bucket]! -= oldest[bucket]!)
        if (left === 0) continue
        if (bucket < lowest) lowest = bucket
        highest = bucket
      }
      oldest.fill(0)
    },
    clear() {
      total = 0
      lowest = buckets
      highest = -1
      totals.fill(0)
      for (const slot of ring) slot.fill(0)
    },
  }
}

/** A bucket with fewer counts says nothing of where in it they lie. */
const MIN_SPREAD = 8

/** Where in a bucket a rank lies, from 0 at its lower edge to 1 at its upper one: its counts are taken to be spread evenly. */
export const placeInside = (rank: number, counts: number): number => (counts < MIN_SPREAD ? 0.5 : Math.min(1, Math.max(0, rank / counts)))
