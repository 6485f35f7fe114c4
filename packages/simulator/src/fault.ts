import type { ProblemKind } from './types.ts'

/** Which requests a fault strikes. Times are milliseconds of provider time since the simulator started. */
export interface FaultMatch {
  provider?: string
  model?: string
  /** Of the requests that match otherwise: the first is 1. */
  nth?: number | { from?: number; to?: number; every?: number }
  fromMs?: number
  toMs?: number
  stream?: boolean
  /** Share of matching requests that are struck, drawn by seed. Default 1. */
  probability?: number
}

/** Where in an answer a fault strikes. `midway` is after half of the output tokens. */
export type FaultPoint = 'headers' | 'first-token' | 'midway'

export type FaultEffect =
  /** An HTTP error before any token. `status` and words are the provider's own for the kind unless given. */
  | { type: 'http-error'; kind: ProblemKind; status?: number; message?: string; code?: string; retryAfterMs?: number }
  /** Silence from the given point on: for `ms`, or until the client leaves. */
  | { type: 'hang'; at: FaultPoint; ms?: number }
  /** The socket is destroyed. */
  | { type: 'cut'; at: FaultPoint }
  /** Status 200, then an error in the stream. Calls that do not stream get it as an HTTP error. */
  | { type: 'stream-error'; at: 'first-token' | 'midway'; kind: ProblemKind; message?: string }
  /** The stream ends cleanly, midway, without a terminal event. */
  | { type: 'silent-end' }
  | { type: 'refusal'; text?: string }
  | { type: 'content-filter' }
  /** `answer`: JSON of the answer or of tool arguments is cut short. `wire`: a frame, or the body, is no JSON. */
  | { type: 'malformed'; where: 'answer' | 'wire' }
  /** The provider refuses the prompt as too long for the window. */
  | { type: 'context-overflow' }
  /** Every latency is multiplied. */
  | { type: 'slow'; factor: number }

/** A scripted fault. */
export interface Fault {
  when?: FaultMatch
  effect: FaultEffect
  /** Strikes at most this often. Default: without end. */
  times?: number
}
