import { classifyFailure, type Failure } from '@routewise/core'
import { APICallError, InvalidResponseDataError, TypeValidationError } from '@ai-sdk/provider'
import { RetryError } from 'ai'

type Fields = Readonly<Record<string, unknown>>

/** Classifies what a model threw, or put into an `error` part: errors of the SDK, and events of providers as their packages leave them. */
export function readFailure(error: unknown): Failure {
  if (RetryError.isInstance(error)) return { ...readFailure(error.lastError), cause: error }
  const outer = fields(error)
  const body = bodyOf(error)
  const status = outer['statusCode'] ?? outer['status']
  const code = first(body, ['code']) ?? outer['code']
  const type = brokeOff(error) ? 'truncated' : (first(body, ['type', 'status']) ?? first(outer, ['type', 'name']))
  const headers = outer['responseHeaders']
  return classifyFailure({
    // A good status came before what went wrong.
    status: typeof status === 'number' && status >= 400 ? status : undefined,
    code: typeof code === 'string' || typeof code === 'number' ? code : undefined,
    type: typeof type === 'string' ? type : undefined,
    message: messageOf(error, body),
    headers: typeof headers === 'object' && headers !== null ? (headers as Record<string, string>) : undefined,
    cause: error,
  })
}

/** What the packages for OpenAI-compatible providers say of a stream without an end. */
const brokeOff = (error: unknown): boolean => InvalidResponseDataError.isInstance(error) && /without a finish reason/.test(error.message)

/** The provider's own error: in the body of a response, in the event that the package has read, or in one that it could not read. */
function bodyOf(error: unknown): Fields {
  if (APICallError.isInstance(error)) return errorWithin(error.data) ?? errorWithin(parsed(error.responseBody)) ?? {}
  if (TypeValidationError.isInstance(error)) return errorWithin(error.value) ?? {}
  return errorWithin(fields(error)['data']) ?? errorWithin(error) ?? {}
}

/** `{ error: { … } }`, the same within a `response`, or the error itself; `undefined` for what says nothing. */
function errorWithin(value: unknown): Fields | undefined {
  const { error, response, message } = fields(value)
  if (typeof error === 'object' && error !== null) return error as Fields
  if (typeof response === 'object' && response !== null) return errorWithin(response)
  return typeof message === 'string' && !(value instanceof Error) ? fields(value) : undefined
}

function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}

function messageOf(error: unknown, body: Fields): string {
  if (typeof error === 'string') return error
  const { message } = fields(error)
  // The package's own words where it could not read the event tell of its schema, not of the failure.
  const own = TypeValidationError.isInstance(error) ? undefined : message
  const said = [own, body['message'], message].find(words => typeof words === 'string' && words !== '')
  return typeof said === 'string' ? said : String(error)
}

const fields = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {})

function first(from: Fields, names: readonly string[]): unknown {
  for (const name of names) if (from[name] !== undefined && from[name] !== null) return from[name]
  return undefined
}
