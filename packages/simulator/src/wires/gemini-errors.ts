import type { HttpReply, Problem, ProblemKind } from '../types.ts'

interface Words {
  code: number
  status: string
  message: string
}

const KINDS: Readonly<Record<ProblemKind, Words>> = {
  auth: { code: 400, status: 'INVALID_ARGUMENT', message: 'API key not valid. Please pass a valid API key.' },
  permission: { code: 403, status: 'PERMISSION_DENIED', message: 'The caller does not have permission' },
  'not-found': { code: 404, status: 'NOT_FOUND', message: 'Requested entity was not found.' },
  quota: {
    code: 429,
    status: 'RESOURCE_EXHAUSTED',
    message:
      'You exceeded your current quota, please check your plan and billing details. ' +
      'For more information on this error, head to: https://ai.google.dev/gemini-api/docs/rate-limits.\n' +
      '* Quota exceeded for metric: generativelanguage.googleapis.com/generate_content_free_tier_requests, limit: 0',
  },
  'rate-limit': {
    code: 429,
    status: 'RESOURCE_EXHAUSTED',
    message:
      'You exceeded your current quota, please check your plan and billing details. ' +
      'For more information on this error, head to: https://ai.google.dev/gemini-api/docs/rate-limits.\n' +
      '* Quota exceeded for metric: generativelanguage.googleapis.com/generate_requests_per_model, limit: 150',
  },
  overloaded: { code: 503, status: 'UNAVAILABLE', message: 'The model is overloaded. Please try again later.' },
  server: {
    code: 500,
    status: 'INTERNAL',
    message: 'An internal error has occurred. Please retry or report in https://developers.generativeai.google/guide/troubleshooting',
  },
  timeout: { code: 504, status: 'DEADLINE_EXCEEDED', message: 'Deadline expired before operation could complete.' },
  'bad-request': { code: 400, status: 'INVALID_ARGUMENT', message: 'Request contains an invalid argument.' },
  'too-large': { code: 400, status: 'INVALID_ARGUMENT', message: 'Request payload size exceeds the limit: 20971520 bytes.' },
  'context-overflow': {
    code: 400,
    status: 'INVALID_ARGUMENT',
    message: 'The input token count exceeds the maximum number of tokens allowed.',
  },
  'content-filter': { code: 400, status: 'INVALID_ARGUMENT', message: 'The request was blocked by the content filter.' },
}

/** Status names of the RPC layer, by HTTP status, for problems with a status of their own. */
const STATUS_NAMES: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  402: 'RESOURCE_EXHAUSTED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
}

/** Body of an error, the same in a response and in a stream. Source: ai.google.dev/gemini-api/docs/troubleshooting. */
export function geminiErrorBody(problem: Problem): { error: object } {
  const words = KINDS[problem.kind]
  const code = problem.status ?? words.code
  const status = problem.code ?? (code === words.code ? words.status : (STATUS_NAMES[code] ?? 'UNKNOWN'))
  const details = detailsOf(problem)
  return { error: { code, message: messageOf(problem), status, ...(details.length === 0 ? {} : { details }) } }
}

/** HTTP response for a problem. The wait is in the body alone: this API sends no `retry-after`. */
export function geminiError(problem: Problem): HttpReply {
  return { status: problem.status ?? KINDS[problem.kind].code, body: geminiErrorBody(problem) }
}

function messageOf(problem: Problem): string {
  const { kind, message, model, inputTokens, limitTokens, retryAfterMs } = problem
  if (message !== undefined) return message
  if (kind === 'not-found' && model !== undefined) {
    return (
      `models/${model} is not found for API version v1beta, or is not supported for generateContent. ` +
      'Call ListModels to see the list of available models and their supported methods.'
    )
  }
  if (kind === 'context-overflow' && inputTokens !== undefined && limitTokens !== undefined) {
    return `The input token count (${inputTokens}) exceeds the maximum number of tokens allowed (${limitTokens}).`
  }
  const wait = kind === 'rate-limit' && retryAfterMs !== undefined ? `\nPlease retry in ${retryAfterMs / 1000}s.` : ''
  return KINDS[kind].message + wait
}

const type = (name: string): string => `type.googleapis.com/google.rpc.${name}`

function detailsOf({ kind, retryAfterMs, model }: Problem): readonly object[] {
  if (kind === 'auth') {
    return [
      {
        '@type': type('ErrorInfo'),
        reason: 'API_KEY_INVALID',
        domain: 'googleapis.com',
        metadata: { service: 'generativelanguage.googleapis.com' },
      },
      { '@type': type('LocalizedMessage'), locale: 'en-US', message: KINDS.auth.message },
    ]
  }
  if (kind !== 'rate-limit' && kind !== 'quota') return []
  const free = kind === 'quota'
  const violation = {
    quotaMetric: `generativelanguage.googleapis.com/${free ? 'generate_content_free_tier_requests' : 'generate_requests_per_model'}`,
    quotaId: free ? 'GenerateRequestsPerDayPerProjectPerModel-FreeTier' : 'GenerateRequestsPerMinutePerProjectPerModel',
    ...(model === undefined ? {} : { quotaDimensions: { location: 'global', model } }),
    quotaValue: free ? '0' : '150',
  }
  const retry = retryAfterMs === undefined ? [] : [{ '@type': type('RetryInfo'), retryDelay: `${retryAfterMs / 1000}s` }]
  return [
    { '@type': type('QuotaFailure'), violations: [violation] },
    {
      '@type': type('Help'),
      links: [{ description: 'Learn more about Gemini API quotas', url: 'https://ai.google.dev/gemini-api/docs/rate-limits' }],
    },
    ...retry,
  ]
}
