import { systemClock } from '../clock.ts'
import type { Clock } from '../clock.ts'
import { findLimitTokens, findRetryAfterMs } from './hints.ts'
import { failureTable } from './table.ts'
import type { FailureMatch } from './table.ts'
import type { Failure, ResponseHeaders } from '../types.ts'

/** What an adapter could read from an error; fields that it does not have are absent. */
export interface FailureSignal {
  status?: number | undefined
  /** The provider's own code (`insufficient_quota`), or Node's (`ECONNRESET`). */
  code?: string | number | undefined
  /** The provider's own type or status word (`overloaded_error`, `RESOURCE_EXHAUSTED`), or the error's name. */
  type?: string | undefined
  /** The provider's words; a whole error body is fine. */
  message: string
  headers?: ResponseHeaders | undefined
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
