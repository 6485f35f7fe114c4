export { defineModel, findModel } from '@routewise/catalog'
export {
  balanced,
  best,
  byTask,
  cheapest,
  createMemoryStore,
  currentContext,
  fastest,
  pipe,
  RouterError,
  withContext,
} from '@routewise/core'
export type { Candidate, Features, ModelCard, Policy, Receipt, RouterErrorCode, Store } from '@routewise/core'
export type { CallRouting, RoutedChatModelCallOptions } from './call-options.ts'
export type { CandidateEntry, CandidateModel, Candidates, RoutedChatModelOptions } from './options.ts'
export { receiptOf } from './receipt.ts'
export { RoutedChatModel } from './routed-chat-model.ts'
