import { objectsOf, type Json } from '@routewise/core'

/** Makers as OpenRouter names them before a model, and how the formats of their thoughts begin. */
const formats: readonly (readonly [maker: string, format: string])[] = [
  ['anthropic/', 'anthropic'],
  ['google/', 'google'],
  ['openai/', 'openai'],
  ['x-ai/', 'xai'],
]

/**
 * Of the thoughts that a message carries, those that this model's maker can read: signatures are checked, and others' are refused.
 * The same list where all are; `undefined`: none is.
 */
export function ownDetails(details: unknown, model: string): unknown {
  const all = objectsOf(details)
  const format = formats.find(([maker]) => model.startsWith(maker))?.[1]
  const own = all.filter(detail => isReadable(detail, format))
  if (own.length === all.length) return details
  return own.length === 0 ? undefined : own
}

function isReadable({ format, provider, type, signature }: Json, own: string | undefined): boolean {
  // What this endpoint has got from a model of the AI SDK's says whose it is; OpenAI's are bound to an account there.
  if (provider !== undefined && type === 'reasoning.encrypted' && String(format).startsWith('openai')) return false
  if (typeof format !== 'string' || format === 'unknown') return true
  if (own !== undefined && format.startsWith(own)) return true
  // Words alone can be read by all.
  return type === 'reasoning.text' && (signature === undefined || signature === null)
}
