// The words of the core, each in the file of what it is about.
export type { CallContext, Features, FinishReason, Needs, PrefixBlock, Reading, Usage } from './types/call.ts'
export type { Candidate, Policy } from './types/candidate.ts'
export type { Failure, FailureKind } from './types/failure.ts'
export type {
  CacheRule,
  CacheTtl,
  Capabilities,
  ModelCard,
  PriceMultipliers,
  PricePeriod,
  PriceTier,
  PriceWindow,
  Rates,
  Task,
  Wire,
} from './types/model-card.ts'
export type { AttemptEnd, AttemptReason, AttemptReceipt, Consideration, NanoUsd, Receipt } from './types/receipt.ts'
export type { Dialect, Target, TargetFacts } from './types/target.ts'
