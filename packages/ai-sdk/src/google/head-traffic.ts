import { costOf, toUsd, type Clock, type ModelCard } from '@routewise/core'

const MS_PER_HOUR = 3_600_000
/** Traffic is looked at over so long. */
const WINDOW_MS = MS_PER_HOUR
/** Fewer calls than this say nothing of how many will follow. */
const MIN_CALLS = 3
/** What storage must bring in, over what it costs: the traffic ahead is a guess. */
const MARGIN = 1.2
const MAX_CALLS = 1_000

/** How often one head, tools and system, is asked with, and how much of it Google has cached by itself. */
export function createHeadTraffic({ now, wall }: Clock, card: ModelCard) {
  let calls: number[] = []
  /** Of calls after the first, which finds nothing anywhere. */
  let uncachedShare: number | undefined

  const usd = (inputTokens: number, cacheReadTokens: number): number => {
    const cost = costOf(card, { inputTokens, cacheReadTokens, cacheWriteTokens: 0, outputTokens: 0, reasoningTokens: 0 }, wall())
    return cost === undefined ? 0 : toUsd(cost)
  }

  return {
    /** Dollars for reading so many tokens uncached, which is what handing them over costs. */
    inputUsd: (tokens: number): number => usd(tokens, 0),

    /** A call was made; `uncachedTokens` of the head's were read anew, `undefined` where all came from storage. */
    observe(headTokens: number, uncachedTokens: number | undefined): void {
      const since = now() - WINDOW_MS
      calls = [...calls.filter(at => at > since).slice(1 - MAX_CALLS), now()]
      const isFirst = calls.length === 1
      if (uncachedTokens === undefined || isFirst) return
      const uncached = uncachedTokens / Math.max(1, headTokens)
      uncachedShare = uncachedShare === undefined ? uncached : uncachedShare + 0.2 * (uncached - uncachedShare)
    },

    /**
     * Whether holding so many tokens for so long brings in more than it costs: handing them over is charged as input, keeping them by the
     * hour. Source of prices: the card.
     */
    pays(headTokens: number, ttlSeconds: number): boolean {
      const { storageUsdPerMillionTokenHours: storage } = card.cache
      const [first] = calls
      if (storage === undefined || first === undefined || uncachedShare === undefined || calls.length < MIN_CALLS) return false
      const callsPerMs = (calls.length - 1) / Math.max(1, now() - first)
      const saved = usd(headTokens, 0) - usd(headTokens, headTokens)
      const gain = callsPerMs * ttlSeconds * 1_000 * uncachedShare * saved
      return gain > MARGIN * (usd(headTokens, 0) + storageUsd(storage, headTokens, ttlSeconds))
    },
  }
}

export type HeadTraffic = ReturnType<typeof createHeadTraffic>

/** Dollars for keeping so many tokens for so long. */
export const storageUsd = (usdPerMillionTokenHours: number, tokens: number, ttlSeconds: number): number =>
  (usdPerMillionTokenHours * tokens * ttlSeconds * 1_000) / (1_000_000 * MS_PER_HOUR)
