import { createCacheRecords, SIGHTED, SPAN } from './cache-records.ts'
import { createPrefixTree } from './prefix-tree.ts'
import type { PrefixBlock, TargetFacts } from '../types.ts'

const NONE = -1
/** About 10 MB when it is full, of which a router takes what it needs. */
const MAX_BLOCKS = 200_000

/** Part of a prompt that a cache is known to have held. */
export interface Holding {
  kind: number
  /** Machine that it is held on. */
  lane: number
  /** Index of its last block. */
  depth: number
  /** Its length in `o200k`, and as the provider counts it. */
  tokens: number
  reportedTokens: number
  /** When a request last wrote or read it. */
  usedAt: number
  /** Index of its lifetime in the rule. */
  ttl: number
  /** Another of the same cache. */
  next: Holding | undefined
}

/** What caches hold of one prompt. */
export interface KnownPrefixes {
  /** A list of what one cache holds, in no order; each is a prefix of the prompt. */
  of(cache: number): Holding | undefined
}

/** Which cache a target reads: entries are per model and account. */
export const cacheKeyOf = ({ card, account = '' }: Pick<TargetFacts, 'account' | 'card'>): string =>
  `${card.provider}/${card.id}/${account}`

/** What providers' prompt caches should hold now: all prompts in one tree, and what each cache has of it. Bounded: `max` blocks, default 200,000. */
export function createCacheTable({ max = MAX_BLOCKS }: { max?: number } = {}) {
  const records = createCacheRecords()
  const tree = createPrefixTree(max, { parted: records.part, dropped: records.drop })
  const caches = new Map<string, number>()

  return {
    records,
    tree,

    /** Number of a target's cache. */
    cacheOf(target: Pick<TargetFacts, 'account' | 'card'>): number {
      const key = cacheKeyOf(target)
      const known = caches.get(key)
      if (known !== undefined) return known
      caches.set(key, caches.size)
      return caches.size - 1
    },

    /** One walk for all targets: what each cache has of a prompt. */
    lookUp(prefix: readonly PrefixBlock[]): KnownPrefixes {
      const block = tree.find(prefix)
      if (block === NONE) return NOTHING_KNOWN
      const deepest = tree.depthOf(block)
      const held: (Holding | undefined)[] = []
      held.length = caches.size
      for (let run = tree.runOf(block); run !== NONE; run = tree.before(run)) {
        for (let id = records.first(run); id !== NONE; id = records.next(id)) {
          const kind = records.kindOf(id)
          const depth = records.depthOf(id)
          if (kind === SIGHTED || (depth > deepest && kind !== SPAN)) continue
          const cache = records.cacheOf(id)
          const tokens = records.tokensOf(id)
          const reportedTokens = records.reportedTokensOf(id)
          // Of what covers more than the prompt has in common with it, that part.
          const common = depth > deepest ? prefix[deepest]!.tokens : tokens
          held[cache] = {
            kind,
            lane: records.laneOf(id),
            depth: Math.min(depth, deepest),
            tokens: common,
            reportedTokens: common === tokens ? reportedTokens : Math.round((reportedTokens * common) / Math.max(1, tokens)),
            usedAt: records.usedAtOf(id),
            ttl: records.ttlOf(id),
            next: held[cache],
          }
        }
      }
      return new Known(held)
    },
  }
}

class Known implements KnownPrefixes {
  readonly #held: readonly (Holding | undefined)[]
  constructor(held: readonly (Holding | undefined)[]) {
    this.#held = held
  }
  of(cache: number): Holding | undefined {
    return this.#held[cache]
  }
}

const NOTHING_KNOWN: KnownPrefixes = new Known([])

export type CacheTable = ReturnType<typeof createCacheTable>
