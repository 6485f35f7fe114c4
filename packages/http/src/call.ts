import type { Answer, CachePlan, Failure, Json, Reading, Target } from '@routewise/core'

/** Which of OpenAI's APIs a call is made in. */
export type WireApi = 'chat' | 'responses' | 'embeddings'

/** A request in the words of OpenAI's API, on its way through the router. */
export interface WireCall {
  api: WireApi
  /** The request's body; never written to. */
  body: Json
  /** The same as its sender wrote it, so that what needs no change is passed on byte for byte; absent where the body was made here. */
  text?: string | undefined
  /** Members in which `body` differs from `text`; `undefined`: one that is gone. Absent: none does. */
  changes?: Json
  /** The answer is wanted in pieces, as server-sent events. */
  stream: boolean
  /** Request headers that the endpoint lets through to a provider. */
  headers?: Readonly<Record<string, string>>
  /** Log-probabilities are wanted of those who give them. */
  logprobs?: boolean
  /** How the prompt is presented to the provider's cache, as far as its sender has not said so. */
  cache?: CachePlan
  /** What the last turns of the body ask for, where they ask to mend an answer. */
  mending?: Mending
  /** Filled in as the call goes on; one for all attempts. */
  trace: CallTrace
}

/** An answer that had a fault, and the body it was given to. */
export interface Mending {
  body: Json
  answer: Answer
  fault: string
}

/** What is known of a call on its way. */
export interface CallTrace {
  /** Clock time at which the router got it. */
  startedAt: number
  /** How long it took to decide; absent until somebody is asked. */
  decisionMs?: number
  /** Targets asked so far. */
  attempts: number
}

/** A piece of an answer: of a stream whole events as their provider wrote them, without the closing `[DONE]`; else the whole body, JSON. */
export interface WireChunk {
  /** Id of the target that gives it. */
  target: string
  bytes: Uint8Array
  reading: Reading
}

/** A model that answers in the words of OpenAI's API, by itself or by translation. */
export interface WireTarget extends Target<WireCall, WireChunk> {
  /** Language models answer `chat` and `responses`, embedding models `embeddings`. */
  readonly kind: 'language' | 'embedding'
  /** Name that the provider takes. */
  readonly model: string
  /** Of an embedding model: vectors of one space can be compared with one another. */
  readonly space?: string
  /** Classifies what asking it threw. */
  failure(error: unknown): Failure
}

/** The call with other members in its body; one that is `undefined` is gone. All that is not changed is still sent as it was written. */
export function withMembers<Call extends Pick<WireCall, 'body' | 'text' | 'changes'>>(call: Call, changes: Json): Call {
  return { ...call, body: { ...call.body, ...changes }, changes: { ...call.changes, ...changes } }
}

export const newTrace = (startedAt: number): CallTrace => ({ startedAt, attempts: 0 })
