// The words of the core, each in the file of what it is about.
export type { Answer, Check, Expected, ToolCall } from './types/answer.ts'
export type {
  Block,
  CacheBreakpoint,
  CachePlan,
  CallContext,
  Features,
  FinishReason,
  LaterReading,
  Media,
  Needs,
  PrefixBlock,
  Reading,
  TokenLogprob,
  ToolCallPart,
  Usage,
} from './types/call.ts'
export type { CacheExpectation, Candidate, Policy } from './types/candidate.ts'
export type { Failure, FailureKind } from './types/failure.ts'
export type { Judge, JudgeContext, Question, Verdict } from './types/judge.ts'
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
export type { Alternative, AttemptEnd, AttemptReason, AttemptReceipt, Consideration, NanoUsd, Receipt } from './types/receipt.ts'
export type { Dialect, ResponseHeaders, Target, TargetFacts, TargetIo, Wishes } from './types/target.ts'
