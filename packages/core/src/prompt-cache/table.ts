import { createLru } from '../lru.ts'
import type { Clock } from '../clock.ts'
import type { ModelCard, PrefixBlock, TargetFacts, Usage } from '../types.ts'
import { isAutomatic } from './rule.ts'

/** Blocks looked at from the end of a prompt; older ones cannot be its longest known prefix in practice. */
const WALK_BLOCKS = 256
/** Our count of a block may be off by this much before what the provider reports contradicts it. */
const COUNT_TOLERANCE = 1.05
const DEFAULT_TTL_SECONDS = 300

/** The longest prefix known to be cached, in `o200k` tokens, by cache key. */
export type KnownPrefixes = ReadonlyMap<string, number>

/** Which cache a target reads: entries are per model and account. */
export const cacheKeyOf = ({ card, account = '' }: Pick<TargetFacts, 'account' | 'card'>): string =>
  `${card.provider}/${card.id}/${account}`

/** What providers' prompt caches should hold now. Bounded: `max` blocks, default 20,000. */
export function createCacheTable({ now }: Pick<Clock, 'now'>, { max = 20_000 }: { max?: number } = {}) {
  const blocks = createLru<number, Map<string, number>>(max)

  return {
    /** One walk for all targets: the longest live prefix each cache holds. */
    lookUp(prefix: readonly PrefixBlock[]): KnownPrefixes {
      const known = new Map<string, number>()
      const time = now()
      for (let at = prefix.length - 1; at >= Math.max(0, prefix.length - WALK_BLOCKS); at -= 1) {
        const block = prefix[at]!
        const caches = blocks.peek(block.hash)
        if (caches === undefined) continue
        for (const [key, until] of caches) if (until > time && !known.has(key)) known.set(key, block.tokens)
      }
      return known
    },

    /** Notes what is cached now that a response has come. */
    observe(key: string, card: ModelCard, prefix: readonly PrefixBlock[], usage: Usage, tokensPerO200k: number): void {
      if (card.cache.kind === 'none') return
      // Where the provider caches by itself the whole prompt is held now; elsewhere only what it says it read or wrote.
      const heldTokens = isAutomatic(card.cache) ? usage.inputTokens : usage.cacheReadTokens + usage.cacheWriteTokens
      const time = now()
      const until = time + (card.cache.ttls[0]?.seconds ?? DEFAULT_TTL_SECONDS) * 1_000
      for (let at = prefix.length - 1; at >= Math.max(0, prefix.length - WALK_BLOCKS); at -= 1) {
        const block = prefix[at]!
        if (block.tokens * tokensPerO200k > heldTokens * COUNT_TOLERANCE) continue
        const caches = blocks.get(block.hash) ?? new Map<string, number>()
        const wasLive = (caches.get(key) ?? 0) > time
        caches.set(key, until)
        blocks.set(block.hash, caches)
        // What lies before a block that is known to be cached was noted with it.
        if (wasLive) break
      }
    },
  }
}

export type CacheTable = ReturnType<typeof createCacheTable>
