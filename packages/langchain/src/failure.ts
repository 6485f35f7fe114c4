import { classifyFailure, type Failure } from '@routewise/core'

/** What LangChain appends to messages of providers. */
const TROUBLESHOOTING = /\n+Troubleshooting URL: \S+\s*$/

type Fields = Record<string, unknown>

/** Classifies what a candidate threw: errors of the providers' SDKs, bare or as LangChain wraps them. */
export function readFailure(error: unknown): Failure {
  const outer = fields(error)
  // `ContextOverflowError` keeps the SDK's error, with its status and headers, in its cause.
  const inner = outer['name'] === 'ContextOverflowError' ? fields(outer['cause']) : {}
  const find = (...names: readonly string[]) => first(outer, names) ?? first(inner, names)
  const body = bodyOf(find('error')) ?? bodyOf(find('body')) ?? {}
  const status = find('status', 'statusCode') ?? fields(find('response'))['status']
  const code = first(body, ['code']) ?? find('code') ?? find('finishReason', 'blockReason')
  const type = first(body, ['type', 'status']) ?? find('type') ?? outer['name']
  return classifyFailure({
    status: typeof status === 'number' ? status : undefined,
    code: typeof code === 'string' || typeof code === 'number' ? code : undefined,
    type: typeof type === 'string' ? type : undefined,
    message: messageOf(error, body),
    headers: headersOf(find('headers') ?? fields(find('response'))['headers']),
    cause: error,
  })
}

function messageOf(error: unknown, body: Fields): string {
  const { message } = fields(error)
  if (typeof message === 'string' && message !== '') return message.replace(TROUBLESHOOTING, '')
  return typeof body['message'] === 'string' ? body['message'] : String(error)
}

/** The error within an error body: `{ error: { … } }`, the same twice wrapped, or JSON of it. */
function bodyOf(value: unknown): Fields | undefined {
  if (typeof value === 'string') {
    try {
      return bodyOf(JSON.parse(value))
    } catch {
      return undefined
    }
  }
  if (typeof value !== 'object' || value === null) return undefined
  const { error } = value as Fields
  return typeof error === 'object' && error !== null ? bodyOf(error) : (value as Fields)
}

function headersOf(value: unknown) {
  return typeof value === 'object' && value !== null ? (value as Headers | Record<string, string>) : undefined
}

const fields = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {})

function first(from: Fields, names: readonly string[]): unknown {
  for (const name of names) if (from[name] !== undefined && from[name] !== null) return from[name]
  return undefined
}
