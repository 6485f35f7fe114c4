import { isJson, jsonOf, type Failure, type Json } from '@routewise/core'

export interface ProvidersWords {
  message: string
  param: string | null
  code: string | null
}

const MAX_CHARS = 2_000

/** What a provider said of a request, for whoever sent it: without keys, and without addresses that only we know. */
export function providersWords({ message, code, cause }: Failure): ProvidersWords {
  const body = errorWithin(cause, 0)
  const words = textOf(body['message']) ?? message
  return { message: scrubbed(words.slice(0, MAX_CHARS)), param: textOf(body['param']) ?? null, code: textOf(body['code']) ?? code ?? null }
}

/** The error body that an error carries, under the names that clients give it. */
function errorWithin(value: unknown, depth: number): Json {
  if (!isJson(value) || depth > 3) return {}
  const { error, body, data, param } = value
  if (isJson(error)) return error
  if (typeof param === 'string') return value
  for (const within of [body, data]) if (isJson(within)) return errorWithin(within, depth + 1)
  return jsonOf(value)['message'] === undefined || value instanceof Error ? {} : value
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

const scrubbed = (words: string): string =>
  words
    .replaceAll(/\bhttps?:\/\/\S{1,500}/gi, '[address]')
    .replaceAll(/\bbearer \S{1,500}/gi, '***')
    .replaceAll(/\b(?:sk|pk|gsk|xai|csk|key|fw|hf)[-_][\w*-]{6,200}/gi, '***')
    .replaceAll(/\bAIza[\w-]{20,60}/g, '***')
