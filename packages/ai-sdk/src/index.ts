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
  confident,
  createMemoryStore,
  currentContext,
  fastest,
  finished,
  judgeWith,
  lengthBetween,
  matches,
  notEmpty,
  notRefused,
  notTruncated,
  pipe,
  quoteAnswer,
  readScore,
  RouterError,
  sound,
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
export type { ModelSettings, RoutewiseProviderOptions } from './call-routing.ts'
export { createRouted } from './create-routed.ts'
export type { RoutedModelId, RoutedProvider } from './create-routed.ts'
export { modelJudge } from './model-judge.ts'
export type { ModelJudgeOptions } from './model-judge.ts'
export type { LanguageModel, LanguageModelEntry, LanguageModels, RoutedOptions } from './options.ts'
export { receiptOf } from './receipt.ts'
