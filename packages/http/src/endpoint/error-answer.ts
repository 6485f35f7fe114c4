import { RouterError, type FailureKind, type RouterErrorCode, type TargetFailure } from '@routewise/core'
import type { WireApi } from '../call.ts'
import type { EndpointResponse } from './exchange.ts'
import { addFacts, type Headers } from './facts.ts'
import { providersWords } from './providers-words.ts'
import { RequestError } from './request-error.ts'

/** An error as OpenAI's API tells it. */
export interface ErrorBody {
  message: string
  type: string
  param: string | null
  code: string | null
}

export interface ErrorAnswer {
  status: number
  error: ErrorBody
  headers: Headers
}

/** What is known of the request that failed. */
export interface Asked {
  id: string
  api?: WireApi | undefined
  /** The client itself has narrowed the choice, by a model's name or a header. */
  narrowed?: boolean
}

/** The answer to a request that has failed; of a fault that is the app's own it says no more than that there is one. */
export function errorAnswer(error: unknown, asked: Asked): ErrorAnswer {
  const answer = toAnswer(error, asked) ?? ownRefusal(error) ?? internal()
  const { headers } = answer
  headers['x-request-id'] = asked.id
  headers['x-should-retry'] ??= 'false'
  if (RouterError.isInstance(error) && error.receipt !== undefined) addFacts(headers, error.receipt, undefined)
  return answer
}

export function errorResponse(error: unknown, asked: Asked): EndpointResponse {
  const { status, error: body, headers } = errorAnswer(error, asked)
  headers['content-type'] = 'application/json'
  headers['cache-control'] = 'no-transform'
  return { status, headers, body: JSON.stringify({ error: body }) }
}

/** The answer to a fault of the app's own, for servers that have no other way to tell of it: the process is warned, the client learns nothing. */
export function faultResponse(error: unknown, id: string): EndpointResponse {
  if (ownRefusal(error) === undefined) process.emitWarning(error instanceof Error ? error : String(error))
  return errorResponse(error, { id })
}

/** The request, a model or the caller's limits are at fault: all else is the app's own, as what a function among its options throws. */
export const isAnswerable = (error: unknown): boolean => error instanceof RequestError || (RouterError.isInstance(error) && !isOwn(error))

const isOwn = ({ code }: RouterError): boolean => code === 'invalid_option' || code === 'duplicate_target'

function toAnswer(error: unknown, asked: Asked): ErrorAnswer | undefined {
  if (error instanceof RequestError) {
    const { status, message, type, param, code, headers } = error
    return { status, error: { message, type, param, code }, headers: { ...headers } }
  }
  return RouterError.isInstance(error) ? tellers[error.code]?.(error, asked) : undefined
}

/** A function among the options may refuse a request by an error with a status of its own, as those of `http-errors` are. */
function ownRefusal(error: unknown): ErrorAnswer | undefined {
  if (!(error instanceof Error) || !('status' in error)) return undefined
  const { status, message } = error
  if (typeof status !== 'number' || !(status >= 400 && status < 500)) return undefined
  return { status, error: { message, type: 'invalid_request_error', param: null, code: null }, headers: {} }
}

const internal = (): ErrorAnswer => say(500, 'The server had an error while processing your request.', 'server_error', 'internal_error')

function say(status: number, message: string, type: string, code: string | null, param: string | null = null): ErrorAnswer {
  return { status, error: { message, type, param, code }, headers: {} }
}

type Teller = (error: RouterError, asked: Asked) => ErrorAnswer

const INVALID = 'invalid_request_error'
const SERVER = 'server_error'

const tellers: Readonly<Partial<Record<RouterErrorCode, Teller>>> = {
  context_overflow: ({ message }, { api }) => say(400, message, INVALID, 'context_length_exceeded', promptOf(api)),
  unsupported: ({ message }) => say(400, message, INVALID, 'unsupported'),
  no_candidates: ({ message }, { narrowed }) =>
    narrowed === true ? say(400, message, INVALID, 'no_candidates', 'model') : say(503, message, SERVER, 'no_candidates'),
  over_budget: ({ message }) => say(429, message, 'insufficient_quota', 'insufficient_quota'),
  price_unknown: ({ message }, { narrowed }) =>
    narrowed === true ? say(400, message, INVALID, 'price_unknown', 'model') : say(500, message, SERVER, 'price_unknown'),
  deadline: ({ message }) => say(504, message, SERVER, 'deadline_exceeded'),
  aborted: () => say(499, 'The request was cancelled.', INVALID, 'cancelled'),
  all_attempts_failed: (error, asked) => fromFailures(error.failures, asked),
  stream_interrupted: error => say(502, listed('The answer broke off', error.failures.slice(-1)), SERVER, 'stream_interrupted'),
}

const promptOf = (api: WireApi | undefined): string => (api === 'chat' ? 'messages' : 'input')

/** Which of several failures tells the client most: first what it can mend itself, then what passes. */
const TELLING: readonly (readonly [
  kinds: readonly FailureKind[],
  tell: (failure: readonly TargetFailure[], asked: Asked) => ErrorAnswer,
])[] = [
  [['context_overflow'], ([failure], { api }) => refused(failure!, promptOf(api), 'context_length_exceeded')],
  [['bad_request'], ([failure]) => refused(failure!, null, null)],
  [['content_filter'], ([failure]) => refused(failure!, null, 'content_filter')],
  [
    ['rate_limit'],
    failures => comeBack(say(429, listed('Rate limit reached', failures), 'rate_limit_error', 'rate_limit_exceeded'), failures),
  ],
  [['quota'], failures => say(429, listed('The quota is used up', failures), 'insufficient_quota', 'insufficient_quota')],
  [['overloaded'], failures => comeBack(say(503, listed('Overloaded', failures), SERVER, 'overloaded'), failures)],
  [['timeout'], failures => say(504, listed('No answer in time', failures), SERVER, 'timeout')],
]

function fromFailures(failures: readonly TargetFailure[], asked: Asked): ErrorAnswer {
  for (const [kinds, tell] of TELLING) {
    const telling = failures.filter(({ kind }) => kinds.includes(kind))
    if (telling.length > 0) return tell(telling, asked)
  }
  if (failures.length === 0) return say(500, 'No model could be asked.', SERVER, 'internal_error')
  // Keys, names and lines of providers are not the client's: it is told who failed, and no more.
  return say(502, listed('Every model asked has failed', failures), SERVER, 'upstream_failed')
}

/** What the provider says of the request itself, in its own words. */
function refused(failure: TargetFailure, param: string | null, code: string | null): ErrorAnswer {
  const words = providersWords(failure)
  return say(400, words.message, INVALID, code ?? words.code, words.param ?? param)
}

const listed = (what: string, failures: readonly TargetFailure[]): string =>
  `${what}. ${[...new Set(failures.map(({ target, kind }) => `${target}: ${kind}`))].join('; ')}.`

/** Asking again helps where a provider has said when: all else the router has tried. */
function comeBack(answer: ErrorAnswer, failures: readonly TargetFailure[]): ErrorAnswer {
  const waits = failures.map(({ retryAfterMs }) => retryAfterMs).filter(ms => ms !== undefined)
  if (waits.length === 0) return answer
  const ms = Math.ceil(Math.min(...waits))
  answer.headers['retry-after'] = String(Math.ceil(ms / 1_000))
  answer.headers['retry-after-ms'] = String(ms)
  answer.headers['x-should-retry'] = 'true'
  return answer
}
