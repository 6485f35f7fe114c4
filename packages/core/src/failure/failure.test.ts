import { expect, test } from 'vitest'
import { classifyFailure } from './classify.ts'
import { failureRule } from './rule.ts'
import type { FailureSignal } from './classify.ts'
import type { FailureKind } from '../types.ts'

type Row = [kind: FailureKind, what: string, signal: Partial<FailureSignal> & { message: string }]

// Every kind, in the order of `FailureKind`; `satisfies` makes a kind that is added to it fail here.
const kinds = Object.keys({
  auth: 0,
  permission: 0,
  not_found: 0,
  quota: 0,
  rate_limit: 0,
  overloaded: 0,
  timeout: 0,
  bad_request: 0,
  context_overflow: 0,
  content_filter: 0,
  server: 0,
  network: 0,
  truncated: 0,
  unknown: 0,
} satisfies Record<FailureKind, 0>) as FailureKind[]

const classify = (signal: Partial<FailureSignal> & { message: string }) => classifyFailure({ cause: undefined, ...signal })

// Messages as the providers send them.
const rows: readonly Row[] = [
  [
    'auth',
    'OpenAI, wrong key',
    { status: 401, code: 'invalid_api_key', type: 'invalid_request_error', message: 'Incorrect API key provided: sk-no.' },
  ],
  ['auth', 'Anthropic, wrong key', { status: 401, type: 'authentication_error', message: 'invalid x-api-key' }],
  [
    'auth',
    'Gemini, wrong key as 400',
    { status: 400, type: 'INVALID_ARGUMENT', message: 'API key not valid. Please pass a valid API key.' },
  ],
  [
    'auth',
    'Bedrock, wrong token',
    { status: 403, type: 'UnrecognizedClientException', message: 'The security token included in the request is invalid.' },
  ],
  [
    'permission',
    'Anthropic',
    { status: 403, type: 'permission_error', message: 'Your API key does not have permission to use the specified resource.' },
  ],
  [
    'permission',
    'OpenAI, country',
    { status: 403, code: 'unsupported_country_region_territory', message: 'Country, region, or territory not supported' },
  ],
  [
    'permission',
    'Gemini, free tier region',
    { status: 400, type: 'FAILED_PRECONDITION', message: 'User location is not supported for the API use.' },
  ],
  [
    'permission',
    'Bedrock, model access',
    { status: 403, type: 'AccessDeniedException', message: "You don't have access to the model with the specified model ID." },
  ],
  [
    'not_found',
    'OpenAI',
    {
      status: 404,
      code: 'model_not_found',
      type: 'invalid_request_error',
      message: 'The model `gpt-9` does not exist or you do not have access to it.',
    },
  ],
  ['not_found', 'Anthropic', { status: 404, type: 'not_found_error', message: 'model: claude-9' }],
  ['not_found', 'Gemini', { status: 404, type: 'NOT_FOUND', message: 'models/gemini-9 is not found for API version v1beta' }],
  ['not_found', 'Mistral as 400', { status: 400, type: 'invalid_model', code: '1500', message: 'Invalid model: mistral-nano' }],
  [
    'quota',
    'OpenAI as 429',
    {
      status: 429,
      code: 'insufficient_quota',
      type: 'insufficient_quota',
      message: 'You exceeded your current quota, please check your plan and billing details.',
    },
  ],
  [
    'quota',
    'OpenAI, words alone',
    {
      message:
        '429 You exceeded your current quota, please check your plan and billing details. For more information on this error, read the docs.',
    },
  ],
  [
    'quota',
    'OpenAI, spend limit of an organization',
    {
      status: 429,
      code: 'organization_spend_limit_exceeded',
      type: 'insufficient_quota',
      message: 'Your organization has reached its spend limit.',
    },
  ],
  [
    'quota',
    'Anthropic, credit as 400',
    { status: 400, type: 'invalid_request_error', message: 'Your credit balance is too low to access the Anthropic API.' },
  ],
  [
    'quota',
    'Anthropic, own limit as 400',
    {
      status: 400,
      type: 'invalid_request_error',
      message: 'You have reached your specified API usage limits. You will regain access on 2026-12-01 at 00:00 UTC.',
    },
  ],
  [
    'quota',
    'Anthropic, enforced limit as 429',
    { status: 429, type: 'rate_limit_error', code: 'enforced_spend_limit_reached', message: 'This request would exceed the limit.' },
  ],
  ['quota', 'Anthropic, 402', { status: 402, type: 'billing_error', message: 'Payment required.' }],
  ['quota', 'DeepSeek', { status: 402, message: 'Insufficient Balance' }],
  [
    'quota',
    'Gemini, limit of nought as 429',
    {
      status: 429,
      type: 'RESOURCE_EXHAUSTED',
      message:
        'You exceeded your current quota. * Quota exceeded for metric: generate_content_free_tier_requests, limit: 0, model: gemini-3.1-pro. Please retry in 12s.',
    },
  ],
  [
    'rate_limit',
    'OpenAI',
    {
      status: 429,
      code: 'rate_limit_exceeded',
      type: 'tokens',
      message: 'Rate limit reached for gpt-6-sol on tokens per min (TPM): Limit 30000, Used 29000, Requested 2000. Please try again in 2s.',
    },
  ],
  ['rate_limit', 'OpenAI, ramp', { status: 429, code: 'slow_down', message: 'Slow down' }],
  [
    'rate_limit',
    'Anthropic',
    {
      status: 429,
      type: 'rate_limit_error',
      message: "This request would exceed your organization's rate limit of 50,000 input tokens per minute.",
    },
  ],
  [
    'rate_limit',
    'Gemini',
    {
      status: 429,
      type: 'RESOURCE_EXHAUSTED',
      message:
        'You exceeded your current quota, please check your plan and billing details. * Quota exceeded for metric: generate_content_free_tier_requests, limit: 20. Please retry in 46.5s.',
    },
  ],
  ['rate_limit', 'Gemini inside a stream', { code: 429, message: 'Resource has been exhausted (e.g. check quota).' }],
  ['rate_limit', 'Mistral', { status: 429, code: '3505', message: 'Service tier capacity exceeded for this model.' }],
  [
    'rate_limit',
    'Bedrock, whose words speak of tokens',
    { type: 'ThrottlingException', status: 429, message: 'Too many tokens, please wait before trying again.' },
  ],
  ['rate_limit', 'Bedrock, words alone', { message: 'ThrottlingException: Too many tokens, please wait before trying again.' }],
  ['overloaded', 'Anthropic, 529', { status: 529, type: 'overloaded_error', message: 'Overloaded' }],
  ['overloaded', 'Anthropic inside a stream', { type: 'overloaded_error', message: 'Overloaded' }],
  [
    'overloaded',
    'OpenAI',
    { status: 503, code: 'server_is_overloaded', message: 'The server is currently overloaded with other requests.' },
  ],
  ['overloaded', 'Gemini', { status: 503, type: 'UNAVAILABLE', message: 'The model is overloaded. Please try again later.' }],
  ['overloaded', 'Mistral inside a stream', { type: 'service_unavailable', code: '3000', message: 'Service unavailable.' }],
  ['overloaded', 'DeepSeek inside a stream', { type: 'service_unavailable_error', code: 'invalid_request_error', message: 'Too busy.' }],
  ['overloaded', 'Kimi as 429', { status: 429, type: 'engine_overloaded_error', message: 'The engine is currently overloaded' }],
  ['quota', 'Kimi', { status: 429, type: 'exceeded_current_quota_error', message: 'Your account is suspended' }],
  ['overloaded', 'Groq, flex', { status: 498, code: 'capacity_exceeded', message: 'Flex tier capacity exceeded.' }],
  [
    'timeout',
    'Gemini',
    { status: 504, type: 'DEADLINE_EXCEEDED', message: 'The service was unable to finish processing within the deadline.' },
  ],
  ['timeout', 'Anthropic', { status: 504, type: 'timeout_error', message: 'Request timed out.' }],
  ['timeout', 'Bedrock', { status: 408, type: 'ModelTimeoutException', message: 'Model has timed out in processing the request.' }],
  ['timeout', 'the openai SDK', { message: 'Request timed out.' }],
  [
    'timeout',
    'AbortSignal.timeout',
    {
      message: 'The operation was aborted due to timeout',
      cause: new DOMException('The operation was aborted due to timeout', 'TimeoutError'),
    },
  ],
  [
    'timeout',
    'undici',
    {
      message: 'fetch failed',
      cause: new TypeError('fetch failed', {
        cause: Object.assign(new Error('Headers Timeout Error'), { code: 'UND_ERR_HEADERS_TIMEOUT' }),
      }),
    },
  ],
  [
    'network',
    'undici, refused',
    {
      message: 'fetch failed',
      cause: new TypeError('fetch failed', {
        cause: Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' }),
      }),
    },
  ],
  [
    'network',
    'undici, cut in the body',
    {
      message: 'terminated',
      cause: new TypeError('terminated', { cause: Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' }) }),
    },
  ],
  ['network', 'cut in the body, cause lost', { message: 'terminated' }],
  ['network', 'the openai SDK', { message: 'Connection error.' }],
  ['network', 'no such host', { code: 'ENOTFOUND', message: 'getaddrinfo ENOTFOUND api.example.com' }],
  ['network', 'node:http', { message: 'socket hang up' }],
  ['truncated', 'a clean end without a terminal event', { code: 'truncated', message: 'The stream ended without a terminal event.' }],
  [
    'content_filter',
    'Azure',
    {
      status: 400,
      code: 'content_filter',
      message: "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.",
    },
  ],
  ['content_filter', 'OpenAI Responses', { code: 'bio_policy', message: 'This request was blocked.' }],
  [
    'content_filter',
    'OpenAI, reasoning models',
    { status: 400, code: 'invalid_prompt', message: 'Invalid prompt: your prompt was flagged as potentially violating our usage policy.' },
  ],
  ['content_filter', 'Gemini', { code: 'PROHIBITED_CONTENT', message: 'The prompt was blocked.' }],
  [
    'bad_request',
    'OpenAI',
    {
      status: 400,
      type: 'invalid_request_error',
      code: 'unsupported_parameter',
      message: "Unsupported parameter: 'max_tokens' is not supported with this model.",
    },
  ],
  [
    'bad_request',
    'OpenAI, a field that is too long',
    {
      status: 400,
      code: 'string_above_max_length',
      type: 'invalid_request_error',
      message: "Invalid 'user': string too long. Expected a string with maximum length 64, not a maximum context length is 1.",
    },
  ],
  ['bad_request', 'Gemini', { status: 400, type: 'INVALID_ARGUMENT', message: 'Invalid JSON payload received.' }],
  ['bad_request', 'Mistral', { status: 422, message: 'Input should be a valid list' }],
  ['bad_request', 'Bedrock', { status: 400, type: 'ValidationException', message: 'Malformed input request' }],
  ['server', 'OpenAI', { status: 500, type: 'server_error', message: 'The server had an error while processing your request.' }],
  ['server', 'Anthropic inside a stream', { type: 'api_error', message: 'Internal server error' }],
  ['server', 'Gemini', { status: 500, type: 'INTERNAL', message: 'An internal error has occurred.' }],
  ['server', 'Bedrock inside a stream', { status: 424, type: 'modelStreamErrorException', message: 'The model stream failed.' }],
  ['server', 'a proxy in between', { status: 502, message: '<html><title>502 Bad Gateway</title></html>' }],
  ['unknown', 'nothing to go by', { message: 'Something went wrong' }],
]

test.each(rows)('%s: %s', (kind, _what, signal) => {
  expect(classify(signal).kind).toBe(kind)
})

const overflows: readonly [who: string, message: string, limitTokens: number | undefined][] = [
  ['OpenAI', "This model's maximum context length is 128000 tokens. However, your messages resulted in 130012 tokens.", 128_000],
  ['OpenAI Responses', 'Your input exceeds the context window of this model. Please adjust your input and try again.', undefined],
  ['Anthropic', 'prompt is too long: 213462 tokens > 200000 maximum', 200_000],
  [
    'Anthropic, with output',
    'input length and `max_tokens` exceed context limit: 188240 + 21333 > 200000, decrease input length or `max_tokens` and try again',
    200_000,
  ],
  ['Gemini', 'The input token count (1196265) exceeds the maximum number of tokens allowed (1048576).', 1_048_576],
  ['xAI', "This model's maximum prompt length is 131072 but the request contains 537812 tokens.", 131_072],
  ['Groq', 'Please reduce the length of the messages or completion.', undefined],
  ['Mistral', 'Prompt contains 65673 tokens and 0 draft tokens, too large for model with 32768 maximum context length', 32_768],
  ['Together', "The input is longer than the model's context length (4096).", 4_096],
  ['Kimi', 'Invalid request: Your request exceeded model token limit: 262144', 262_144],
  ['Bedrock', 'Input is too long for requested model.', undefined],
  ['Bedrock, with numbers', 'prompt tokens (210000) exceed model maximum (200000)', 200_000],
  ['llama.cpp', 'request (9000 tokens) exceeds the available context size (8192 tokens), try increasing it', 8_192],
  ['Cerebras', 'Please reduce the length. Current length is 9120 while limit is 8192', 8_192],
]

test.each(overflows)('context overflow of %s, with the window it names', (_who, message, limitTokens) => {
  const failure = classify({ status: 400, type: 'invalid_request_error', message })
  expect(failure.kind).toBe('context_overflow')
  expect(failure.limitTokens).toBe(limitTokens)
})

test('413 and a 400 without a body want a shorter prompt', () => {
  expect(classify({ status: 413, type: 'request_too_large', message: 'Request exceeds the maximum size' }).kind).toBe('context_overflow')
  expect(classify({ status: 413, message: '413 status code (no body)' }).kind).toBe('context_overflow')
  expect(classify({ status: 400, message: '400 status code (no body)' }).kind).toBe('context_overflow')
})

test.each<[string, number | undefined, Partial<FailureSignal>]>([
  ['retry-after-ms before retry-after', 250, { headers: { 'retry-after-ms': '250', 'retry-after': '9' } }],
  ['retry-after in seconds, in any case', 9_000, { headers: { 'Retry-After': '9' } }],
  ['retry-after as a date, by our clock', 30_000, { headers: { 'retry-after': 'Thu, 01 Jan 1970 00:01:30 GMT' } }],
  [
    'retry-after as a date, by the clock of the provider',
    90_000,
    { headers: { 'retry-after': 'Sat, 21 Nov 2026 10:01:30 GMT', date: 'Sat, 21 Nov 2026 10:00:00 GMT' } },
  ],
  ['a date that has passed', 0, { headers: { 'retry-after': 'Thu, 01 Jan 1970 00:00:30 GMT' } }],
  ['web headers', 3_000, { headers: new Headers({ 'retry-after': '3' }) }],
  ['Gemini in words', 46_500, { message: 'Quota exceeded. Please retry in 46.5s.' }],
  ['Gemini per day', 35_643_200, { message: 'Please retry in 9h54m3.2s.' }],
  ['Gemini RetryInfo', 46_000, { message: '{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"46s"}' }],
  ['OpenAI in words', 20, { message: 'Rate limit reached. Please try again in 20ms.' }],
  ['Groq in words', 432_480, { message: 'Please try again in 7m12.48s. Visit the console.' }],
  ['Azure in words', 20_000, { message: 'Please retry after 20 seconds.' }],
  ['no hint', undefined, { message: 'Please try again later.' }],
  ['nonsense', undefined, { headers: { 'retry-after': 'soon' } }],
])('how long to stay away: %s', (_what, retryAfterMs, signal) => {
  const failure = classifyFailure({ status: 429, message: '', cause: undefined, ...signal }, { wall: () => 60_000 })
  expect(failure.retryAfterMs).toBe(retryAfterMs)
})

test('keeps the cause whole, the status and the code', () => {
  const cause = new Error('no')
  expect(classifyFailure({ status: 429, code: 'slow_down', message: 'no', cause })).toEqual({
    kind: 'rate_limit',
    status: 429,
    code: 'slow_down',
    message: 'no',
    cause,
  })
})

test('cuts a message to 8 KB, and hostile ones end', () => {
  // Milliseconds when linear; a backtracking pattern would not come back.
  const parts = ['1,', 'try again in 1', 'input token count ', ' limit: 0', '"retryDelay" : "', '[', '9'.repeat(50), 'a']
  for (const part of parts) {
    const failure = classify({ message: part.repeat(100_000) })
    expect(failure.message.length).toBe(8_192)
  }
})

test('a cause that is its own cause ends', () => {
  const cause: { cause?: unknown } = {}
  cause.cause = cause
  expect(classify({ message: 'x', cause }).kind).toBe('unknown')
})

test('a call that may itself be at fault is tried once more at most; a broken provider is left at once', () => {
  for (const kind of ['bad_request', 'content_filter', 'unknown'] as const) expect(failureRule(kind).fallback).toBe('once')
  for (const kind of [
    'auth',
    'quota',
    'rate_limit',
    'overloaded',
    'server',
    'network',
    'timeout',
    'truncated',
    'context_overflow',
  ] as const) {
    expect(failureRule(kind).fallback).toBe('now')
  }
})

test('only what its owner must mend keeps a target away after one failure; money longest', () => {
  expect(kinds.filter(kind => failureRule(kind).cooldownMs > 0)).toEqual(['auth', 'permission', 'not_found', 'quota'])
  expect(failureRule('quota').cooldownMs).toBeGreaterThan(failureRule('auth').cooldownMs)
})

test('the same target is asked again only after what passes, and more slowly after a limit', () => {
  expect(kinds.filter(kind => failureRule(kind).retry === 'throttled')).toEqual(['rate_limit', 'overloaded'])
  expect(kinds.filter(kind => failureRule(kind).retry === 'transient')).toEqual(['server', 'network', 'truncated'])
})

test('a target is blamed for its own breakdowns, and is well when only the call was wrong', () => {
  const blamed = ['rate_limit', 'overloaded', 'timeout', 'server', 'network', 'truncated']
  expect(kinds.filter(kind => failureRule(kind).health === 'failure')).toEqual(blamed)
  expect(kinds.filter(kind => failureRule(kind).health === 'success')).toEqual(['bad_request', 'context_overflow', 'content_filter'])
})
