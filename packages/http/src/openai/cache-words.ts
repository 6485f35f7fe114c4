import { isJson, type CacheBreakpoint, type Json, type ModelCard } from '@routewise/core'
import type { WireCall } from '../call.ts'
import { cacheKeyOf, isMarkedWhole } from '../dialect/marks.ts'
import type { Server } from './server.ts'

const BODY_KEY = 'prompt_cache_key'

type KeyPlace = { member: string } | { header: string }

/** Where a server takes the routing key of its prompt cache; `undefined`: it has none, or would refuse it. */
function keyPlace({ traits, provider }: Server, api: WireCall['api']): KeyPlace | undefined {
  const { cacheKey } = traits
  if (cacheKey !== undefined) return api === 'chat' || !traits.responses ? placeOf(cacheKey) : { member: BODY_KEY }
  // platform.kimi.ai/docs: it has no words of its own but this one.
  return provider === 'moonshotai' ? { member: BODY_KEY } : undefined
}

const placeOf = (via: string): KeyPlace =>
  via.startsWith('header:') ? { header: via.slice('header:'.length) } : { member: via.slice('body:'.length) }

/** The header by which this call finds its cache, where the server goes by one and the caller has set no key. */
export function cacheHeaderOf(call: WireCall, server: Server): readonly [name: string, value: string] | undefined {
  const key = call.cache?.key
  if (key === undefined) return undefined
  const place = keyPlace(server, call.api)
  return place === undefined || !('header' in place) || isKeyed(call) ? undefined : [place.header, key]
}

const isKeyed = ({ body, headers }: WireCall): boolean => cacheKeyOf(body, headers) !== undefined

/** Notes what presents a prompt to the server's cache beside its messages: a key and a lifetime, each only where the caller has set none. */
export function noteCacheChanges(changes: Record<string, unknown>, call: WireCall, server: Server, card: ModelCard): void {
  const { cache, api } = call
  if (cache === undefined) return
  const { key, ttl } = cache
  if (key !== undefined) {
    const place = keyPlace(server, api)
    if (place !== undefined && 'member' in place && !isKeyed(call)) changes[place.member] = key
  }
  if (ttl !== undefined) noteLifetime(changes, call, ttl, server, card)
}

/** The newer models of OpenAI take options, the older ones a policy; a lifetime that the API does not know is the default's. */
function noteLifetime(
  changes: Record<string, unknown>,
  { body, api }: WireCall,
  ttl: string,
  { provider }: Server,
  { cache }: ModelCard,
): void {
  if (body['prompt_cache_retention'] != null || body['prompt_cache_options'] != null || !cache.ttls.some(({ id }) => id === ttl)) return
  if (provider === 'moonshotai') changes['prompt_cache_options'] = { ttl }
  if (provider !== 'openai') return
  if (cache.kind !== 'breakpoints') {
    if (ttl === '24h') changes['prompt_cache_retention'] = ttl
  } else if (ttl === '30m' || (ttl === '12h' && api === 'responses')) changes['prompt_cache_options'] = { ttl }
}

/** A marker as a server reads it in a part of a message. */
interface MarkerWords {
  name: string
  value(ttl: string | undefined): Json
}

/** Anthropic's, which OpenRouter passes on and Alibaba has taken over. */
const cacheControl: MarkerWords = {
  name: 'cache_control',
  value: ttl => ({ type: 'ephemeral', ...(ttl !== undefined && { ttl }) }),
}
const openaiMarker: MarkerWords = { name: 'prompt_cache_breakpoint', value: () => ({ mode: 'explicit' }) }

function markerWords({ traits, provider }: Server, { cache }: ModelCard): MarkerWords | undefined {
  if (cache.kind !== 'breakpoints') return undefined
  if (traits.provider === 'openrouter' || provider === 'alibaba') return cacheControl
  return provider === 'openai' ? openaiMarker : undefined
}

const MOST_MARKERS = 4

/** The messages with markers where the plan has them; `undefined`: as they are. */
export function markedMessages({ body, cache }: WireCall, server: Server, card: ModelCard): readonly unknown[] | undefined {
  const breakpoints: readonly CacheBreakpoint[] = cache?.breakpoints ?? []
  const words = breakpoints.length === 0 || isMarkedWhole(body) ? undefined : markerWords(server, card)
  const { messages } = body
  if (words === undefined || !Array.isArray(messages)) return undefined
  let marked: unknown[] | undefined
  for (const { after, ttl } of breakpoints.slice(-MOST_MARKERS)) {
    if (after === 'tools') continue
    const message: unknown = messages[after]
    const withMarker = isJson(message) ? markedMessage(message, words.name, words.value(ttl)) : undefined
    if (withMarker !== undefined) (marked ??= [...(messages as unknown[])])[after] = withMarker
  }
  return marked
}

/** The message with a marker on its last part; `undefined` where it has none that can carry one. */
function markedMessage(message: Json, name: string, marker: Json): Json | undefined {
  const { content } = message
  if (typeof content === 'string')
    return content.trim() === '' ? undefined : { ...message, content: [{ type: 'text', text: content, [name]: marker }] }
  if (!Array.isArray(content)) return undefined
  const last: unknown = content.at(-1)
  if (!isJson(last) || last['type'] === 'thinking' || last['text'] === '') return undefined
  return { ...message, content: [...(content.slice(0, -1) as unknown[]), { ...last, [name]: marker }] }
}
