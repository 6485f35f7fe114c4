import { createLru } from '../lru.ts'
import type { Clock } from '../clock.ts'
import type { ModelCard, PrefixBlock, TargetFacts, Usage } from '../types.ts'

/** Blocks looked at from the end of a prompt; older ones cannot be its longest known prefix in practice. */
const WALK_BLOCKS = 256
/** Weight of the newest observation in what is learned about a cache. */
const LEARNING_RATE = 0.1
/** Our count of a block may be off by this much before what the provider reports contradicts it. */
const COUNT_TOLERANCE = 1.05
const DEFAULT_TTL_SECONDS = 300

/** The longest prefix known to be cached, in `o200k` tokens, by cache key. */
export type KnownPrefixes = ReadonlyMap<string, number>

/** Which cache a target reads: entries are per model and account. */
export const cacheKeyOf = ({ card, account = '' }: Pick<TargetFacts, 'account' | 'card'>): string =>
  `${card.provider}/${card.id}/${account}`

/** The provider caches without being asked. */
const isAutomatic = ({ cache }: ModelCard): boolean =>
  cache.kind === 'auto-prefix' || cache.kind === 'prefix-units' || cache.implicitBreakpoint === true

/** How far one target's cache is believed: what it should hold against what its responses report. */
export function createCacheTrust(card: ModelCard) {
  const { kind, minTokens, stepTokens = 1 } = card.cache
  /** Reported over predicted cached tokens. */
  let reliability = 1
  /** Share of uncached input that is written to the cache. */
  let writeShare = isAutomatic(card) ? 1 : 0

  return {
    /** Of `inputTokens`, those expected to be read from and written to the cache. `heldTokens` are `o200k`, the rest the model's own. */
    predict(heldTokens: number | undefined, inputTokens: number, tokensPerO200k: number): { read: number; write: number } {
      if (kind === 'none') return { read: 0, write: 0 }
      const held = Math.floor(((heldTokens ?? 0) * tokensPerO200k) / stepTokens) * stepTokens
      const read = held < minTokens ? 0 : Math.min(inputTokens, Math.round(held * reliability))
      const write = inputTokens < minTokens ? 0 : Math.round((inputTokens - read) * writeShare)
      return { read, write }
    },
    observe(usage: Usage, predictedRead: number): void {
      if (predictedRead > 0) reliability += LEARNING_RATE * (Math.min(1.2, usage.cacheReadTokens / predictedRead) - reliability)
      const uncached = usage.inputTokens - usage.cacheReadTokens
      if (uncached >= minTokens) writeShare += LEARNING_RATE * (Math.min(1, usage.cacheWriteTokens / uncached) - writeShare)
    },
  }
}

/** What providers' prompt caches should hold now. Bounded: `max` blocks, default 20,000. */
export function createPromptCacheTable({ now }: Pick<Clock, 'now'>, { max = 20_000 }: { max?: number } = {}) {
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
      const heldTokens = isAutomatic(card) ? usage.inputTokens : usage.cacheReadTokens + usage.cacheWriteTokens
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
