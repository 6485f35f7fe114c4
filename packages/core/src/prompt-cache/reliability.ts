import type { ModelCard, Usage } from '../types.ts'
import { isAutomatic } from './rule.ts'

/** Weight of the newest observation in what is learned about a cache. */
const LEARNING_RATE = 0.1

/** How far one target's cache is believed: what it should hold against what its responses report. */
export function createReliability(card: ModelCard) {
  const { minTokens } = card.cache
  let hitRatio = 1
  let writeShare = isAutomatic(card.cache) ? 1 : 0

  return {
    /** Reported over predicted cached tokens. */
    hitRatio: (): number => hitRatio,
    /** Share of uncached input that is written to the cache. */
    writeShare: (): number => writeShare,
    observe(usage: Usage, predictedRead: number): void {
      if (predictedRead > 0) hitRatio += LEARNING_RATE * (Math.min(1.2, usage.cacheReadTokens / predictedRead) - hitRatio)
      const uncached = usage.inputTokens - usage.cacheReadTokens
      if (uncached >= minTokens) writeShare += LEARNING_RATE * (Math.min(1, usage.cacheWriteTokens / uncached) - writeShare)
    },
  }
}

export type Reliability = ReturnType<typeof createReliability>
