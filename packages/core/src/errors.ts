import type { Failure, Receipt } from './types.ts'

/** What went wrong, as a closed set of codes. */
export type RouterErrorCode =
  /** An option is unknown or has a wrong value. */
  | 'invalid_option'
  /** Two targets share an id. */
  | 'duplicate_target'
  /** A money rule met a target whose price is not known. */
  | 'price_unknown'
  /** The prompt is over the window of every target, by more than our count may be off. */
  | 'context_overflow'
  /** No target can take what the call holds or asks for. */
  | 'unsupported'
  /** Allow, deny or the policy left no target. */
  | 'no_candidates'
  /** Every candidate costs more than the limit. */
  | 'over_budget'
  /** The caller gave up. */
  | 'aborted'
  /** The time allowed for the whole call is over. */
  | 'deadline'
  /** Every attempt failed before it gave an answer. */
  | 'all_attempts_failed'
  /** The answer broke off after part of it had reached the caller. */
  | 'stream_interrupted'

/** A provider's failure, and the target it came from. */
export interface TargetFailure extends Failure {
  target: string
}

export interface RouterErrorDetails {
  cause?: unknown
  failures?: readonly TargetFailure[]
  receipt?: Receipt
  partialText?: string
}

const brand = Symbol.for('routewise.RouterError')

/** The one error Routewise throws: `code` says what happened, the message what to do. */
export class RouterError extends Error {
  override readonly name = 'RouterError'
  readonly code: RouterErrorCode
  /** Failures of the attempts, in the order they happened; the originals are in their `cause`. */
  readonly failures: readonly TargetFailure[]
  /** What the call did and cost before it failed; absent when nothing was sent. */
  readonly receipt: Receipt | undefined
  /** Text that had reached the caller before the answer broke off; absent when none had. */
  readonly partialText: string | undefined

  constructor(code: RouterErrorCode, message: string, { cause, failures = [], receipt, partialText }: RouterErrorDetails = {}) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.failures = failures
    this.receipt = receipt
    this.partialText = partialText
    Object.defineProperty(this, brand, { value: true })
  }

  /** `instanceof` goes by the brand: an adapter may give the error the prototype of its framework's own. */
  static override [Symbol.hasInstance](error: unknown): error is RouterError {
    return RouterError.isInstance(error)
  }

  /** Survives two copies of this package in one process, where classes do not. */
  static isInstance(error: unknown): error is RouterError {
    return error instanceof Error && brand in error
  }
}
