import type { Clock } from '../clock.ts'
import type { Admission } from '../state/breaker.ts'
import type { AttemptReason, Candidate, Dialect, Failure, ResponseHeaders, Target, TargetFacts, Verdict } from '../types.ts'
import type { Meter } from './meter.ts'
import type { Hold } from './release.ts'

/** Reason given to the signal of an attempt that lost. */
export const SUPERSEDED = new DOMException('Another attempt answered first.', 'AbortError')

/** What an attempt tells while it is held. `spoke` may come before one of the others; nothing comes once it was aborted. */
export type AttemptNews =
  /** Its first meaningful token is here, and it is held on. */
  | { type: 'spoke' }
  /** It has spoken and may be passed on; more is to come. */
  | { type: 'ready' }
  /** It has ended well, and all of it is held. */
  | { type: 'whole' }
  | { type: 'failed'; failure: Failure }
  /** The judge has seen enough of it. */
  | { type: 'rejected'; verdict: Verdict }

/** An attempt, to those who do not need its chunks. */
export interface AttemptFacts {
  readonly target: TargetFacts
  readonly candidate: Candidate
  readonly reason: AttemptReason
  /** Its answer comes piece by piece, and can be cut short. */
  readonly streaming: boolean
  readonly admission: Admission | undefined
  /** Clock times. */
  readonly startedAt: number
  endedAt: number | undefined
  /** It was ended by us, while its provider may still have been at work. */
  wasCut: boolean
  readonly meter: Meter
  verdict: Verdict | undefined
}

export interface Attempt<Call, Chunk> extends AttemptFacts {
  readonly target: Target<Call, Chunk>
  /** The call it was opened with. */
  readonly call: Call
  /** The next chunk, those held first; `undefined` at the end. Rejects with a `StreamFailure`, or with the reason of an abort. */
  next(): Promise<{ value: Chunk } | undefined> | { value: Chunk } | undefined
  /** Ends it, unless it has ended. */
  abort(reason: unknown): void
}

/** A failure after the answer was passed on. */
export class StreamFailure extends Error {
  readonly failure: Failure
  readonly target: string
  constructor(failure: Failure, target: string) {
    super(failure.message, { cause: failure.cause })
    this.failure = failure
    this.target = target
  }
}

/** Milliseconds; `undefined` is no limit. */
export interface AttemptLimits {
  headersMs: number | undefined
  firstTokenMs: number | undefined
  stallMs: number | undefined
}

export interface AttemptOptions<Call, Chunk> {
  target: Target<Call, Chunk>
  candidate: Candidate
  reason: AttemptReason
  call: Call
  dialect: Dialect<Call, Chunk>
  clock: Clock
  streaming: boolean
  limits: AttemptLimits
  hold: Hold
  /** A refusal, or a filter that cut in, is a failure. */
  refusalFails?: boolean
  logprobs?: boolean
  /** Looks at what is held so far; a rejection ends the attempt. */
  watch?: ((attempt: Attempt<Call, Chunk>) => Verdict | undefined) | undefined
  admission?: Admission | undefined
  onHeaders?(headers: ResponseHeaders): void
  onNews(news: AttemptNews, attempt: Attempt<Call, Chunk>): void
}
