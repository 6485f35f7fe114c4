import type { Clock, Random } from '../clock.ts'
import type { RoutingSettings } from '../options.ts'
import { failureRule } from '../failure/rule.ts'
import type { Store } from '../store.ts'
import type { Failure, ResponseHeaders } from '../types.ts'
import { type Admission, type BreakerChange, createBreakers } from './breaker.ts'
import { createCooldowns } from './cooldown.ts'
import { createFailureThrottle } from './failure-throttle.ts'
import { createPacing } from './pacing.ts'
import { readRateLimits } from './rate-limits.ts'

/** A provider that asks for more, such as until its quota is new, is tried again by then all the same. */
const MAX_COOLDOWN_MS = 900_000

interface HealthOptions {
  breaker: RoutingSettings['breaker']
  clock: Clock
  random: Random
  store: Store | undefined
  onBreaker(change: BreakerChange): void
}

/** Why a target had better be left alone for now. */
export type Rest = 'cooldown' | 'breaker open' | 'rate limit reached'

/** What is known of how well each target is. All of it is advice: where it would leave nobody, everybody may be called. */
export function createHealth({ breaker, clock, random, store, onBreaker }: HealthOptions) {
  const breakers = createBreakers({ settings: breaker, clock, random, onChange: onBreaker })
  const cooldowns = createCooldowns({ clock, store })
  const throttle = createFailureThrottle(clock)
  const pacing = createPacing(clock)

  function resting(target: string, inputTokens: number): Rest | undefined {
    if (cooldowns.isCooling(target)) return 'cooldown'
    if (breakers.isOpen(target)) return 'breaker open'
    return pacing.isSpent(target, inputTokens) ? 'rate limit reached' : undefined
  }

  function failed(target: string): void {
    throttle.failed(target)
  }

  return {
    resting,
    /** Reads, in the background, what other instances have told of their targets. */
    refresh: cooldowns.refresh,
    admit: breakers.admit,
    /** It has failed so often that more than one attempt per call would only make it worse. */
    isThrottled: throttle.isBlocked,
    sent: pacing.spend,
    headers(target: string, headers: ResponseHeaders): void {
      const limits = readRateLimits(headers, clock.wall())
      if (limits !== undefined) pacing.observe(target, limits)
    },

    answered(target: string, admission: Admission | undefined): void {
      cooldowns.clear(target)
      throttle.succeeded(target)
      if (admission !== undefined) breakers.report(admission, 'success')
    },
    failed(target: string, admission: Admission | undefined, { kind, retryAfterMs }: Failure): void {
      const { health, cooldownMs } = failureRule(kind)
      cooldowns.start(target, Math.min(retryAfterMs ?? cooldownMs, MAX_COOLDOWN_MS))
      if (health === 'failure') failed(target)
      if (admission !== undefined) breakers.report(admission, health)
    },
    /** Nothing came for so long that the caller's own time was over. */
    timedOut(target: string, admission: Admission | undefined): void {
      failed(target)
      if (admission !== undefined) breakers.report(admission, 'failure')
    },
    /** It was given up for another reason than its own. */
    givenUp(admission: Admission | undefined): void {
      if (admission !== undefined) breakers.report(admission, 'neutral')
    },
  }
}

export type Health = ReturnType<typeof createHealth>
