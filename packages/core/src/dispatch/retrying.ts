import type { Clock, Random } from '../clock.ts'
import { failureRule } from '../failure/rule.ts'
import type { RoutingSettings } from '../options.ts'
import type { Health } from '../state/health.ts'
import type { RetryBudget } from '../state/retry-budget.ts'
import type { Candidate, Failure } from '../types.ts'

/** Rate limits and overload last longer than a breakdown. Source: AWS SDK for JavaScript, 1,000 ms against 50. */
const THROTTLED_FACTOR = 20

/** A candidate that has failed in this call. */
export interface FailedCandidate {
  candidate: Candidate
  failure: Failure
}

/** Whom to ask again, and in how long. */
export interface Retry {
  candidate: Candidate
  delayMs: number
  kind: 'throttled' | 'transient'
}

interface RetryingOptions {
  settings: RoutingSettings['retry']
  clock: Clock
  random: Random
  budget: RetryBudget
  health: Pick<Health, 'isThrottled'>
  valueOfTimeUsdPerSecond: number
}

/** Decides when one call may ask a target again that has failed. */
export function createRetrying({ settings, clock, random, budget, health, valueOfTimeUsdPerSecond }: RetryingOptions) {
  /** Full jitter: callers that failed together must not come back together. Source: AWS Architecture Blog, 2015. */
  const delayOf = ({ candidate, failure }: FailedCandidate, made: number): Retry | undefined => {
    const { retry } = failureRule(failure.kind)
    if (settings === false || retry === 'never' || health.isThrottled(candidate.id)) return undefined
    const { baseDelayMs, maxDelayMs } = settings
    const base = retry === 'throttled' ? baseDelayMs * THROTTLED_FACTOR : baseDelayMs
    const backoffMs = random() * Math.min(maxDelayMs, base * 2 ** made)
    const delayMs = Math.max(failure.retryAfterMs ?? 0, backoffMs)
    return delayMs > maxDelayMs ? undefined : { candidate, delayMs, kind: retry }
  }
  const cost = ({ expectedCostUsd, expectedFirstTokenMs }: Candidate, waitMs: number): number =>
    expectedCostUsd + (valueOfTimeUsdPerSecond * (expectedFirstTokenMs + waitMs)) / 1_000

  const isPossible = ({ delayMs, kind }: Retry, endsAt: number): boolean => clock.now() + delayMs < endsAt && budget.has(kind)
  const mayRetry = (made: number): boolean => settings !== false && made < settings.maxRetries

  return {
    /** The provider has said when to come back, and waiting for it is expected to cost less, time included, than the next candidate. */
    instead(failed: FailedCandidate, next: Candidate, made: number, endsAt: number): Retry | undefined {
      if (failed.failure.retryAfterMs === undefined || !mayRetry(made)) return undefined
      const retry = delayOf(failed, made)
      if (retry === undefined || !isPossible(retry, endsAt)) return undefined
      // Where a price is not known, nothing can be said to be cheaper.
      const fallback = cost(next, 0)
      return Number.isFinite(fallback) && cost(retry.candidate, retry.delayMs) < fallback ? retry : undefined
    },
    /** Nobody else is left: the soonest of those that may recover. */
    again(failures: Iterable<FailedCandidate>, made: number, endsAt: number): Retry | undefined {
      if (!mayRetry(made)) return undefined
      let soonest: Retry | undefined
      for (const failed of failures) {
        const retry = delayOf(failed, made)
        if (retry !== undefined && (soonest === undefined || retry.delayMs < soonest.delayMs)) soonest = retry
      }
      return soonest !== undefined && isPossible(soonest, endsAt) ? soonest : undefined
    },
    /** To be asked when the wait is over: retries are paid for when they are sent, or those of a minute could go out in one second. */
    pay: ({ kind }: Retry): boolean => budget.take(kind),
  }
}

export type Retrying = ReturnType<typeof createRetrying>
