import type { Clock } from '../clock.ts'
import type { Estimator, SilentAttempt } from '../estimate/estimate.ts'
import { costOf } from '../money/cost.ts'
import { toUsd } from '../money/units.ts'
import type { RoutingSettings } from '../options.ts'
import type { Health } from '../state/health.ts'
import type { HedgeBudget } from '../state/hedge-budget.ts'
import type { RetryBudget } from '../state/retry-budget.ts'
import type { Candidate, Usage } from '../types.ts'

/** Why there is no hedge although there is silence. */
export type HedgeRefusal = 'no candidate' | 'target unwell' | 'budget' | 'deadline' | 'not worth its cost'

interface HedgingOptions {
  settings: RoutingSettings['hedge']
  clock: Clock
  estimator: Pick<Estimator, 'silenceMs' | 'hedgeOutlook'>
  health: Pick<Health, 'resting' | 'isThrottled'>
  hedgeBudget: HedgeBudget
  retryBudget: RetryBudget
  valueOfTimeUsdPerSecond: number
}

/** Decides after which silence a second attempt is bought, with whom, and whether it is worth its price. */
export function createHedging(options: HedgingOptions) {
  const { settings, clock, estimator, health, hedgeBudget, retryBudget, valueOfTimeUsdPerSecond } = options

  /** Dollars that a hedge is expected to bring in time saved, less what it is expected to cost. */
  function worth(hedge: Candidate, silent: readonly SilentAttempt[], streaming: boolean): number {
    const { winShare, savedMs } = estimator.hedgeOutlook(hedge, silent, streaming)
    const gain = (valueOfTimeUsdPerSecond * savedMs) / 1_000
    const [{ candidate: first }] = silent as [SilentAttempt]
    // Whoever gave no price is not weighing money; the budgets hold all the same.
    if (!Number.isFinite(hedge.expectedCostUsd) || !Number.isFinite(first.expectedCostUsd)) return gain
    const savedOnFirst = first.expectedCostUsd - costIfCancelled(first, streaming)
    // Where it wins the conversation has gone on elsewhere than planned: coming back, or staying, costs what was saved by going here.
    const astray = Math.max(0, followingUsd(hedge) - followingUsd(first))
    return gain - winShare * (hedge.expectedCostUsd - savedOnFirst + astray) - (1 - winShare) * costIfCancelled(hedge, streaming)
  }

  /** What a call costs that is cancelled before its first token: whole answers, and some providers' streams, are charged to the end. */
  function costIfCancelled(
    { card, cache, expectedCostUsd, inputTokens, cacheReadTokens, cacheWriteTokens }: Candidate,
    streaming: boolean,
  ): number {
    if (!streaming || !card.cancelStopsBilling) return expectedCostUsd
    const usage: Usage = { inputTokens, cacheReadTokens, cacheWriteTokens, outputTokens: 0, reasoningTokens: 0 }
    if (cache?.writeTtl !== undefined) usage.cacheWriteTokensByTtl = { [cache.writeTtl]: cacheWriteTokens }
    return toUsd(costOf(card, usage, clock.wall()) ?? 0)
  }

  return {
    silenceMs(candidate: Candidate, streaming: boolean): number {
      if (settings === false || settings.maxHedges === 0) return Number.POSITIVE_INFINITY
      return settings.delayMs ?? Math.max(settings.minDelayMs, estimator.silenceMs(candidate, streaming))
    },
    maxHedges: settings === false ? 0 : settings.maxHedges,

    /** The candidate to start beside those that are silent, paid for; or why there is none. */
    buy(left: readonly Candidate[], silent: readonly SilentAttempt[], streaming: boolean, endsAt: number): Candidate | HedgeRefusal {
      const well = left.filter(({ id, inputTokens }) => health.resting(id, inputTokens) === undefined && !health.isThrottled(id))
      const [next] = well
      if (next === undefined) return left.length === 0 ? 'no candidate' : 'target unwell'
      if (!hedgeBudget.has() || !retryBudget.has('hedge')) return 'budget'
      const inTime = well.filter(({ expectedFirstTokenMs }) => clock.now() + expectedFirstTokenMs < endsAt)
      if (inTime.length === 0) return 'deadline'
      let best: { candidate: Candidate; isNear: boolean; value: number } | undefined
      for (const candidate of inTime) {
        // A hedge stands in for the next of the plan: it is chosen among those that are at least as good.
        if (candidate.expectedQuality < next.expectedQuality) continue
        const value = worth(candidate, silent, streaming)
        if (value <= 0) continue
        // What slows one model of a provider down often slows its others too: those come after every other provider's.
        const isNear = silent.some(({ candidate: { provider } }) => provider === candidate.provider)
        const isBetter = best === undefined || (isNear === best.isNear ? value > best.value : best.isNear)
        if (isBetter) best = { candidate, isNear, value }
      }
      if (best === undefined) return 'not worth its cost'
      hedgeBudget.take()
      retryBudget.take('hedge')
      return best.candidate
    },
  }
}

/** What the calls cost that are expected to follow this one. */
const followingUsd = ({ conversationCostUsd, expectedCostUsd }: Candidate): number => conversationCostUsd - expectedCostUsd

export type Hedging = ReturnType<typeof createHedging>
