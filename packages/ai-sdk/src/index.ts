export { defineModel, findModel } from '@routewise/catalog'
export {
  agreement,
  all,
  any,
  askModel,
  balanced,
  best,
  byTask,
  cheapest,
  compactHistory,
  compactPays,
  confident,
  createMemoryStore,
  currentContext,
  fastest,
  finished,
  judgeWith,
  lengthBetween,
  lintPrefix,
  matches,
  notEmpty,
  notRefused,
  notTruncated,
  pipe,
  quoteAnswer,
  readScore,
  RouterError,
  sound,
  trimHistory,
  validJson,
  validOutput,
  validToolCalls,
  weighted,
  withContext,
} from '@routewise/core'
export type {
  Answer,
  AskModelOptions,
  AttemptReceipt,
  Candidate,
  Decision,
  Features,
  Judge,
  JudgeContext,
  ModelCard,
  Opinion,
  Policy,
  Receipt,
  RouterErrorCode,
  RouterEvents,
  StandardSchema,
  Store,
  Task,
  Verdict,
} from '@routewise/core'
export type { ModelSettings } from './language/call-routing.ts'
export { createRouted } from './create-routed.ts'
export { withCachedContents } from './google/cached-contents.ts'
export type { CachedContentsModel, CachedContentsOptions, StoredPrefix } from './google/cached-contents.ts'
export type { DecideOptions, NamedModels, RoutedModelId, RoutedProvider } from './create-routed.ts'
export type { EmbeddingEntry, EmbeddingModels } from './embedding/options.ts'
export type { ModelEntry } from './fallback/entries.ts'
export { modelJudge } from './language/model-judge.ts'
export type { ModelJudgeOptions } from './language/model-judge.ts'
export type { LanguageModel, LanguageModelEntry, LanguageModels, RoutedOptions } from './options.ts'
export type { OtherModels } from './other-models.ts'
export type { OtherModelOptions } from './other/options.ts'
export type { RoutewiseProviderOptions } from './provider-options.ts'
export { receiptOf } from './receipt.ts'
export type { RerankingEntry, RerankingModels, RerankingPrice } from './reranking/options.ts'
