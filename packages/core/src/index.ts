export { systemClock, systemId, systemRandom } from './clock.ts'
export type { Clock, NewId, Random } from './clock.ts'
export { currentContext, withContext } from './context.ts'
export { RouterError } from './errors.ts'
export type { RouterErrorCode, RouterErrorDetails, TargetFailure } from './errors.ts'
export type { RouterEvents } from './events.ts'
export { costOf, ratesAt, toNanoUsd, toUsd } from './money.ts'
export { createMemoryStore } from './store.ts'
export type { Store } from './store.ts'
export type {
  AttemptEnd,
  AttemptReason,
  AttemptReceipt,
  CacheRule,
  CacheTtl,
  CallContext,
  Candidate,
  Capabilities,
  Consideration,
  Dialect,
  Failure,
  FailureKind,
  Features,
  FinishReason,
  ModelCard,
  NanoUsd,
  Needs,
  Policy,
  PrefixBlock,
  PriceMultipliers,
  PricePeriod,
  PriceTier,
  PriceWindow,
  Rates,
  Reading,
  Receipt,
  Target,
  Task,
  Usage,
  Wire,
} from './types.ts'
