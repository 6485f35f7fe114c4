import type { Clock } from '../clock.ts'
import type { AttemptReason, Candidate, Failure, Verdict } from '../types.ts'
import type { Attempt, AttemptNews } from './attempt.ts'
import type { Cancellation } from './cancellation.ts'
import type { Hedging, HedgeRefusal } from './hedging.ts'
import type { Retrying } from './retrying.ts'

/** What the race says of an attempt when it opens it. */
export interface Launch<Call> {
  candidate: Candidate
  reason: AttemptReason
  /** The call with a fault to be mended; absent: the call itself. */
  call?: Call | undefined
  /** It is called although its breaker says no. */
  force: boolean
  /** A fault in its answer may still be sent back to it. */
  mendable: boolean
  /** A better one is left to take its place. */
  replaceable: boolean
}

/** Extra attempts that a call has made of those it may make. */
export interface Spent {
  hedges: number
  retries: number
}

/** What a race is run with. */
export interface RaceOptions<Call, Chunk> {
  plan: readonly Candidate[]
  reason: AttemptReason
  streaming: boolean
  clock: Clock
  /** Clock time at which the call is out of time. */
  endsAt: number
  hedging: Hedging
  retrying: Retrying
  cancellation: Cancellation
  /** Hedges and retries of the call so far: an answer that is continued runs more than one race. */
  spent: Spent
  /** `undefined`: its breaker lets nobody through. */
  launch(launch: Launch<Call>, onNews: (news: AttemptNews, attempt: Attempt<Call, Chunk>) => void): Attempt<Call, Chunk> | undefined
  /** Looks at a whole answer. Absent: all are good enough. */
  judge?: ((attempt: Attempt<Call, Chunk>) => Verdict | undefined | Promise<Verdict | undefined>) | undefined
  /** The call with the request to mend a fault in its answer. */
  repair?: ((attempt: Attempt<Call, Chunk>, fault: string) => Call) | undefined
  /** A refusal ends the call. */
  refusalIsFinal: boolean
  onFailed(attempt: Attempt<Call, Chunk>, failure: Failure): void
  onSuperseded(attempt: Attempt<Call, Chunk>): void
  onRejected(attempt: Attempt<Call, Chunk>): void
  onSilence(silent: readonly Attempt<Call, Chunk>[], outcome: Candidate | HedgeRefusal): void
}
