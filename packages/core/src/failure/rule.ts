import type { FailureKind } from '../types.ts'

/** What a router may do after a failure. */
export interface FailureRule {
  /** `once`: the next candidate is the last that is tried, since the call itself may be at fault. */
  fallback: 'now' | 'once' | 'never'
  /** How long the target gets no calls; a `retryAfterMs` of the provider goes first. */
  cooldownMs: number
  /** The same target may be asked again when no other is left. */
  retrySameTarget: boolean
}

const rules: Readonly<Record<FailureKind, FailureRule>> = {
  // Nothing heals a key but its owner; asking again only fills the provider's log.
  auth: { fallback: 'now', cooldownMs: 300_000, retrySameTarget: false },
  permission: { fallback: 'now', cooldownMs: 300_000, retrySameTarget: false },
  not_found: { fallback: 'now', cooldownMs: 300_000, retrySameTarget: false },
  // Money comes back when somebody pays or the month turns, not within a call.
  quota: { fallback: 'now', cooldownMs: 900_000, retrySameTarget: false },
  // Rate windows are mostly a minute, but capacity trickles back within seconds; the provider's own figure goes first.
  rate_limit: { fallback: 'now', cooldownMs: 5_000, retrySameTarget: true },
  // Overload hits in bursts of seconds; staying away is what ends it.
  overloaded: { fallback: 'now', cooldownMs: 5_000, retrySameTarget: true },
  // Our own limit is far past what is normal: who was silent that long is left alone for a while. This call has no time to wait again.
  timeout: { fallback: 'now', cooldownMs: 10_000, retrySameTarget: false },
  // Often the call is wrong everywhere, sometimes one provider alone rejects a parameter: one other is asked.
  bad_request: { fallback: 'once', cooldownMs: 0, retrySameTarget: false },
  // Another window may be larger; the target is well.
  context_overflow: { fallback: 'now', cooldownMs: 0, retrySameTarget: false },
  // Filters differ, so one other may answer; asking all of them would look for the one that looks away.
  content_filter: { fallback: 'once', cooldownMs: 0, retrySameTarget: false },
  // A single 500 is noise: long enough for the burst of one deploy, too short to lose a provider over.
  server: { fallback: 'now', cooldownMs: 1_000, retrySameTarget: true },
  // A socket that died while idle is the usual cause, and the next one is fresh.
  network: { fallback: 'now', cooldownMs: 1_000, retrySameTarget: true },
  // The answer broke off before anyone saw it; the target may give it whole the next time.
  truncated: { fallback: 'now', cooldownMs: 0, retrySameTarget: true },
  // It may have been the call: one other is asked, and nobody is blamed.
  unknown: { fallback: 'once', cooldownMs: 0, retrySameTarget: false },
}

/** What a router may do after a failure of this kind. */
export function failureRule(kind: FailureKind): FailureRule {
  return rules[kind]
}
