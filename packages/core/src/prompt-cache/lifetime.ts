import { priced } from '../money/schedule.ts'
import type { ModelCard } from '../types.ts'

/** A longer lifetime is chosen where it is expected to cost this much less: conversations do not go to and fro between two. */
const WORTH_LONGER = 0.95
/** What most providers charge, for models whose price is not known: input 1, write 1.25, read 0.1. */
const USUAL = { input: 1, cacheWrite: 1.25, cacheRead: 0.1, cacheWriteByTtl: { '1h': 2 } as Readonly<Record<string, number>> }

/** What is expected of tokens once they are in the cache. */
export interface CacheUse {
  /** Probability that they are asked for again at all. */
  again: number
  /** Of those that are, the share that comes within so many milliseconds. */
  within(ms: number): number
  /** Times that they are expected to be asked for. */
  times: number
  /** Of what is to be cached, the share that is not held yet, and that which each time adds. */
  freshShare: number
  addedShare: number
}

/** How long something is to be held, and whether to write it is worth its premium. */
export interface Lifetime {
  /** `undefined`: the provider's default. */
  id: string | undefined
  seconds: number
  pays: boolean
}

export const NEVER: Lifetime = { id: undefined, seconds: 0, pays: false }

/**
 * The lifetime that costs least for this use, of those the card knows; `wanted`: `auto`, or the id of the only one that comes into
 * question, which is passed over where the card does not know it. A token that is found again with probability x each time is read
 * x / (1 − x) times before it is lost: a write pays where that is more than (w − 1) / (1 − r).
 */
export function lifetimeFor(card: ModelCard, wallMs: number, use: CacheUse, wanted: string): Lifetime {
  const { cache } = card
  const rates = priced(card, wallMs, 0)?.pico ?? USUAL
  const fixed = wanted === 'auto' ? undefined : cache.ttls.find(({ id }) => id === wanted)
  let chosen = NEVER
  let least = Number.POSITIVE_INFINITY
  for (const ttl of fixed === undefined ? cache.ttls : [fixed]) {
    const isDefault = ttl === cache.ttls[0]
    const write = (isDefault ? undefined : rates.cacheWriteByTtl[ttl.id]) ?? rates.cacheWrite
    const found = use.within(ttl.seconds * 1_000)
    const again = use.again * found
    const pays = again * (rates.input - rates.cacheRead) > (1 - again) * (write - rates.input)
    const cost = use.freshShare * write + use.times * (found * rates.cacheRead + (1 - found + use.addedShare) * write)
    if (chosen !== NEVER && (!pays || cost > least * WORTH_LONGER)) continue
    chosen = { id: isDefault ? undefined : ttl.id, seconds: ttl.seconds, pays }
    least = pays ? cost : Number.POSITIVE_INFINITY
  }
  return chosen
}

export const longer = (a: Lifetime, b: Lifetime): Lifetime => (a.seconds >= b.seconds ? a : b)
