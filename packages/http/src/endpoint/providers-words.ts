import { isJson, type Failure, type Json } from '@routewise/core'
import { scrub } from '../openai/scrub.ts'

export interface ProvidersWords {
  message: string
  param: string | null
  code: string | null
}

const MAX_CHARS = 2_000

/** What a provider said of a request, for whoever sent it: without keys, and without addresses, which may be ours alone. */
export function providersWords({ message, code, cause }: Failure): ProvidersWords {
  const said = errorWithin(cause)
  const words = scrub(message, []).replaceAll(/\bhttps?:\/\/\S{1,500}/gi, '[address]')
  return { message: words.slice(0, MAX_CHARS), param: textOf(said['param']) ?? null, code: textOf(said['code']) ?? code ?? null }
}

/** The error body that an error carries: as its own fields, or where clients keep it. */
function errorWithin(cause: unknown): Json {
  if (!isJson(cause)) return {}
  if (typeof cause['param'] === 'string') return cause
  if (isJson(cause['error'])) return cause['error']
  return isJson(cause['data']) ? errorWithin(cause['data']) : cause
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)
