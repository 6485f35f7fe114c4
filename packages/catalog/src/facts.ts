import type { CacheRule, Capabilities, PriceMultipliers, PricePeriod, Wire } from '@routewise/core'
import type { Tier } from './priors.ts'

/** What the table says of one model; what is absent comes from its provider or from the published prices. */
export interface ModelFacts {
  /** The id the provider's API takes. */
  id: string
  /** Other ids the provider documents for the same model: exact, one by one, never a prefix. */
  aliases?: readonly string[]
  /** Sets the priors of quality and speed. */
  tier: Tier
  contextTokens: number
  maxOutputTokens?: number
  /** Tokens per `o200k` token. Default 1. */
  tokenFactor?: number
  wire?: Wire
  capabilities: Capabilities
  cache: CacheRule
  multipliers?: PriceMultipliers
  /** Turns the published prices into the right ones, where they lack something or cannot say it. */
  correct?: (published: readonly PricePeriod[]) => readonly PricePeriod[]
  source?: string
  verifiedAt?: string
}

/** What the table says of one provider. */
export interface ProviderFacts {
  id: string
  /** Other names that frameworks use for this provider. */
  names?: readonly string[]
  /** Its id in the published prices. Default: `id`. */
  publishedAs?: string
  wire: Wire
  cancelStopsBilling: boolean
  toolIdPattern?: string
  /** Replaces the speed prior of the tier, for providers with hardware of their own. */
  speed?: { baseMs: number; msPerInputToken: number; outputTokensPerSecond: number }
  source: string
  verifiedAt: string
  models: readonly ModelFacts[]
}
