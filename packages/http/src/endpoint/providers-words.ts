import { isJson, type Failure, type Json } from '@routewise/core'
import { scrub } from '../openai/scrub.ts'

export interface ProvidersWords {
  message: string
  param: string | null
  code: string | null
}

const MAX_CHARS = 2_000
const MAX_NAME_CHARS = 200

/** What a provider said of a request, for whoever sent it: without keys, and without addresses, which may be ours alone. */
export function providersWords({ message, code, cause }: Failure): ProvidersWords {
  const said = errorWithin(cause)
  return {
    message: cleaned(message, MAX_CHARS),
    param: nameOf(said['param']) ?? null,
    code: nameOf(said['code']) ?? nameOf(code) ?? null,
  }
}

/** The error body that an error carries: as its own fields, or where clients keep it. */
function errorWithin(cause: unknown): Json {
  if (!isJson(cause)) return {}
  if (typeof cause['param'] === 'string') return cause
  if (isJson(cause['error'])) return cause['error']
  return isJson(cause['data']) ? errorWithin(cause['data']) : cause
}

const nameOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? cleaned(value, MAX_NAME_CHARS) : undefined

const cleaned = (words: string, maxChars: number): string =>
  scrub(words, [])
    .replaceAll(/\bhttps?:\/\/\S{1,500}/gi, '[address]')
    .slice(0, maxChars)
