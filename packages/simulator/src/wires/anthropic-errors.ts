import type { HttpReply, Problem, ProblemKind } from '../types.ts'
import { digest } from './signature.ts'

const KINDS: Readonly<Record<ProblemKind, { status: number; type: string; message: string }>> = {
  auth: { status: 401, type: 'authentication_error', message: 'invalid x-api-key' },
  permission: { status: 403, type: 'permission_error', message: 'Your API key does not have permission to use the specified resource.' },
  'not-found': { status: 404, type: 'not_found_error', message: 'Not Found' },
  quota: {
    status: 402,
    type: 'billing_error',
    message: 'Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.',
  },
  'rate-limit': {
    status: 429,
    type: 'rate_limit_error',
    message:
      'This request would exceed the rate limit for your organization of 50 requests per minute. For details, refer to: https://docs.claude.com/en/api/rate-limits.',
  },
  overloaded: { status: 529, type: 'overloaded_error', message: 'Overloaded' },
  server: { status: 500, type: 'api_error', message: 'Internal server error' },
  timeout: { status: 504, type: 'timeout_error', message: 'Request timed out' },
  'bad-request': { status: 400, type: 'invalid_request_error', message: 'Invalid request' },
  'too-large': { status: 413, type: 'request_too_large', message: 'Request exceeds the maximum size' },
  'context-overflow': { status: 400, type: 'invalid_request_error', message: 'prompt is too long' },
  'content-filter': { status: 400, type: 'invalid_request_error', message: 'Output blocked by content filtering policy' },
}

/** Body of an error, the same in a response and in an `error` event. */
export function anthropicErrorBody(problem: Problem): { type: 'error'; error: object; request_id: string } {
  return {
    type: 'error',
    error: { ...detailsOf(problem), type: typeOf(problem), message: messageOf(problem) },
    request_id: requestId(problem),
  }
}

/** HTTP response for a problem. Source: docs.claude.com/en/api/errors, rate-limits. */
export function anthropicError(problem: Problem): HttpReply {
  const status = problem.status ?? KINDS[problem.kind].status
  const headers: Record<string, string> = {
    'request-id': requestId(problem),
    'x-should-retry': isRetried(status, problem) ? 'true' : 'false',
  }
  if (problem.retryAfterMs !== undefined) headers['retry-after'] = String(Math.ceil(problem.retryAfterMs / 1000))
  if (problem.kind === 'rate-limit') Object.assign(headers, exhausted(problem))
  return { status, headers, body: anthropicErrorBody(problem) }
}

// A spend limit answers 429 like any rate limit, and only its details say that waiting is of no use.
function detailsOf(problem: Problem): { details?: object } {
  const code = problem.code ?? (problem.kind === 'quota' && problem.status === 429 ? 'enforced_spend_limit_reached' : undefined)
  return code === undefined ? {} : { details: { error_code: code } }
}

function typeOf({ kind, status }: Problem): string {
  if (kind !== 'quota' || status === undefined) return KINDS[kind].type
  return { 400: 'invalid_request_error', 429: 'rate_limit_error' }[status] ?? KINDS.quota.type
}

function messageOf(problem: Problem): string {
  if (problem.message !== undefined) return problem.message
  if (problem.kind === 'not-found' && problem.model !== undefined) return `model: ${problem.model}`
  if (problem.kind === 'context-overflow' && problem.inputTokens !== undefined && problem.limitTokens !== undefined) {
    return `prompt is too long: ${problem.inputTokens} tokens > ${problem.limitTokens} maximum`
  }
  return KINDS[problem.kind].message
}

const isRetried = (status: number, { kind }: Problem): boolean =>
  kind !== 'quota' && (status === 408 || status === 409 || status === 429 || status >= 500)

const requestId = (problem: Problem): string => `req_01${problem.requestId ?? digest(JSON.stringify(problem)).slice(0, 24)}`

function exhausted({ wallMs, retryAfterMs }: Problem): Record<string, string> {
  const headers: Record<string, string> = { 'anthropic-ratelimit-requests-limit': '50', 'anthropic-ratelimit-requests-remaining': '0' }
  if (wallMs !== undefined) headers['anthropic-ratelimit-requests-reset'] = rfc3339(wallMs + (retryAfterMs ?? 60_000))
  return headers
}

/** Instant in the form of Anthropic's headers, in whole seconds. */
export const rfc3339 = (wallMs: number): string => `${new Date(wallMs).toISOString().slice(0, 19)}Z`
