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
  RequestContext,
  RouterErrorCode,
  RouterEvents,
  StandardSchema,
  Store,
  Task,
  Verdict,
} from '@routewise/core'
export type { WireApi, WireCall, WireChunk, WireTarget } from './call.ts'
export { defineConfig } from './config.ts'
export type { RoutewiseConfig, ServerOptions } from './config.ts'
export { readBlocks } from './dialect/describe.ts'
export { createRouter } from './router.ts'
export type { WireRouter } from './router.ts'
export type { WireRouterOptions } from './options.ts'
export { createNodeEndpoint, createNodeHandler } from './node/node-endpoint.ts'
export type { NodeEndpoint, NodeHandler, NodeMount } from './node/node-endpoint.ts'
export { nodeListener } from './node/node-listener.ts'
export type { NodeListenerOptions } from './node/node-listener.ts'
export { createRequestScope } from './node/request-scope.ts'
export type { RequestScope, RequestScopeOptions, RoutewiseRequest } from './node/request-scope.ts'
export { sendAnswer } from './node/send-answer.ts'
export type { EndpointOptions } from './endpoint/options.ts'
export type { EndpointResponse } from './endpoint/exchange.ts'
export { createEndpoint } from './endpoint/endpoint.ts'
export type { WebEndpointOptions } from './endpoint/endpoint.ts'
export { routedFetch } from './fetch/routed-fetch.ts'
export type { FetchCall, RoutedFetchOptions } from './fetch/routed-fetch.ts'
export { openaiEmbeddingTarget, openaiTarget } from './openai/target.ts'
export type { OpenAIEmbeddingTargetOptions, OpenAITargetOptions } from './openai/options.ts'
