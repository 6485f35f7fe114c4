export { openaiEndpoint } from './openai-endpoint.ts'
export type { OpenaiEndpointOptions } from './openai-endpoint.ts'
export { routewise } from './routewise.ts'
export type { EndpointOptions, RequestScopeOptions, RoutewiseRequest } from '@routewise/http'
