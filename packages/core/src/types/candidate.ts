import type { CachePlan, Features } from './call.ts'
import type { ModelCard } from './model-card.ts'
import type { NanoUsd } from './receipt.ts'

/** A target still possible for this call, with what is expected of it. */
export interface Candidate {
  id: string
  model: string
  provider: string
  tags: readonly string[]
  card: ModelCard
  /** Input tokens as this model would count them. */
  inputTokens: number
  /** Of those, expected to be read from the prompt cache. */
  cacheReadTokens: number
  /** Of those, expected to be written to the prompt cache. */
  cacheWriteTokens: number
  outputTokens: number
  /** `undefined`: the price is not known. */
  expectedCostNanoUsd: NanoUsd | undefined
  /** The same in dollars; `Infinity` when the price is not known, so that it sorts last. */
  expectedCostUsd: number
  /** Of this call and of those that are expected to follow in its conversation, if all go to this candidate. What policies compare by cost. */
  conversationCostUsd: number
  expectedFirstTokenMs: number
  expectedQuality: number
  /** How the prompt is presented to its cache; `undefined`: as the caller has made it. */
  cachePlan: CachePlan | undefined
}

/** Orders candidates, best first, and leaves out those that must not be called. A pure function. */
export type Policy = (candidates: readonly Candidate[], call: Features) => readonly Candidate[]
