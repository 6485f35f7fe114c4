import type { HttpReply, Problem } from '../types.ts'
import type { ErrorTable } from './openai-errors.ts'
import { errorObject, OPENAI_ERRORS, retryHeaders } from './openai-errors.ts'

const DEEPSEEK: ErrorTable = {
  ...OPENAI_ERRORS,
  auth: {
    status: 401,
    type: 'authentication_error',
    code: 'invalid_request_error',
    message: () => 'Authentication Fails, Your api key: ****sim is invalid',
  },
  'not-found': { ...OPENAI_ERRORS['not-found'], code: 'invalid_request_error', message: () => 'Model Not Exist' },
  quota: { status: 402, type: 'unknown_error', code: 'invalid_request_error', message: () => 'Insufficient Balance' },
  'rate-limit': {
    status: 429,
    type: 'rate_limit_error',
    code: 'invalid_request_error',
    message: () => 'Rate limit reached, please retry later',
  },
  overloaded: {
    status: 503,
    type: 'service_unavailable_error',
    code: 'invalid_request_error',
    message: () => 'Service is too busy. We advise users to temporarily switch to alternative LLM API service providers.',
  },
  'context-overflow': {
    status: 400,
    type: 'invalid_request_error',
    code: 'invalid_request_error',
    message: ({ limitTokens, inputTokens }) =>
      `This model's maximum context length is ${limitTokens} tokens. However, you requested ${inputTokens} tokens (${inputTokens} in the messages, 0 in the completion). Please reduce the length of the messages or completion.`,
  },
}

const GROQ: ErrorTable = {
  ...OPENAI_ERRORS,
  auth: { ...OPENAI_ERRORS.auth, message: () => 'Invalid API Key' },
  'rate-limit': {
    status: 429,
    type: 'tokens',
    code: 'rate_limit_exceeded',
    message: ({ model, retryAfterMs = 1000 }) =>
      `Rate limit reached for model \`${model}\` in organization \`org_simulated\` service tier \`on_demand\` on tokens per minute (TPM): Limit 6000, Used 6000, Requested 500. Please try again in ${retryAfterMs / 1000}s. Need more tokens? Upgrade to Dev Tier today at https://console.groq.com/settings/billing`,
  },
  overloaded: {
    status: 503,
    type: 'internal_server_error',
    code: null,
    message: ({ model }) => `${model ?? 'The model'} is currently over capacity. Please try again and back off exponentially.`,
  },
  server: { status: 500, type: 'internal_server_error', code: null, message: () => 'Internal Server Error' },
  'context-overflow': {
    status: 400,
    type: 'invalid_request_error',
    code: 'context_length_exceeded',
    param: 'messages',
    message: () => 'Please reduce the length of the messages or completion.',
  },
}

const MISTRAL: ErrorTable = {
  ...OPENAI_ERRORS,
  auth: { status: 401, type: 'unauthorized', code: '1000', message: () => 'Unauthorized' },
  permission: { status: 403, type: 'forbidden', code: '1100', message: () => 'Forbidden' },
  'not-found': { status: 400, type: 'invalid_model', code: '1500', message: ({ model }) => `Invalid model: ${model}` },
  quota: { status: 402, type: 'payment_required', code: '1900', message: () => 'Payment required: your account has no credit left.' },
  'rate-limit': {
    status: 429,
    type: 'service_tier_capacity_exceeded',
    code: '3505',
    message: () => 'Service tier capacity exceeded for this model.',
  },
  overloaded: { status: 503, type: 'service_unavailable', code: '3000', message: () => 'Service unavailable.' },
  server: { status: 500, type: 'internal_server_error', code: '3000', message: () => 'Internal server error' },
  'context-overflow': {
    status: 400,
    type: 'invalid_request_prompt',
    code: '3051',
    message: ({ limitTokens, inputTokens }) =>
      `Prompt contains ${inputTokens} tokens and 0 draft tokens, too large for model with ${limitTokens} maximum context length`,
  },
}

const XAI: ErrorTable = {
  ...OPENAI_ERRORS,
  auth: {
    ...OPENAI_ERRORS.auth,
    status: 400,
    message: () => 'Incorrect API key provided: xa***. You can obtain an API key from https://console.x.ai.',
  },
  'not-found': {
    ...OPENAI_ERRORS['not-found'],
    message: ({ model }) => `The model ${model} does not exist or your team does not have access to it.`,
  },
  quota: {
    ...OPENAI_ERRORS.quota,
    message: () => 'Your team has either used all available credits or reached its monthly spending limit.',
  },
  overloaded: { ...OPENAI_ERRORS.overloaded, message: () => 'The service is currently unavailable. Please try again later.' },
  'context-overflow': {
    ...OPENAI_ERRORS['context-overflow'],
    message: ({ limitTokens, inputTokens }) =>
      `This model's maximum prompt length is ${limitTokens} but the request contains ${inputTokens} tokens.`,
  },
}

/** xAI names a gRPC status and says the rest in a sentence. */
const XAI_CODES: Readonly<Record<number, string>> = {
  400: 'Client specified an invalid argument',
  401: 'Client specified an invalid argument',
  403: 'The caller does not have permission to execute the specified operation',
  404: 'Some requested entity was not found',
  429: 'Some resource has been exhausted',
  503: 'The service is currently unavailable',
}

const MOONSHOT: ErrorTable = {
  ...OPENAI_ERRORS,
  quota: {
    status: 429,
    type: 'exceeded_current_quota_error',
    code: null,
    message: () => 'Your account is suspended, please check your plan and billing details',
  },
  overloaded: {
    status: 429,
    type: 'engine_overloaded_error',
    code: null,
    message: () => 'The engine is currently overloaded, please try again later',
  },
  'context-overflow': {
    status: 400,
    type: 'invalid_request_error',
    code: null,
    message: ({ limitTokens, inputTokens }) =>
      `Invalid request: Your request exceeded model token limit: ${limitTokens} (requested: ${inputTokens})`,
  },
}

const wrapped =
  (table: ErrorTable) =>
  (problem: Problem): HttpReply => {
    const { status, error } = errorObject(table, problem)
    return { status, headers: retryHeaders(problem, false), body: { error } }
  }

export const deepseekError = wrapped(DEEPSEEK)
export const groqError = wrapped(GROQ)
export const moonshotError = wrapped(MOONSHOT)

/** Mistral's error is the body itself, its code a number in a string. */
export function mistralError(problem: Problem): HttpReply {
  const { status, error } = errorObject(MISTRAL, problem)
  return { status, headers: retryHeaders(problem, false), body: { object: 'error', ...error } }
}

export function xaiError(problem: Problem): HttpReply {
  const { status, error } = errorObject(XAI, problem)
  return { status, headers: retryHeaders(problem, false), body: { code: XAI_CODES[status] ?? 'Internal error', error: error.message } }
}
