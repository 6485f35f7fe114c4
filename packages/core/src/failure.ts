import { systemClock } from './clock.ts'
import type { Clock } from './clock.ts'
import { findLimitTokens, findRetryAfterMs } from './failure-hints.ts'
import type { FailureHeaders } from './failure-hints.ts'
import { failureTable } from './failure-table.ts'
import type { FailureMatch } from './failure-table.ts'
import type { Failure, FailureKind } from './types.ts'

/** What an adapter could read from an error; fields that it does not have are absent. */
export interface FailureSignal {
  status?: number | undefined
  /** The provider's own code (`insufficient_quota`), or Node's (`ECONNRESET`). */
  code?: string | number | undefined
  /** The provider's own type or status word (`overloaded_error`, `RESOURCE_EXHAUSTED`), or the error's name. */
  type?: string | undefined
  /** The provider's words; a whole error body is fine. */
  message: string
  headers?: FailureHeaders | undefined
  cause: unknown
}

/** Longer messages are cut before anything looks into them. */
const MAX_MESSAGE_CHARACTERS = 8_192

/** Classifies a provider's failure by its codes, then its words, then its status. `cause` is kept as it is. */
export function classifyFailure(signal: FailureSignal, clock: Pick<Clock, 'wall'> = systemClock): Failure {
  const { headers, cause } = signal
  const status = signal.status ?? statusIn(signal.code)
  const message = signal.message.slice(0, MAX_MESSAGE_CHARACTERS)
  const code = signal.code === undefined ? undefined : String(signal.code)
  const names = new Set([code, signal.type, ...causeNames(cause)].filter(name => name !== undefined))
  const kind = failureTable.find(row => matches(row, status, names, message))?.kind ?? 'unknown'
  const retryAfterMs = findRetryAfterMs(headers, message, clock)
  const limitTokens = kind === 'context_overflow' ? findLimitTokens(message) : undefined
  const providerCode = code ?? signal.type
  return {
    kind,
    message,
    ...(status !== undefined && { status }),
    ...(providerCode !== undefined && { code: providerCode }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(limitTokens !== undefined && { limitTokens }),
    cause,
  }
}

/** Gemini repeats the status as its code, which is all that is left of it inside a stream. */
function statusIn(code: string | number | undefined): number | undefined {
  const status = Number(code)
  return Number.isInteger(status) && status >= 400 && status < 600 ? status : undefined
}

function matches({ status, names, says, unlessSays }: FailureMatch, given: number | undefined, has: ReadonlySet<string>, message: string) {
  if (status !== undefined && (given === undefined || given < status[0] || given > status[1])) return false
  if (names !== undefined && !names.some(name => has.has(name))) return false
  if (says !== undefined && !says.test(message)) return false
  return unlessSays === undefined || !unlessSays.test(message)
}

/** `fetch failed` says nothing; the code that does is on its cause, or on that one's. */
function causeNames(error: unknown): string[] {
  const names: string[] = []
  for (let depth = 0, current = error; depth < 4 && typeof current === 'object' && current !== null; depth++) {
    const { code, name, cause } = current as { code?: unknown; name?: unknown; cause?: unknown }
    if (typeof code === 'string') names.push(code)
    if (typeof name === 'string') names.push(name)
    current = cause
  }
  return names
}

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
