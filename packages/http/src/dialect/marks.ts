import { isJson, type Json } from '@routewise/core'

/** The caller has set a cache marker on this: in OpenAI's words, in Anthropic's, or in those of a package of the AI SDK. */
export function isMarked(item: Json): boolean {
  if (item['cache_control'] !== undefined && item['cache_control'] !== null) return true
  if (item['prompt_cache_breakpoint'] !== undefined && item['prompt_cache_breakpoint'] !== null) return true
  const { provider_options: own } = item
  return isJson(own) && Object.values(own).some(options => isJson(options) && MARKERS.some(marker => marker in options))
}

const MARKERS = ['cacheControl', 'cache_control', 'cachePoint', 'promptCacheBreakpoint']

/** Headers by which clients themselves steer their requests to a server. */
const KEY_HEADERS = ['x-grok-conv-id', 'x-session-affinity']

/** The caller's own routing key of the provider's prompt cache; `undefined`: he has none. */
export function cacheKeyOf(body: Json, headers: Readonly<Record<string, string>> | undefined): string | undefined {
  const { prompt_cache_key: key, provider_options: own } = body
  if (typeof key === 'string') return key
  if (headers !== undefined) for (const name in headers) if (KEY_HEADERS.includes(name.toLowerCase())) return headers[name]
  if (!isJson(own)) return undefined
  for (const options of Object.values(own))
    if (isJson(options) && typeof options['promptCacheKey'] === 'string') return options['promptCacheKey']
  return undefined
}

/** The caller says himself what is cached of all of the prompt. */
export const isMarkedWhole = (body: Json): boolean => isMarked(body) || isJson(body['prompt_cache_options'])
