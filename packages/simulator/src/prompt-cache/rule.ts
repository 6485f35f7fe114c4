import type { CacheRule } from '@routewise/core'
import type { SimRequest } from '../types.ts'
import type { PromptSequence } from './sequence.ts'

/** A lifetime, looked up in the provider's rule. */
export interface ResolvedTtl {
  id: string
  seconds: number
  sliding: boolean
  /** It is not the provider's default lifetime, so it has a price of its own. */
  asked: boolean
}

/** All that a cache rule decides by. */
export interface CacheQuestion {
  rule: CacheRule
  sequence: PromptSequence
  mode: SimRequest['promptCache']['mode']
  /** Lifetime of writes without a marker of their own. */
  ttl: ResolvedTtl
  ttlOf: (id: string | undefined) => ResolvedTtl
  /** The start of the request: lifetimes count from here. */
  nowMs: number
  /** The provider charges for automatic writes. */
  billsWrites: boolean
}

/** What the cache holds of a prompt, and what the request will add. */
export interface CachePlan {
  readTokens: number
  writeTokens: number
  /** Of `writeTokens`, those at another than the default lifetime. */
  writeTokensByTtl: Record<string, number>
  /** Makes the writes readable for others. `withOutput` is the prompt with its answer. */
  commit: (withOutput?: PromptSequence) => void
}
