import type { LanguageModelV4CallOptions, LanguageModelV4Message, LanguageModelV4Prompt, SharedV4ProviderOptions } from '@ai-sdk/provider'
import type { CacheBreakpoint, CachePlan, ModelCard } from '@routewise/core'
import { isNamedByPackage, type Family } from '../family.ts'
import { cacheKeyOf, hasMarkers, isMarked } from './caller-marks.ts'
import type { LanguageCandidate } from './target.ts'
import type { Tool } from './tools.ts'

type Candidate = Pick<LanguageCandidate, 'model' | 'family' | 'card' | 'providerOptions' | 'headers'>

/**
 * A call's options as its prompt is presented to the cache of this model: with a routing key, a lifetime and markers, each only where the
 * caller has set none, in the words of the model's package. The same object for packages and servers that are not known.
 */
export function alignPrompt(options: LanguageModelV4CallOptions, candidate: Candidate, plan: CachePlan): LanguageModelV4CallOptions {
  if (!isNamedByPackage(candidate.model)) return options
  const { family, card } = candidate
  const { key, ttl } = plan
  const isKeyed = cacheKeyOf(options) !== undefined || cacheKeyOf(candidate) !== undefined
  const keyed = key === undefined || isKeyed ? options : withKey(options, key, candidate)
  const lasting = ttl === undefined || family !== 'openai' ? keyed : withLifetime(keyed, ttl, candidate)
  if (plan.breakpoints.length === 0 || hasMarkers(options) || isMarked(candidate)) return lasting
  return withMarkers(lasting, plan.breakpoints, family, card)
}

/** `promptCacheKey` in the options of these packages. */
const keyOptions: ReadonlySet<Family | undefined> = new Set<Family>(['openai', 'mistral', 'xai'])

function withKey(options: LanguageModelV4CallOptions, key: string, candidate: Candidate): LanguageModelV4CallOptions {
  const { family, card, model } = candidate
  if (keyOptions.has(family)) return withOption(options, optionsName(options, candidate), 'promptCacheKey', key)
  const via = card.cache.key?.via
  if (family === 'openai-compatible' && via !== undefined) {
    if (via.startsWith('header:')) return { ...options, headers: { ...options.headers, [via.slice('header:'.length)]: key } }
    // The package passes on what it does not know.
    return withOption(options, model.provider.split('.', 1)[0]!, via.slice('body:'.length), key)
  }
  return options
}

function withLifetime(options: LanguageModelV4CallOptions, ttl: string, candidate: Candidate): LanguageModelV4CallOptions {
  const { card, model, providerOptions } = candidate
  if (card.provider !== 'openai' || !card.cache.ttls.some(({ id }) => id === ttl)) return options
  const names = ['promptCacheRetention', 'promptCacheOptions']
  const isSet = [options.providerOptions, providerOptions].some(given => names.some(name => given?.['openai']?.[name] !== undefined))
  if (isSet) return options
  // The newer models take options, the older ones a policy; a lifetime that the wire does not know is the default's.
  if (card.cache.kind !== 'breakpoints') return ttl === '24h' ? withOption(options, 'openai', 'promptCacheRetention', ttl) : options
  const known = model.provider.endsWith('.responses') ? ['30m', '12h'] : ['30m']
  return known.includes(ttl) ? withOption(options, 'openai', 'promptCacheOptions', { ttl }) : options
}

/** Azure's own name is read first, where anything stands under it; its chat completions know OpenAI's alone. */
function optionsName({ providerOptions }: LanguageModelV4CallOptions, { family, model }: Candidate): string {
  if (family !== 'openai') return family ?? ''
  const isAzures = model.provider.includes('azure') && model.provider.endsWith('.responses')
  return isAzures && providerOptions?.['azure'] !== undefined ? 'azure' : 'openai'
}

type Option = SharedV4ProviderOptions[string][string]

function withOption(options: LanguageModelV4CallOptions, provider: string, name: string, value: Option): LanguageModelV4CallOptions {
  const { providerOptions } = options
  return { ...options, providerOptions: { ...providerOptions, [provider]: { ...providerOptions?.[provider], [name]: value } } }
}

/** Anthropic, Bedrock and OpenAI take this many. */
const MOST_MARKERS = 4

/** How one package writes a marker, and where it reads one. */
interface MarkerWords {
  provider: string
  name: string
  value(ttl: string | undefined): Option
  /** A marker on a message stands at its end; else it stands on a part. */
  onMessages: boolean
  onTools: boolean
}

const anthropic: MarkerWords = {
  provider: 'anthropic',
  name: 'cacheControl',
  value: ttl => ({ type: 'ephemeral', ...(ttl !== undefined && { ttl }) }),
  onMessages: true,
  onTools: true,
}
const bedrock: MarkerWords = {
  provider: 'bedrock',
  name: 'cachePoint',
  value: ttl => ({ type: 'default', ...(ttl !== undefined && { ttl }) }),
  onMessages: true,
  onTools: false,
}
const openai: MarkerWords = {
  provider: 'openai',
  name: 'promptCacheBreakpoint',
  value: () => ({ mode: 'explicit' }),
  onMessages: false,
  onTools: false,
}

function wordsOf(family: Family | undefined, { provider, cache }: ModelCard): MarkerWords | undefined {
  if (cache.kind !== 'breakpoints') return undefined
  if (family === 'anthropic') return anthropic
  if (family === 'bedrock') return bedrock
  if (family === 'openai' && provider === 'openai') return openai
  // Resellers of Claude read what Anthropic's own package reads, OpenRouter's on messages alone.
  if (family === 'gateway' && provider === 'anthropic') return anthropic
  return family === 'openrouter' && provider === 'anthropic' ? { ...anthropic, onTools: false } : undefined
}

function withMarkers(
  options: LanguageModelV4CallOptions,
  breakpoints: readonly CacheBreakpoint[],
  family: Family | undefined,
  card: ModelCard,
): LanguageModelV4CallOptions {
  const words = wordsOf(family, card)
  if (words === undefined) return options
  let tools: Tool[] | undefined
  let prompt: LanguageModelV4Prompt | undefined
  let isShort = false
  for (const { after, ttl } of breakpoints.slice(-MOST_MARKERS)) {
    // What is to be kept longer must stand before what is not.
    const marker = words.value(ttl === '1h' && isShort ? undefined : ttl)
    if (after === 'tools') {
      const at = words.onTools ? (options.tools ?? []).findLastIndex(({ type }) => type === 'function') : -1
      const tool = options.tools?.[at]
      if (tool?.type !== 'function') continue
      tools = [...options.tools!]
      tools[at] = { ...tool, providerOptions: withMarker(tool.providerOptions, words, marker) }
    } else {
      const message = options.prompt[after]
      const marked = message === undefined ? undefined : markedMessage(message, words, marker)
      if (marked === undefined) continue
      ;(prompt ??= [...options.prompt])[after] = marked
    }
    isShort ||= ttl !== '1h'
  }
  if (tools === undefined && prompt === undefined) return options
  return { ...options, ...(tools !== undefined && { tools }), ...(prompt !== undefined && { prompt }) }
}

const withMarker = (options: SharedV4ProviderOptions | undefined, { provider, name }: MarkerWords, marker: Option) => ({
  ...options,
  [provider]: { ...options?.[provider], [name]: marker },
})

/** The message with a marker at its end; `undefined` where that cannot carry one: thoughts, empty text, what a provider has said of itself. */
function markedMessage(message: LanguageModelV4Message, words: MarkerWords, marker: Option): LanguageModelV4Message | undefined {
  if (message.role === 'system' || words.onMessages) {
    return canEnd(message) ? { ...message, providerOptions: withMarker(message.providerOptions, words, marker) } : undefined
  }
  const last = message.content.at(-1)
  if (last === undefined || !canEnd(message) || last.type === 'tool-call') return undefined
  const part = { ...last, providerOptions: withMarker('providerOptions' in last ? last.providerOptions : undefined, words, marker) }
  // The part is of the type that it was, with options.
  return { ...message, content: [...message.content.slice(0, -1), part] } as LanguageModelV4Message
}

function canEnd(message: LanguageModelV4Message): boolean {
  if (message.role === 'system') return message.content !== ''
  const last = message.content.at(-1)
  switch (last?.type) {
    case 'text':
      return last.text.trim() !== ''
    case 'file':
      return message.role === 'user'
    case 'tool-call':
      return last.providerExecuted !== true
    case 'tool-result':
      return message.role === 'tool'
    default:
      return false
  }
}
