import type { AttemptReceipt } from '@routewise/core'
import type { Entry } from './journal.ts'

/** What is true of every run, in whatever order things happen. */
export type Property =
  /** What the caller has got is what exactly one attempt said or, with `continue`, what several said in turn. */
  | 'one-answer'
  /** Nothing of an attempt that was rejected, superseded or has failed reaches the caller. */
  | 'no-remains'
  /** Each attempt is on one receipt, once, and is over when the call is. */
  | 'accounted'
  /** Listeners are told of each call once, and of each attempt once. */
  | 'told'
  /** Calls end, in time, and no timer and no listener is left. */
  | 'rest'
  /** No rejection is left to nobody. */
  | 'unhandled'
  /** Errors are of the closed set, and tell the truth. */
  | 'typed-errors'
  /** Nobody is superseded but by one that has said something, and nothing is given up while another is left. */
  | 'first-good'
  /** No call makes more attempts than the options allow. */
  | 'bounded'
  /** Targets are pulled as an async iterator may be, and who goes away is heard at once. */
  | 'manners'

export type Report = (property: Property, message: string) => void

/** An attempt as its target and as the receipt have it. */
export interface Pair {
  entry: Entry
  attempt: AttemptReceipt
}

/** An attempt made for the judge, whose answer is nobody else's. */
export const isAside = ({ reason }: AttemptReceipt): boolean => reason === 'sample' || reason === 'judge'
