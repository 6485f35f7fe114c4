import type { CachePlan } from '@routewise/core'
import type { CandidateOptions, ChatCall } from './call.ts'
import type { Family } from './family.ts'
import { defaultOptionsOf } from './default-options.ts'
import { readerOf } from './reader.ts'
import type { ChatCandidate } from './target.ts'

type Fields = Readonly<Record<string, unknown>>
export type SetKey = (call: ChatCall, plan: CachePlan) => ChatCall

/** Families whose classes are OpenAI's own or are made of them: they have call options for the key and the lifetime. */
const ofOpenAI: ReadonlySet<Family> = new Set(['openai', 'deepseek', 'xai'])
/** Families whose classes send the headers of a call. */
const sendsHeaders: ReadonlySet<Family> = new Set(['openai', 'deepseek', 'xai', 'groq', 'anthropic'])

/**
 * Gives a call the plan's routing key, and the lifetime that is asked for the whole prompt, in the way that the candidate's class has.
 * What the caller has set, in the call, by `withConfig` or in a constructor, stays. `undefined`: the class has no way.
 */
export function createKeySetter(candidate: ChatCandidate): SetKey | undefined {
  const { model, family, card } = candidate
  const via = card.cache.key?.via ?? ''
  // `ChatXAIResponses` sends neither options nor headers of a call.
  if (family === undefined || !sends(model)) return undefined
  const header = /^header:(.+)$/.exec(via)?.[1]
  if (header !== undefined) return sendsHeaders.has(family) ? createHeaderSetter(candidate, header) : undefined
  const isInBody = via === 'body:prompt_cache_key'
  // Mistral's SDK does not know the field: it is added to the request as it leaves.
  if (family === 'mistral') return isInBody ? (call, { key }) => (key === undefined ? call : { ...call, cacheKey: key }) : undefined
  return ofOpenAI.has(family) ? createOptionSetter(candidate, isInBody) : undefined
}

/** Call options that ask for a lifetime; `undefined`: the model, or the API that its class speaks, takes no such. */
function lifetimeOptions(candidate: ChatCandidate, ttl: string): CandidateOptions | undefined {
  const { provider, cache } = candidate.card
  if (!cache.ttls.some(({ id }) => id === ttl)) return undefined
  if (provider === 'openai' && cache.kind !== 'breakpoints') return ttl === '24h' ? { promptCacheRetention: ttl } : undefined
  // From gpt-5.6 on; chat completions know the shortest alone. Kimi has the same field.
  const takesIt = provider === 'openai' ? ttl === '30m' || readerOf(candidate).form === 'responses' : provider.startsWith('moonshot')
  return takesIt ? { promptCacheOptions: { ttl } } : undefined
}

function createOptionSetter(candidate: ChatCandidate, takesKey: boolean): SetKey {
  const { model, options } = candidate
  const fields = model as unknown as Fields
  const kwargs = (fields['modelKwargs'] ?? {}) as Fields
  const given = [{ ...defaultOptionsOf(model), ...options }, fields]
  const isSet = (call: ChatCall, option: string, field: string): boolean =>
    call.options[option] !== undefined || given.some(own => own[option] !== undefined) || kwargs[field] !== undefined

  return (call, { key, ttl }) => {
    const set: Record<string, unknown> = {}
    if (takesKey && key !== undefined && !isSet(call, 'promptCacheKey', 'prompt_cache_key')) set['promptCacheKey'] = key
    if (ttl !== undefined && !asksForLifetime(call)) Object.assign(set, lifetimeOptions(candidate, ttl))
    return withOptions(call, set)
  }

  function asksForLifetime(call: ChatCall): boolean {
    return isSet(call, 'promptCacheRetention', 'prompt_cache_retention') || isSet(call, 'promptCacheOptions', 'prompt_cache_options')
  }
}

function createHeaderSetter({ model, options }: ChatCandidate, header: string): SetKey {
  const own = { ...defaultOptionsOf(model), ...options }
  const { clientConfig } = model as { clientConfig?: Fields }
  const isSet = (call: ChatCall): boolean =>
    [
      call.options['headers'],
      requestOptions(call.options)['headers'],
      own['headers'],
      requestOptions(own)['headers'],
      clientConfig?.['defaultHeaders'],
    ].some(given => valueOf(given, header) !== undefined)
  return (call, { key }) => {
    if (key === undefined || isSet(call)) return call
    const { headers } = { ...own, ...call.options }
    const request = { ...requestOptions(own), ...requestOptions(call.options) }
    // OpenAI's classes look for headers beside the other options when they stream, and within `options` when they do not.
    return withOptions(call, {
      headers: { ...(headers as object | undefined), [header]: key },
      options: { ...request, headers: { ...(request['headers'] as object | undefined), [header]: key } },
    })
  }
}

/** The caller's own routing key among call options; `undefined`: none. */
export function ownCacheKey(options: CandidateOptions): string | undefined {
  const { promptCacheKey, headers } = options
  const inHeaders = headers === undefined && options['options'] === undefined ? undefined : [headers, requestOptions(options)['headers']]
  return [promptCacheKey, ...(inHeaders ?? []).map(given => valueOf(given, 'x-grok-conv-id'))].find(value => typeof value === 'string')
}

const sends = (model: object): boolean => ['completionWithRetry', 'completions'].some(name => name in model)

const requestOptions = (options: CandidateOptions): Fields => (options['options'] ?? {}) as Fields

/** A header's value, in a record or a `Headers`, whatever the case of its name. */
function valueOf(headers: unknown, header: string): unknown {
  if (typeof headers !== 'object' || headers === null) return undefined
  if (headers instanceof Headers) return headers.get(header) ?? undefined
  return Object.entries(headers).find(([name]) => name.toLowerCase() === header.toLowerCase())?.[1]
}

const withOptions = (call: ChatCall, set: CandidateOptions): ChatCall =>
  Object.keys(set).length === 0 ? call : { ...call, options: { ...call.options, ...set } }
