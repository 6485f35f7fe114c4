import type { FailureKind } from '../types.ts'

/** A row matches when everything it gives does. */
export interface FailureMatch {
  kind: FailureKind
  /** First and last HTTP status. */
  status?: readonly [first: number, last: number]
  /** Codes, types and error names, one of which must be there exactly. */
  names?: readonly string[]
  says?: RegExp
  unlessSays?: RegExp
}

// Patterns run over at most 8 KB that a stranger may have written: no nested or adjacent repeats, and gaps are bounded.

/** Words for a prompt that is larger than the model's window, by provider. */
const overflowWords = new RegExp(
  [
    'prompt is too long', // Anthropic
    'input length and .max_tokens. exceed context limit', // Anthropic
    'request_too_large', // Anthropic, by size in bytes
    'exceeds? the context window', // OpenAI Responses
    'maximum context length (?:is|of) \\d', // OpenAI, DeepSeek, vLLM, OpenRouter
    'context[_ ]length[_ ]exceeded', // OpenAI, Groq
    'input token count.{0,40}exceeds the maximum', // Gemini
    'maximum prompt length is \\d', // xAI
    'reduce the length of the messages', // Groq
    'too large for model with \\d{1,12} maximum context length', // Mistral
    "is longer than the model'?s context length", // Together
    'exceeded model token limit', // Kimi
    'input is too long for requested model', // Bedrock
    'prompt tokens \\(\\d{1,12}\\) exceed model maximum', // Bedrock
    'exceeds the available context size', // llama.cpp
    'current length is \\d{1,12} while limit is', // Cerebras
  ].join('|'),
  'i',
)

/** Sentences that speak of length or tokens but mean a rate, or a single field. */
const notOverflow = /throttling error|rate limit|too many (?:requests|tokens)|string_above_max_length|invalid 'user'/i

/**
 * Failures by class: the first row that matches decides. Codes go before words, since providers keep codes and reword messages; rows of
 * status alone come last. Sources: the providers' error pages; shapes that only a client sees are noted.
 */
export const failureTable: readonly FailureMatch[] = [
  // Money. Before rate limits, because most of it arrives as a 429.
  {
    kind: 'quota',
    names: [
      'insufficient_quota',
      'credit_balance_exhausted',
      'organization_spend_limit_exceeded',
      'enforced_spend_limit_reached',
      'billing_error',
    ],
  },
  {
    kind: 'quota',
    names: [
      'payment_required',
      'exceeded_current_quota_error',
      'InsufficientQuotaError',
      'billing_not_active',
      'billing_hard_limit_reached',
    ],
  },
  { kind: 'quota', status: [402, 402] },
  {
    kind: 'quota',
    says: /enforced_spend_limit_reached|insufficient_quota|insufficient balance|credit balance is too low|spend(?:ing)? limit|specified API usage limits/i,
  },
  // Gemini: a quota of nought is a plan without this model, not a rate.
  { kind: 'quota', says: /\blimit: 0(?![.\d])/i },
  // The same words as Gemini's rate limit; only that one names the metric and when to come back.
  { kind: 'quota', says: /exceeded your current quota/i, unlessSays: /quota exceeded for metric|retry in \d|retryDelay/i },

  // Time. Node and undici, then the providers.
  {
    kind: 'timeout',
    names: ['ETIMEDOUT', 'ESOCKETTIMEDOUT', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'],
  },
  { kind: 'timeout', names: ['TimeoutError', 'APIConnectionTimeoutError', 'timeout_error', 'DEADLINE_EXCEEDED', 'ModelTimeoutException'] },

  // The line.
  {
    kind: 'network',
    names: ['ECONNRESET', 'ECONNREFUSED', 'ECONNABORTED', 'EPIPE', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'],
  },
  {
    kind: 'network',
    names: ['ENETDOWN', 'EADDRNOTAVAIL', 'UND_ERR_SOCKET', 'UND_ERR_CLOSED', 'UND_ERR_DESTROYED', 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH'],
  },
  {
    kind: 'network',
    names: [
      'ERR_STREAM_PREMATURE_CLOSE',
      'ERR_SSL_WRONG_VERSION_NUMBER',
      'CERT_HAS_EXPIRED',
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'APIConnectionError',
    ],
  },

  // A clean end without a terminal event; the core's own finding.
  { kind: 'truncated', names: ['truncated'] },
  // A stream that ends in the middle of an event, as the SDKs' parsers see it.
  { kind: 'truncated', names: ['SyntaxError'] },
  { kind: 'truncated', says: /failed to parse stream/i },

  // Filters.
  { kind: 'content_filter', names: ['content_filter', 'ResponsibleAIPolicyViolation', 'content_policy_violation', 'moderation_blocked'] },
  { kind: 'content_filter', names: ['bio_policy', 'misalignment_policy_violation', 'PROHIBITED_CONTENT', 'SAFETY', 'BLOCKLIST', 'SPII'] },
  {
    kind: 'content_filter',
    says: /content management policy|ResponsibleAIPolicyViolation|content[_ ]filter(?:ing policy)?\b|violat\w{0,8} our usage polic/i,
  },

  // Windows. Anthropic's 413 counts bytes, Groq's counts a minute's tokens, and Cerebras sends 413 or 400 without a body:
  // all of them want a shorter prompt or another model.
  {
    kind: 'context_overflow',
    names: ['context_length_exceeded', 'model_context_window_exceeded', 'request_too_large', 'ContextOverflowError'],
  },
  { kind: 'context_overflow', says: overflowWords, unlessSays: notOverflow },
  { kind: 'context_overflow', status: [413, 413], unlessSays: notOverflow },
  { kind: 'context_overflow', status: [400, 400], says: /^400 status code \(no body\)$/ },

  // Keys. Gemini answers a wrong one with 400, Bedrock with 403.
  {
    kind: 'auth',
    names: [
      'invalid_api_key',
      'authentication_error',
      'UNAUTHENTICATED',
      'API_KEY_INVALID',
      'UnrecognizedClientException',
      'ExpiredTokenException',
    ],
  },
  { kind: 'auth', names: ['InvalidSignatureException', 'AI_LoadAPIKeyError'] },
  {
    kind: 'auth',
    says: /API key not valid|API_KEY_INVALID|incorrect api key|invalid x-api-key|security token included in the request is/i,
  },
  { kind: 'auth', status: [401, 401] },
  { kind: 'permission', names: ['permission_error', 'PERMISSION_DENIED', 'AccessDeniedException', 'unsupported_country_region_territory'] },
  // Gemini outside the regions of its free tier.
  { kind: 'permission', says: /user location is not supported|free tier is not available in your country/i },
  { kind: 'permission', status: [403, 403] },
  {
    kind: 'not_found',
    names: ['model_not_found', 'not_found_error', 'NOT_FOUND', 'ResourceNotFoundException', 'unknown_model', 'invalid_model'],
  },
  { kind: 'not_found', status: [404, 404] },
  { kind: 'not_found', status: [410, 410] },

  // Capacity, which is the provider's, and rate, which is the account's.
  {
    kind: 'overloaded',
    names: ['overloaded_error', 'server_is_overloaded', 'UNAVAILABLE', 'capacity_exceeded', 'ServiceUnavailableException'],
  },
  { kind: 'overloaded', names: ['ModelNotReadyException', 'insufficient_system_resource', 'resource_unavailable'] },
  // Mistral and OpenAI, DeepSeek, Kimi: in a stream, where there is no status, or behind one of another meaning.
  { kind: 'overloaded', names: ['service_unavailable', 'service_unavailable_error', 'engine_overloaded_error'] },
  { kind: 'overloaded', status: [529, 529] },
  { kind: 'overloaded', status: [503, 503] },
  // Groq's flex tier when it has no capacity.
  { kind: 'overloaded', status: [498, 498] },
  {
    kind: 'rate_limit',
    names: ['rate_limit_exceeded', 'rate_limit_error', 'slow_down', 'ramp_limit_exceeded', 'RESOURCE_EXHAUSTED', 'ThrottlingException'],
  },
  { kind: 'rate_limit', names: ['TooManyRequestsException', 'ServiceQuotaExceededException', 'RateLimitError', 'RateLimitCapacityError'] },
  { kind: 'rate_limit', status: [429, 429] },

  // What the call itself got wrong.
  {
    kind: 'bad_request',
    names: ['invalid_request_error', 'INVALID_ARGUMENT', 'FAILED_PRECONDITION', 'ValidationException', 'invalid_prompt', 'BadRequestError'],
  },

  // Breakdowns; in a stream these come without a status.
  {
    kind: 'server',
    names: ['server_error', 'api_error', 'internal_server_error', 'INTERNAL', 'InternalServerException', 'ModelErrorException'],
  },
  { kind: 'server', names: ['modelStreamErrorException', 'ModelStreamErrorException', 'internalServerException', 'UNKNOWN'] },
  { kind: 'server', status: [424, 424] },
  { kind: 'timeout', status: [408, 408] },
  { kind: 'timeout', status: [504, 504] },
  { kind: 'server', status: [500, 599] },

  // Words alone: a framework has dropped the code and the status.
  { kind: 'rate_limit', says: /rate limit|too many (?:requests|tokens)|throttl|quota exceeded for metric/i },
  { kind: 'overloaded', says: /overloaded|capacity exceeded|temporarily unavailable/i },
  { kind: 'timeout', says: /timed? ?out|deadline exceeded/i },
  {
    kind: 'network',
    says: /^terminated$|fetch failed|socket hang up|premature close|other side closed|network error|connection error|ECONNRESET/i,
  },
  { kind: 'server', says: /internal server error|streaming error/i },
  { kind: 'bad_request', status: [400, 499] },
]
