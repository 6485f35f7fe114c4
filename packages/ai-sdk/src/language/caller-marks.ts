import type { LanguageModelV4CallOptions, LanguageModelV4Message, SharedV4ProviderOptions } from '@ai-sdk/provider'
import type { Tool } from './tools.ts'

/** Names that packages know cache markers by: Anthropic's two, Bedrock's and OpenAI's. */
const markers = ['cacheControl', 'cache_control', 'cachePoint', 'promptCacheBreakpoint'] as const

type Carrier = { readonly providerOptions?: SharedV4ProviderOptions | undefined }

/** A cache marker stands on it, for whichever provider; on the options of a call: the provider is to set one by itself. */
export function isMarked({ providerOptions }: Carrier): boolean {
  if (providerOptions === undefined) return false
  for (const provider in providerOptions) {
    const options = providerOptions[provider]
    if (options !== undefined && markers.some(name => options[name] !== undefined && options[name] !== null)) return true
  }
  return false
}

/** A cache marker stands on a message, on a part of it, or on what a tool gave. */
export function isMarkedMessage(message: LanguageModelV4Message): boolean {
  if (isMarked(message)) return true
  if (message.role === 'system') return false
  for (const part of message.content) {
    if (isMarked(part)) return true
    if (part.type !== 'tool-result') continue
    if (part.output.type === 'content' ? part.output.value.some(isMarked) : isMarked(part.output)) return true
  }
  return false
}

/** The caller has set markers somewhere in this call. */
export const hasMarkers = (options: LanguageModelV4CallOptions): boolean =>
  isMarked(options) || options.prompt.some(isMarkedMessage) || (options.tools ?? []).some(isMarkedTool)

export const isMarkedTool = (tool: Tool): boolean => tool.type === 'function' && isMarked(tool)

interface KeyCarrier extends Carrier {
  readonly headers?: Readonly<Record<string, string | undefined>> | undefined
}

/** Headers that steer requests with one prefix to one machine. */
const keyHeaders = ['x-grok-conv-id', 'x-session-affinity'] as const

/** The routing key of the prompt cache that these options or headers set, under whichever name a package has for it. */
export function cacheKeyOf({ providerOptions, headers }: KeyCarrier): string | undefined {
  for (const provider in providerOptions) {
    const { promptCacheKey, prompt_cache_key: inBody = promptCacheKey } = providerOptions[provider] ?? {}
    if (typeof inBody === 'string' && inBody !== '') return inBody
  }
  for (const name in headers) if (keyHeaders.some(known => known === name.toLowerCase())) return headers[name]
  return undefined
}
