import { classifyFailure, isJson, jsonOf, type Failure, type ResponseHeaders } from '@routewise/core'
import { scrub } from './scrub.ts'

/** What a provider has said of itself, in place of an answer. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError'
  readonly status: number | undefined
  readonly code: string | undefined
  readonly type: string | undefined
  readonly headers: ResponseHeaders | undefined

  constructor(message: string, said: { status?: number; code?: string; type?: string; headers?: ResponseHeaders; cause?: unknown } = {}) {
    super(message, said.cause === undefined ? undefined : { cause: said.cause })
    this.status = said.status
    this.code = said.code
    this.type = said.type
    this.headers = said.headers
  }
}

/** Classifies what asking a server threw: its own words, or a fault of the line. */
export function failureOf(error: unknown, secrets: readonly string[]): Failure {
  if (error instanceof ProviderError) {
    const { status, code, type, message, headers } = error
    return classifyFailure({ status, code, type, message, headers, cause: error })
  }
  const { message, code } = error instanceof Error ? (error as NodeJS.ErrnoException) : { message: String(error), code: undefined }
  // What the parser of HTTP cannot read is a fault of the line, whatever it is.
  const isParsers = code?.startsWith('HPE_') === true || (error instanceof Error && error.name === 'HTTPParserError')
  const type = isParsers ? 'UND_ERR_SOCKET' : undefined
  const words = scrub(message, secrets)
  // The parser's own error holds what it could not read.
  const cause = isParsers ? new ProviderError(words, { type: 'UND_ERR_SOCKET' }) : error
  return classifyFailure({ message: words, type, code: type === undefined ? code : undefined, cause })
}

/** Longest words of a body that is no error of any known shape. */
const MAX_UNKNOWN_CHARACTERS = 500

/** The error of a response that is no answer, from its body: JSON of any vendor's shape, or a page of whatever stands before it. */
export function errorOfResponse(status: number, headers: ResponseHeaders, body: string, secrets: readonly string[]): ProviderError {
  const said = errorIn(parsed(body))
  const waits = waitingHeaders(headers, secrets)
  if (said !== undefined) return errorSaid(said, secrets, { status, headers: waits })
  const words = scrub(body, secrets).slice(0, MAX_UNKNOWN_CHARACTERS).trim()
  return new ProviderError(words === '' ? `${status} status code (no body)` : `${status} ${words}`, { status, headers: waits })
}

/** What headers say of when to come back; the others may say anything, keys that were sent among it. */
const WAITING = ['retry-after-ms', 'retry-after', 'date']

export function waitingHeaders(headers: ResponseHeaders, secrets: readonly string[]): ResponseHeaders {
  const kept: Record<string, string> = {}
  for (const name of WAITING) {
    const value = typeof headers.get === 'function' ? headers.get(name) : (headers as Readonly<Record<string, unknown>>)[name]
    if (typeof value === 'string') kept[name] = scrub(value, secrets)
  }
  return kept
}

/** The error that an event or a body tells, where it tells one: `{ error: { … } }`, `{ error: '…' }`, `{ object: 'error', … }`, `{ detail: … }`. */
export function errorIn(value: unknown): ErrorSaid | undefined {
  // Google's server for OpenAI's API gives a list.
  const body = jsonOf(Array.isArray(value) ? (value as unknown[])[0] : value)
  const { error } = body
  if (isJson(error)) return wordsOf(error)
  // xAI has its code beside its words.
  if (typeof error === 'string') return { message: error, code: body['code'] }
  if (body['object'] === 'error' || body['type'] === 'error') return wordsOf(body)
  if (Array.isArray(body['choices']) || body['output'] !== undefined) return undefined
  const { detail, message } = body
  if (typeof message === 'string') return wordsOf(body)
  return detail === undefined ? undefined : { message: typeof detail === 'string' ? detail : JSON.stringify(detail) }
}

export interface ErrorSaid {
  message: string
  code?: unknown
  type?: unknown
}

function wordsOf(error: Readonly<Record<string, unknown>>): ErrorSaid {
  const { message, code, type } = error
  // OpenRouter puts what the provider behind it said here.
  const { raw } = jsonOf(error['metadata'])
  const words = typeof message === 'string' ? message : JSON.stringify(message ?? error)
  return { message: typeof raw === 'string' ? `${words}: ${raw}` : words, code, type }
}

/** The error that was told, with its keys hidden. */
export function errorSaid(
  { message, code, type }: ErrorSaid,
  secrets: readonly string[],
  about: { status?: number; headers?: ResponseHeaders } = {},
): ProviderError {
  return new ProviderError(scrub(message, secrets), {
    ...about,
    ...((typeof code === 'string' || typeof code === 'number') && { code: word(String(code), secrets) }),
    ...(typeof type === 'string' && { type: word(type, secrets) }),
  })
}

/** Longest code or type of a provider's. */
const MAX_WORD_CHARACTERS = 200
const word = (text: string, secrets: readonly string[]): string => scrub(text, secrets).slice(0, MAX_WORD_CHARACTERS)

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
