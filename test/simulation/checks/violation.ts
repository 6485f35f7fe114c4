/** What is always to be true, by name. */
export const CHECKS = [
  /** What a call gives is exactly one attempt's chunks, in order; joined only where a continuation says so. */
  'one-answer',
  /** Nothing is a success that did not say it was at its end. */
  'terminal-event',
  /** Every attempt is on exactly one receipt. */
  'every-attempt',
  /** What a receipt says is what the provider charges. */
  'money',
  /** Hedges and retries stay within their budgets. */
  'budgets',
  /** Nothing stays behind. */
  'rest',
  /** A call that can be answered is. */
  'answered',
  /** No limit is overrun. */
  'time-limits',
  /** Listeners are told of everything, whatever other listeners do. */
  'listeners',
  /** Errors are of the closed set, and bring their receipt. */
  'typed-errors',
  /** Losers are told before anything of the winner's is passed on. */
  'losers-first',
  /** An answer is passed on when it may be, not before. */
  'held-back',
  /** No rejected draft is passed on while there is an accepted one. */
  'judged',
  /** A breaker lets one probe through at a time. */
  'one-probe',
] as const

export type Check = (typeof CHECKS)[number]

export interface Violation {
  check: Check
  seed: number
  call?: number
  message: string
}
