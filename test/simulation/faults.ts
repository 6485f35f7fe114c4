import { ProviderError } from './dialect.ts'

/** Refusals before anything was done: nothing is billed. */
export const REFUSALS = [
  'rate-limit',
  'rate-limit-with-retry-after',
  'overloaded',
  'server',
  'auth',
  'quota',
  'bad-request',
  'context-overflow',
  'network',
  'unknown',
  'throws',
] as const
/** What goes wrong once the provider has begun to work. */
export const BREAKDOWNS = [
  'hang',
  'hang-after-headers',
  'slow-first-token',
  'role-then-error',
  'cut-before-token',
  'silent-end-before-token',
  'cut',
  'error-mid-stream',
  'stall',
  'pause',
  'silent-end',
  'unreadable',
] as const
/** Answers that are whole and yet not what was asked for. */
export const POOR_ANSWERS = ['empty', 'refusal', 'content-filter', 'length'] as const

export type Refusal = (typeof REFUSALS)[number]
export type Breakdown = (typeof BREAKDOWNS)[number]
export type PoorAnswer = (typeof POOR_ANSWERS)[number]
export type Fault = Refusal | Breakdown | PoorAnswer

const refusals: ReadonlySet<string> = new Set(REFUSALS)
export const isRefusal = (fault: Fault | undefined): fault is Refusal => fault !== undefined && refusals.has(fault)

/** What a provider throws when it refuses a call; `retryAfterMs` where the fault says when to come back. */
export function refusalError(fault: Refusal, retryAfterMs: number): ProviderError {
  switch (fault) {
    case 'rate-limit':
      return new ProviderError('rate_limit', 'Too many requests.', { status: 429 })
    case 'rate-limit-with-retry-after':
      return new ProviderError('rate_limit', 'Too many requests.', { status: 429, retryAfterMs })
    case 'overloaded':
      return new ProviderError('overloaded', 'Overloaded.', { status: 529 })
    case 'server':
      return new ProviderError('server', 'Internal server error.', { status: 500 })
    case 'auth':
      return new ProviderError('auth', 'Wrong key.', { status: 401 })
    case 'quota':
      return new ProviderError('quota', 'No money left.', { status: 402 })
    case 'bad-request':
      return new ProviderError('bad_request', 'Unknown parameter.', { status: 400 })
    case 'context-overflow':
      return new ProviderError('context_overflow', 'The prompt is too long.', { status: 400 })
    case 'network':
      return new ProviderError('network', 'connect ECONNREFUSED')
    case 'unknown':
    case 'throws':
      return new ProviderError('unknown', 'Something is not a function.')
  }
}
