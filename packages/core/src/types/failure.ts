export type FailureKind =
  | 'auth'
  | 'permission'
  | 'not_found'
  | 'quota'
  | 'rate_limit'
  | 'overloaded'
  | 'timeout'
  | 'bad_request'
  | 'context_overflow'
  | 'content_filter'
  | 'server'
  | 'network'
  | 'truncated'
  | 'unknown'

/** A provider's failure, classified; the original is kept whole in `cause`. */
export interface Failure {
  kind: FailureKind
  message: string
  status?: number
  /** The provider's own code. */
  code?: string
  retryAfterMs?: number
  /** Window that a context-overflow message names. */
  limitTokens?: number
  cause: unknown
}
