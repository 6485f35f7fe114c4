import type { Answer, Expected } from './answer.ts'
import type { Features } from './call.ts'
import type { Candidate } from './candidate.ts'
import type { Dialect, Target } from './target.ts'

/** Whether an answer is good enough. */
export interface Verdict {
  accepted: boolean
  /** How good, 0 to 1, for learning and for choosing among rejected answers. Default: 1 when accepted, else 0. */
  score?: number
  /** Why, in a few words. */
  reason?: string
  /** What the same target should be told to mend it. Without it the answer is past mending. */
  repair?: string
}

/** What a judge may look at, and do, beside the answer. */
export interface JudgeContext {
  /** The call that is answered, in its framework's own types. */
  call: unknown
  features: Features
  candidate: Candidate
  expected: Expected
  /** Aborted when the call is. */
  signal: AbortSignal
  /** One more answer of the same target to the same call; it is on the receipt. */
  sample(): Promise<Answer>
  /** Asks any model; it is on the receipt. */
  ask<Call, Chunk>(question: Question<Call, Chunk>): Promise<Answer>
}

/** A call that a judge makes of its own. */
export interface Question<Call, Chunk> {
  target: Target<Call, Chunk>
  dialect: Dialect<Call, Chunk>
  call: Call
}

/** Accepts or rejects an answer. `undefined` is no verdict: there was nothing for it to judge. A judge that throws gives no verdict. */
export interface Judge {
  /** For reasons in receipts: `notTruncated`, `validOutput`. */
  name: string
  /** Wants log-probabilities: they are asked of every target that gives them. */
  logprobs?: boolean
  /** Looks at an answer that is still being written, chunk by chunk; a rejection ends it at once and saves the rest. */
  watch?(answer: Answer, context: JudgeContext): Verdict | undefined
  /** Looks at a whole answer. */
  judge(answer: Answer, context: JudgeContext): Verdict | undefined | Promise<Verdict | undefined>
}
