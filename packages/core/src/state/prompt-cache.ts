import { LRUCache } from 'lru-cache'
import type { Clock } from '../clock.ts'
import type { ModelCard, PrefixBlock, TargetFacts, Usage } from '../types.ts'

/** Blocks looked at from the end of a prompt; older ones cannot be its longest known prefix in practice. */
const WALK_BLOCKS = 256
/** Weight of the newest observation in what is learned about a target. */
const LEARNING_RATE = 0.1

/** The longest prefix known to be cached, in `o200k` tokens, by cache key. */
export type KnownPrefixes = ReadonlyMap<string, number>

/** Which cache a target reads: entries are per model and account. */
export const cacheKeyOf = (target: Pick<TargetFacts, 'account' | 'card'>): string =>
  `${target.card.provider}/${target.card.id}/${target.account ?? ''}`

/** The provider caches without being asked. */
const isAutomatic = ({ cache }: ModelCard): boolean =>
  cache.kind === 'auto-prefix' || cache.kind === 'prefix-units' || cache.implicitBreakpoint === true

interface Learned {
  /** Reported over predicted cached tokens. */
  reliability: number
  /** Share of uncached input that is written to the cache. */
  writeShare: number
}

/** What providers' prompt caches are expected to hold, corrected by what responses report. Bounded: `max` blocks. */
export function createPromptCacheTable({ now, max = 20_000 }: { now: Clock['now']; max?: number }) {
  const blocks = new LRUCache<number, Map<string, number>>({ max })
  const learned = new LRUCache<string, Learned>({ max: 1_000 })

  const learnedOf = (key: string, card: ModelCard): Learned => {
    const known = learned.get(key)
    if (known !== undefined) return known
    const fresh = { reliability: 1, writeShare: isAutomatic(card) ? 1 : 0 }
    learned.set(key, fresh)
    return fresh
  }
  const isWarm = (hash: number, key: string) => (blocks.get(hash)?.get(key) ?? 0) > now()

  return {
    /** One walk for all targets: the longest live prefix each cache holds. */
    lookUp(prefix: readonly PrefixBlock[]): KnownPrefixes {
      const known = new Map<string, number>()
      const time = now()
      for (let at = prefix.length - 1; at >= Math.max(0, prefix.length - WALK_BLOCKS); at -= 1) {
        const block = prefix[at]!
        for (const [key, until] of blocks.get(block.hash) ?? []) {
          if (until > time && !known.has(key)) known.set(key, block.tokens)
        }
      }
      return known
    },

    /** Input tokens expected to be read from and written to the cache, in the model's own tokens. */
    predict(known: KnownPrefixes, key: string, card: ModelCard, inputTokens: number, tokensPerO200k: number) {
      if (card.cache.kind === 'none') return { read: 0, write: 0 }
      const { reliability, writeShare } = learnedOf(key, card)
      const step = card.cache.stepTokens ?? 1
      const held = Math.floor(((known.get(key) ?? 0) * tokensPerO200k) / step) * step
      const read = held < card.cache.minTokens ? 0 : Math.min(inputTokens, Math.round(held * reliability))
      const write = inputTokens < card.cache.minTokens ? 0 : Math.round((inputTokens - read) * writeShare)
      return { read, write }
    },

    /** Learns from a response: what is cached now, and how good the prediction was. */
    observe(
      key: string,
      card: ModelCard,
      prefix: readonly PrefixBlock[],
      usage: Usage,
      predictedRead: number,
      tokensPerO200k: number,
    ): void {
      if (card.cache.kind === 'none') return
      const state = learnedOf(key, card)
      if (predictedRead > 0) {
        state.reliability += LEARNING_RATE * (Math.min(1.2, usage.cacheReadTokens / predictedRead) - state.reliability)
      }
      const uncached = usage.inputTokens - usage.cacheReadTokens
      if (uncached >= card.cache.minTokens) {
        state.writeShare += LEARNING_RATE * (Math.min(1, usage.cacheWriteTokens / uncached) - state.writeShare)
      }
      // Where the provider caches by itself the whole prompt is held now; elsewhere only what it says it read or wrote.
      const heldTokens = isAutomatic(card) ? usage.inputTokens : usage.cacheReadTokens + usage.cacheWriteTokens
      const until = now() + (card.cache.ttls[0]?.seconds ?? 300) * 1_000
      for (let at = prefix.length - 1; at >= Math.max(0, prefix.length - WALK_BLOCKS); at -= 1) {
        const block = prefix[at]!
        if (block.tokens * tokensPerO200k > heldTokens * 1.05) continue
        const known = isWarm(block.hash, key)
        const caches = blocks.get(block.hash) ?? new Map<string, number>()
        caches.set(key, until)
        blocks.set(block.hash, caches)
        if (known) break
      }
    },
  }
}

export type PromptCacheTable = ReturnType<typeof createPromptCacheTable>
