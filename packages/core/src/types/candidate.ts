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
  /** What the figures of the cache come from, for those who learn how good they were. */
  cache?: CacheExpectation
}

/** What is expected of one target's prompt cache for one call, in the model's own tokens. */
export interface CacheExpectation {
  /** Of the whole prompt: as the provider has counted the part that it has seen, the rest estimated. */
  inputTokens: number
  readTokens: number
  writeTokens: number
  /** Lifetime of what is written, where it is not the provider's default. */
  writeTtl: string | undefined
  /** How the prompt is presented; `undefined`: as the caller has made it. */
  plan: CachePlan | undefined
  /** What the cache should hold of it, were it as reliable as it says; `readTokens` are this share of them. */
  heldTokens: number
  hitRatio: number
  /** Since what is held was last used, and the lifetime that it has. */
  idleMs: number
  ttlMs: number
  /** Machine that the request should land on. */
  lane: number
}

/** Orders candidates, best first, and leaves out those that must not be called. A pure function. */
export type Policy = (candidates: readonly Candidate[], call: Features) => readonly Candidate[]
