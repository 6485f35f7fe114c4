import type { HttpReply, Problem, ProblemKind } from '../types.ts'

/** What a vendor says to a kind of error. */
export interface ErrorWords {
  status: number
  type: string
  code: string | null
  param?: string
  message(problem: Problem): string
}

export type ErrorTable = Readonly<Record<ProblemKind, ErrorWords>>

const model = (problem: Problem): string => problem.model ?? 'the model'
const seconds = (problem: Problem): string => `${((problem.retryAfterMs ?? 1000) / 1000).toFixed(3)}s`

/** OpenAI's errors. Source: platform.openai.com/docs/guides/error-codes. */
export const OPENAI_ERRORS: ErrorTable = {
  auth: {
    status: 401,
    type: 'invalid_request_error',
    code: 'invalid_api_key',
    message: () => 'Incorrect API key provided: sk-sim***. You can find your API key at https://platform.openai.com/account/api-keys.',
  },
  permission: {
    status: 403,
    type: 'request_forbidden',
    code: 'unsupported_country_region_territory',
    message: () => 'Country, region, or territory not supported',
  },
  'not-found': {
    status: 404,
    type: 'invalid_request_error',
    code: 'model_not_found',
    message: problem => `The model \`${model(problem)}\` does not exist or you do not have access to it.`,
  },
  quota: {
    status: 429,
    type: 'insufficient_quota',
    code: 'insufficient_quota',
    message: () =>
      'You exceeded your current quota, please check your plan and billing details. For more information on this error, read the docs: https://platform.openai.com/docs/guides/error-codes/api-errors.',
  },
  'rate-limit': {
    status: 429,
    type: 'tokens',
    code: 'rate_limit_exceeded',
    message: problem =>
      `Rate limit reached for ${model(problem)} in organization org-simulated on tokens per min (TPM): Limit 30000, Used 30000, Requested 500. Please try again in ${seconds(problem)}. Visit https://platform.openai.com/account/rate-limits to learn more.`,
  },
  overloaded: {
    status: 503,
    type: 'service_unavailable_error',
    code: 'server_is_overloaded',
    message: () => 'The server is currently overloaded with other requests. Sorry about that! You can retry your request.',
  },
  server: {
    status: 500,
    type: 'server_error',
    code: 'server_error',
    message: () => 'The server had an error while processing your request. Sorry about that!',
  },
  timeout: { status: 504, type: 'server_error', code: 'timeout', message: () => 'Request timed out.' },
  'bad-request': { status: 400, type: 'invalid_request_error', code: null, message: () => 'Invalid request.' },
  'too-large': { status: 413, type: 'invalid_request_error', code: 'request_too_large', message: () => 'Request too large.' },
  'context-overflow': {
    status: 400,
    type: 'invalid_request_error',
    code: 'context_length_exceeded',
    param: 'messages',
    message: ({ limitTokens, inputTokens }) =>
      `This model's maximum context length is ${limitTokens} tokens. However, your messages resulted in ${inputTokens} tokens. Please reduce the length of the messages.`,
  },
  'content-filter': {
    status: 400,
    type: 'invalid_request_error',
    code: 'invalid_prompt',
    message: () =>
      'Invalid prompt: your prompt was flagged as potentially violating our usage policy. Please try again with a different prompt.',
  },
}

/** The error object of OpenAI's wires, in a vendor's words. */
export function errorObject(
  table: ErrorTable,
  problem: Problem,
): { status: number; error: { message: string; type: string; param: string | null; code: string | null } } {
  const words = table[problem.kind]
  const message = problem.message ?? words.message(problem)
  const error = { message, type: words.type, param: problem.param ?? words.param ?? null, code: problem.code ?? words.code }
  return { status: problem.status ?? words.status, error }
}

/** When to come back, for the clients that listen: whole seconds for all, milliseconds for OpenAI's SDK. */
export function retryHeaders({ retryAfterMs }: Problem, alsoMs: boolean): Record<string, string> {
  if (retryAfterMs === undefined) return {}
  return { 'retry-after': String(Math.ceil(retryAfterMs / 1000)), ...(alsoMs && { 'retry-after-ms': String(Math.round(retryAfterMs)) }) }
}

export function openaiError(problem: Problem): HttpReply {
  const { status, error } = errorObject(OPENAI_ERRORS, problem)
  return { status, headers: { ...retryHeaders(problem, true), 'x-request-id': `req_${problem.requestId ?? 'simulated'}` }, body: { error } }
}
