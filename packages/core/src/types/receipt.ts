import type { FinishReason, Usage } from './call.ts'
import type { Failure } from './failure.ts'
import type { Verdict } from './judge.ts'
import type { Task } from './model-card.ts'

/** Billionths of a US dollar; always a safe integer (exact up to nine million dollars). */
export type NanoUsd = number

/**
 * Why an attempt was made: `fallback` after a failure, `hedge` after silence, `escalation` after a poor answer; `retry` and `repair` ask
 * the same target again, after a failure and after a fault in its answer; `continuation` ends what another broke off; `sample` and
 * `judge` serve a judge.
 */
export type AttemptReason = 'first' | 'fallback' | 'hedge' | 'escalation' | 'retry' | 'repair' | 'continuation' | 'sample' | 'judge'

export type AttemptEnd =
  | { type: 'answered'; finish: FinishReason | undefined }
  | { type: 'failed'; failure: Failure }
  | { type: 'superseded' }
  /** A whole answer, or the start of one, that the judge found too poor. */
  | { type: 'rejected'; finish: FinishReason | undefined }
  | { type: 'aborted' }
  | { type: 'interrupted'; failure: Failure }

/** One attempt as it happened. */
export interface AttemptReceipt {
  target: string
  model: string
  reason: AttemptReason
  end: AttemptEnd
  /** What the judge said, where one was asked and had something to say. */
  verdict?: Verdict
  /** Milliseconds after the call began. */
  startedMs: number
  /** From the start of the attempt; absent when no token came. */
  firstTokenMs?: number
  totalMs: number
  usage: Usage
  /** `provider`: the provider's own figures. `estimated`: ours, because none arrived. `none`: nothing was billed. */
  usageSource: 'provider' | 'estimated' | 'none'
  expectedCostNanoUsd: NanoUsd | undefined
  /** Input tokens that were expected to be read from the prompt cache; `usage.cacheReadTokens` tells how many were. */
  expectedCacheReadTokens: number
  /** `undefined`: the price is not known. */
  costNanoUsd: NanoUsd | undefined
}

/** A target that was considered, and why it was left out. */
export interface Consideration {
  target: string
  model: string
  /** Place in the plan, from 1; absent when left out. */
  rank?: number
  /** Why it was left out. */
  excluded?: string
  /** Why it was put last: it had better be left alone for now. */
  resting?: string
  expectedCostUsd?: number
  /** With the calls that are expected to follow in the conversation, if all go there. */
  conversationCostUsd?: number
  expectedFirstTokenMs?: number
  expectedQuality?: number
  inputTokens?: number
  cacheReadTokens?: number
  outputTokens?: number
}

/** What another target would have cost for the same answer: its own tokens and cache, the length of the answer that came. */
export interface Alternative {
  target: string
  model: string
  costUsd: number
  /** Input tokens that it was expected to read from its prompt cache. */
  cacheReadTokens: number
}

/** What was considered, expected and done for one call, and what it cost. Plain data. */
export interface Receipt {
  id: string
  /** ISO 8601. */
  at: string
  task: Task
  tenant?: string
  session?: string
  /** Target that answered; absent when none did. */
  target?: string
  /** Model that answered. */
  model?: string
  considered: readonly Consideration[]
  attempts: readonly AttemptReceipt[]
  usage: Usage
  expectedCostUsd?: number
  /** The first in the plan that was not asked; absent where there was none, or its price is not known. */
  alternative?: Alternative
  /** All attempts together. */
  costNanoUsd: NanoUsd
  costUsd: number
  /** `true`: part of the cost is our estimate, or the price of an attempt is not known. */
  estimated: boolean
  firstTokenMs?: number
  totalMs: number
  /** Time the decision itself took. */
  decisionMs: number
}
