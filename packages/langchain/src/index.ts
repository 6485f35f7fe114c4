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
  Features,
  Judge,
  JudgeContext,
  ModelCard,
  Opinion,
  Policy,
  Receipt,
  RouterErrorCode,
  StandardSchema,
  Store,
  Verdict,
} from '@routewise/core'
export type { CallRouting, RoutedChatModelCallOptions } from './call-options.ts'
export { modelJudge } from './model-judge.ts'
export type { ModelJudgeOptions } from './model-judge.ts'
export type { CandidateEntry, CandidateModel, Candidates, RoutedChatModelOptions } from './options.ts'
export { receiptOf } from './receipt.ts'
export { RoutedChatModel } from './routed-chat-model.ts'
