import {
  APICallError,
  type LanguageModelV4,
  type LanguageModelV4CallOptions,
  type LanguageModelV4StreamPart,
  type LanguageModelV4Usage,
} from '@ai-sdk/provider'
import { findModel } from '@routewise/catalog'
import { estimateTokens, isJson, parseOptions, RouterError, systemClock, type Clock, type Json, type ModelCard } from '@routewise/core'
import * as z from 'zod'
import { createContent, deleteContent, type ContentsAccount, type StoredContent } from './contents-api.ts'
import { createHeadTraffic, storageUsd, type HeadTraffic } from './head-traffic.ts'

/** Options of {@link withCachedContents}. */
export interface CachedContentsOptions {
  /** Key of the Gemini API, the same that the model is called with. */
  apiKey: string
  /** Root of the API. Default `https://generativelanguage.googleapis.com/v1beta`. */
  baseURL?: string
  /** Seconds that a prefix is kept; it is made again while it pays. Default 1,800. */
  ttlSeconds?: number
  /** Prefixes that are watched, and may be kept, at a time; the least recently used go first. Default 20. */
  maxContents?: number
  /** Facts about the model: its prices and what storage costs. Default: the catalogue's. */
  card?: ModelCard
  /** Told of every prefix that is stored, and what that costs: it stands on no call's receipt. */
  onStored?: (stored: StoredPrefix) => void
  /** Told of a prefix that Google refused to store; it is not offered again for ten minutes. */
  onRefused?: (error: unknown) => void
  fetch?: typeof fetch
  clock?: Clock
}

/** A prefix that was handed to Google. */
export interface StoredPrefix extends StoredContent {
  ttlSeconds: number
  /** Handing it over, and keeping it for its lifetime. */
  costUsd: number
}

/** A model whose prefixes may be kept by Google. */
export type CachedContentsModel = LanguageModelV4 & {
  /** Gives up what is stored: storage is charged for as long as it stands. */
  close(): Promise<void>
}

const fn = <Type>(what: string) => z.custom<Type>(value => typeof value === 'function', `expected ${what}`)
const schema = z.strictObject({
  apiKey: z.string().min(1),
  baseURL: z.url({ protocol: /^https?$/ }).default('https://generativelanguage.googleapis.com/v1beta'),
  ttlSeconds: z.number().int().min(60).max(86_400).default(1_800),
  maxContents: z.number().int().min(1).max(1_000).default(20),
  card: z.custom<ModelCard>(value => isJson(value) && 'cache' in value, 'expected a model card').optional(),
  onStored: fn<(stored: StoredPrefix) => void>('a function').optional(),
  onRefused: fn<(error: unknown) => void>('a function').optional(),
  fetch: fn<typeof fetch>('a function').default(() => fetch),
  clock: z.custom<Clock>(value => isJson(value) && typeof value['now'] === 'function', 'expected a clock').default(systemClock),
})

const REFUSED_MS = 600_000

interface Head {
  traffic: HeadTraffic
  /** As Google counts them, about, until it has told. */
  tokens: number
  stored: { content: StoredContent; at: number } | undefined
  /** Clock time before which it is not offered. */
  notBefore: number
}

/**
 * A Gemini model that hands tools and system prompt to Google's storage (`cachedContents`) when the traffic pays for it: storage is charged
 * by the hour, and Gemini's own implicit cache is free where it hits. Prefixes are made in the background, from what the model itself has
 * sent; calls never wait for one. Calls with tools of Google's own, a forced tool, or a schema beside tools go out as they are.
 * @throws RouterError `invalid_option`; `price_unknown` where nobody knows what the model's storage costs.
 */
export function withCachedContents(model: LanguageModelV4, given: CachedContentsOptions): CachedContentsModel {
  const options = parseOptions(schema, given, 'withCachedContents')
  const { ttlSeconds, maxContents, clock, onStored, onRefused } = options
  const card = options.card ?? findModel(model.modelId)
  const { storageUsdPerMillionTokenHours: storage } = card?.cache ?? {}
  if (card === undefined || storage === undefined || card.prices.length === 0) {
    throw new RouterError('price_unknown', `withCachedContents: what storage for ${model.modelId} costs is not known. Give its \`card\`.`)
  }
  const account: ContentsAccount = options
  const heads = new Map<string, Head>()

  /** Least recently used first. */
  function headOf(key: string): Head {
    const known = heads.get(key)
    const head = known ?? {
      traffic: createHeadTraffic(clock, card!),
      tokens: Math.round(estimateTokens(key) * card!.tokenFactor),
      stored: undefined,
      notBefore: 0,
    }
    heads.delete(key)
    heads.set(key, head)
    for (const [oldest, { stored }] of heads) {
      if (heads.size <= maxContents) break
      heads.delete(oldest)
      if (stored !== undefined) void deleteContent(account, stored.content).catch(() => undefined)
    }
    return head
  }

  const isLive = ({ stored }: Head): boolean => stored !== undefined && clock.now() - stored.at < ttlSeconds * 1_000
  const isDue = (head: Head): boolean => clock.now() >= head.notBefore && !isLive(head)

  function store(head: Head, body: unknown): void {
    const wire = prefixOf(body)
    if (wire === undefined || !isDue(head) || head.tokens < card!.cache.minTokens || !head.traffic.pays(head.tokens, ttlSeconds)) return
    // Until Google has answered nobody else asks.
    head.notBefore = Number.POSITIVE_INFINITY
    const at = clock.now()
    createContent(account, card!.id, wire, ttlSeconds).then(
      content => {
        head.tokens = content.tokens
        head.stored = { content, at }
        head.notBefore = 0
        onStored?.({
          ...content,
          ttlSeconds,
          costUsd: head.traffic.inputUsd(content.tokens) + storageUsd(storage!, content.tokens, ttlSeconds),
        })
      },
      (error: unknown) => {
        head.notBefore = clock.now() + REFUSED_MS
        onRefused?.(error)
      },
    )
  }

  /** Sends the call from its stored prefix, where there is one; tells of the head that it went out with whole. */
  async function ask<Result extends { request?: { body?: unknown } }>(
    call: LanguageModelV4CallOptions,
    send: (options: LanguageModelV4CallOptions) => PromiseLike<Result>,
  ): Promise<{ result: Result; head?: Head }> {
    const key = keyOf(call)
    if (key === undefined) return { result: await send(call) }
    const head = headOf(key)
    if (isLive(head)) {
      try {
        const result = await send(withoutHead(call, head.stored!.content.name))
        head.traffic.observe(head.tokens, undefined)
        return { result }
      } catch (error) {
        if (!isGone(error)) throw error
        head.stored = undefined
      }
    }
    return { result: await send(call), head }
  }

  /** Of a call that went out whole: what is not of its head was not said before. */
  function learn(head: Head, { prompt }: LanguageModelV4CallOptions, { inputTokens }: LanguageModelV4Usage, body: unknown): void {
    const { total = 0, cacheRead = 0 } = inputTokens
    const said = estimateTokens(JSON.stringify(prompt.filter(({ role }) => role !== 'system'))) * card!.tokenFactor
    if (head.stored === undefined) head.tokens = Math.max(1, Math.round(total - said))
    head.traffic.observe(head.tokens, Math.max(0, head.tokens - cacheRead))
    store(head, body)
  }

  return {
    specificationVersion: 'v4',
    provider: model.provider,
    modelId: model.modelId,
    supportedUrls: model.supportedUrls,
    async doGenerate(call) {
      const { result, head } = await ask(call, sent => model.doGenerate(sent))
      if (head !== undefined) learn(head, call, result.usage, result.request?.body)
      return result
    },
    async doStream(call) {
      const { result, head } = await ask(call, sent => model.doStream(sent))
      if (head === undefined) return result
      const { stream, request } = result
      const tap = new TransformStream<LanguageModelV4StreamPart, LanguageModelV4StreamPart>({
        transform(part, controller) {
          if (part.type === 'finish') learn(head, call, part.usage, request?.body)
          controller.enqueue(part)
        },
      })
      return { ...result, stream: stream.pipeThrough(tap) }
    },
    async close() {
      const stored = [...heads.values()].flatMap(head => (isLive(head) ? [head.stored!.content] : []))
      heads.clear()
      await Promise.allSettled(stored.map(content => deleteContent(account, content)))
    },
  }
}

/** What the prefixes of two calls are the same by; `undefined`: this call's cannot be stored. */
function keyOf({ prompt, tools = [], toolChoice, responseFormat, providerOptions }: LanguageModelV4CallOptions): string | undefined {
  const system = prompt.filter(({ role }) => role === 'system')
  if (system.length === 0 && tools.length === 0) return undefined
  if (toolChoice !== undefined && toolChoice.type !== 'auto') return undefined
  if (tools.some(({ type }) => type !== 'function') || (tools.length > 0 && responseFormat?.type === 'json')) return undefined
  if (Object.values(providerOptions ?? {}).some(own => own['cachedContent'] !== undefined)) return undefined
  return JSON.stringify([system.map(({ content }) => content), tools])
}

function withoutHead(
  { tools: _tools, toolChoice: _choice, ...call }: LanguageModelV4CallOptions,
  name: string,
): LanguageModelV4CallOptions {
  const { google, ...others } = call.providerOptions ?? {}
  return {
    ...call,
    prompt: call.prompt.filter(({ role }) => role !== 'system'),
    providerOptions: { ...others, google: { ...google, cachedContent: name } },
  }
}

/** The prefix as the model itself has sent it. */
function prefixOf(body: unknown): Json | undefined {
  const sent: unknown = typeof body === 'string' ? JSON.parse(body) : body
  if (!isJson(sent)) return undefined
  const kept = ['systemInstruction', 'tools', 'toolConfig'].filter(field => sent[field] !== undefined)
  return kept.length === 0 ? undefined : Object.fromEntries(kept.map(field => [field, sent[field]]))
}

const isGone = (error: unknown): boolean => APICallError.isInstance(error) && /cached ?content/i.test(error.message)
