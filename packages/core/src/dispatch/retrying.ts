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
    return delayMs > maxDelayMs ? undefined : { candidate, delayMs }
  }
  const cost = ({ expectedCostUsd, expectedFirstTokenMs }: Candidate, waitMs: number): number =>
    expectedCostUsd + (valueOfTimeUsdPerSecond * (expectedFirstTokenMs + waitMs)) / 1_000

  const pay = (retry: Retry | undefined, failure: Failure | undefined, endsAt: number): Retry | undefined => {
    if (retry === undefined || failure === undefined || clock.now() + retry.delayMs >= endsAt) return undefined
    return budget.take(failureRule(failure.kind).retry === 'throttled' ? 'throttled' : 'transient') ? retry : undefined
  }
  const mayRetry = (made: number): boolean => settings !== false && made < settings.maxRetries

  return {
    /** The provider has said when to come back, and waiting for it is expected to cost less, time included, than the next candidate. */
    instead(failed: FailedCandidate, next: Candidate, made: number, endsAt: number): Retry | undefined {
      if (failed.failure.retryAfterMs === undefined || !mayRetry(made)) return undefined
      const retry = delayOf(failed, made)
      // Where a price is not known, nothing can be said to be cheaper.
      if (retry === undefined || !Number.isFinite(cost(next, 0)) || cost(retry.candidate, retry.delayMs) >= cost(next, 0)) return undefined
      return pay(retry, failed.failure, endsAt)
    },
    /** Nobody else is left: the soonest of those that may recover. */
    again(failures: readonly FailedCandidate[], made: number, endsAt: number): Retry | undefined {
      if (!mayRetry(made)) return undefined
      let soonest: Retry | undefined
      let failure: Failure | undefined
      for (const failed of failures) {
        const retry = delayOf(failed, made)
        if (retry === undefined || (soonest !== undefined && soonest.delayMs <= retry.delayMs)) continue
        soonest = retry
        failure = failed.failure
      }
      return pay(soonest, failure, endsAt)
    },
  }
}

export type Retrying = ReturnType<typeof createRetrying>
