import type { FailureKind } from '../types.ts'

/** What a router may do after a failure. */
export interface FailureRule {
  /** `once`: one other is asked, since the call itself may be at fault; a second failure of this sort ends it. */
  fallback: 'now' | 'once' | 'never'
  /** Milliseconds without calls after a single failure of this kind; a `retryAfterMs` of the provider goes first. */
  cooldownMs: number
  /** Whether asking the same target again may help: after a breakdown (`transient`), or more slowly after a limit (`throttled`). */
  retry: 'never' | 'transient' | 'throttled'
  /** What it says of the target to its breaker: `success` is a target that is well, whatever it made of the call. */
  health: 'failure' | 'success' | 'neutral'
}

/**
 * One failure of a kind that passes is noise, so it starts no cooldown: the breaker counts, and leaves a target alone that fails again
 * and again. What only its owner can mend is left alone at once, and longer than a breaker would.
 */
const rules: Readonly<Record<FailureKind, FailureRule>> = {
  // Nothing heals a key but its owner; asking again only fills the provider's log.
  auth: { fallback: 'now', cooldownMs: 300_000, retry: 'never', health: 'neutral' },
  // A country, or a model that the account may not use: that is settled outside of the call, too.
  permission: { fallback: 'now', cooldownMs: 300_000, retry: 'never', health: 'neutral' },
  // A name that the provider does not know; five minutes leave room for a deployment that is just coming up.
  not_found: { fallback: 'now', cooldownMs: 300_000, retry: 'never', health: 'neutral' },
  // Money comes back when somebody pays or the month turns, not within a call.
  quota: { fallback: 'now', cooldownMs: 900_000, retry: 'never', health: 'neutral' },
  // Capacity trickles back within seconds, so one call too many is no reason to stay away unless the provider says so.
  rate_limit: { fallback: 'now', cooldownMs: 0, retry: 'throttled', health: 'failure' },
  // Overload hits in bursts of seconds: other targets first, and this one only slowly.
  overloaded: { fallback: 'now', cooldownMs: 0, retry: 'throttled', health: 'failure' },
  // The call has waited once and has no time to wait again. One slow answer is the tail of any provider; many are an outage.
  timeout: { fallback: 'now', cooldownMs: 0, retry: 'never', health: 'failure' },
  // Often the call is wrong everywhere, sometimes one provider alone rejects a parameter: one other is asked.
  bad_request: { fallback: 'once', cooldownMs: 0, retry: 'never', health: 'success' },
  // Another window may be larger; the target is well.
  context_overflow: { fallback: 'now', cooldownMs: 0, retry: 'never', health: 'success' },
  // Filters differ, so one other may answer; asking all of them would look for the one that looks away.
  content_filter: { fallback: 'once', cooldownMs: 0, retry: 'never', health: 'success' },
  // A single 500 is noise, and the next request mostly meets another machine.
  server: { fallback: 'now', cooldownMs: 0, retry: 'transient', health: 'failure' },
  // A socket that died while idle is the usual cause, and the next one is fresh.
  network: { fallback: 'now', cooldownMs: 0, retry: 'transient', health: 'failure' },
  // The answer broke off before anyone saw it; the target may give it whole the next time.
  truncated: { fallback: 'now', cooldownMs: 0, retry: 'transient', health: 'failure' },
  // It may have been the call: one other is asked, and nobody is blamed.
  unknown: { fallback: 'once', cooldownMs: 0, retry: 'never', health: 'neutral' },
}

/** What a router may do after a failure of this kind. */
export function failureRule(kind: FailureKind): FailureRule {
  return rules[kind]
}
