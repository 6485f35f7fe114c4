import type { SharedV4ProviderOptions } from '@ai-sdk/provider'
import { isJson, type Json } from '@routewise/core'

/**
 * What is said of a message, a part or a tool beside its content, as provider options: `cache_control` (OpenRouter's convention),
 * `prompt_cache_breakpoint` and `name` (OpenAI's), and `provider_options`, which are the AI SDK's own. `undefined`: nothing.
 */
export function marksOf(item: Json): SharedV4ProviderOptions | undefined {
  const { cache_control: cacheControl, prompt_cache_breakpoint: promptCacheBreakpoint, name, role, provider_options: own } = item
  let marks: Record<string, Record<string, unknown>> | undefined
  if (isJson(cacheControl)) marks = { anthropic: { cacheControl }, bedrock: { cachePoint: { type: 'default' } } }
  if (isJson(promptCacheBreakpoint)) marks = { ...marks, openai: { promptCacheBreakpoint } }
  // The name of who speaks; that of a tool is no mark.
  if (role !== undefined && role !== 'tool' && typeof name === 'string') marks = { ...marks, openai: { ...marks?.['openai'], name } }
  return isJson(own) ? mergeOptions(marks, own) : (marks as SharedV4ProviderOptions | undefined)
}

/** As a member to spread: no key where there are no marks. */
export function marked(...items: readonly Json[]): { providerOptions?: SharedV4ProviderOptions } {
  let marks: SharedV4ProviderOptions | undefined
  for (const item of items) {
    const own = marksOf(item)
    if (own !== undefined) marks = mergeOptions(marks, own)
  }
  return marks === undefined ? {} : { providerOptions: marks }
}

/** Option by option, for each provider; the later ones win. */
export function mergeOptions(first: Json | undefined, second: Json | undefined): SharedV4ProviderOptions {
  const merged: Record<string, unknown> = { ...first }
  for (const [provider, options] of Object.entries(second ?? {})) {
    const earlier = merged[provider]
    merged[provider] = isJson(earlier) && isJson(options) ? { ...earlier, ...options } : options
  }
  // Options are whatever JSON the caller sends; each provider's package checks its own.
  return merged as SharedV4ProviderOptions
}
