import type { ModelCard } from '@routewise/core'
import { ProblemError } from '../types.ts'
import type { HttpReply, HttpRequest, Operation, OperationContext } from '../types.ts'
import { apiKeyOf, readGeminiPrompt } from './gemini-request.ts'
import { cachedContentKey as keyOf, type CachedContent } from './gemini-cached-content.ts'
import { refuse } from './gemini-rules.ts'
import { isObject, textIn } from './json.ts'
import { digest } from './signature.ts'

const DEFAULT_TTL_SECONDS = 3_600
const MS_PER_HOUR = 3_600_000

/** Creates, shows and deletes cached contents. Storage is charged when they are made, for as long as they are to live. */
export function matchCachedContents(request: HttpRequest): Operation | undefined {
  const [, id] = /^\/v1(?:alpha|beta)\/cachedContents(?:\/([\w-]+))?$/.exec(request.path) ?? ['', undefined]
  if (!/^\/v1(?:alpha|beta)\/cachedContents(?:\/|$)/.test(request.path)) return undefined
  if (request.method === 'POST' && id === undefined) return { type: 'reply', reply: context => create(request, context) }
  if (id === undefined) return undefined
  if (request.method === 'GET') return { type: 'reply', reply: context => ({ status: 200, body: shown(find(request, id, context)) }) }
  if (request.method !== 'DELETE') return undefined
  return {
    type: 'reply',
    reply(context) {
      context.store.delete(keyOf(find(request, id, context).name))
      return { status: 200, body: {} }
    },
  }
}

async function create(request: HttpRequest, context: OperationContext): Promise<HttpReply> {
  const apiKey = apiKeyOf(request)
  const body = isObject(request.body) ? request.body : refuse('Invalid JSON payload received.')
  const model = textIn(body['model'])
  const card = context.findModel(model.replace(/^models\//, ''))
  if (card === undefined) throw new ProblemError({ kind: 'not-found', model })
  const { blocks, turns, tools } = readGeminiPrompt(body, card)
  const tokens = await context.countTokens(blocks, card)
  const { minTokens } = card.cache
  if (tokens < minTokens) refuse(`Cached content is too small. total_token_count=${tokens}, min_total_token_count=${minTokens}`)
  const { wallMs, store } = context
  const ttlMs = ttlOf(body['ttl']) * 1_000
  const name = `cachedContents/${digest(`${apiKey}/${wallMs}/${blocks.map(({ text }) => text).join('\n')}`).slice(0, 24)}`
  const held: CachedContent = {
    name,
    model: `models/${card.id}`,
    apiKey,
    blocks,
    turns,
    tools,
    tokens,
    createdMs: wallMs,
    expiresMs: wallMs + ttlMs,
  }
  store.set(keyOf(name), held)
  const usage = { inputTokens: tokens, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 0, reasoningTokens: 0 }
  return { status: 200, body: shown(held), billed: { model: card.id, usage, storageUsd: storageUsd(card, tokens, ttlMs) } }
}

const storageUsd = ({ cache }: ModelCard, tokens: number, ttlMs: number): number =>
  ((cache.storageUsdPerMillionTokenHours ?? 0) * tokens * ttlMs) / (1_000_000 * MS_PER_HOUR)

function ttlOf(ttl: unknown): number {
  if (ttl === undefined) return DEFAULT_TTL_SECONDS
  const [, seconds] = /^(\d+(?:\.\d+)?)s$/.exec(textIn(ttl)) ?? []
  return seconds === undefined
    ? refuse("Invalid value at 'cached_content.ttl' (type.googleapis.com/google.protobuf.Duration).")
    : Number(seconds)
}

function find(request: HttpRequest, id: string, { store, wallMs }: OperationContext): CachedContent {
  const apiKey = apiKeyOf(request)
  const held = store.get(keyOf(`cachedContents/${id}`)) as CachedContent | undefined
  if (held === undefined || held.apiKey !== apiKey || held.expiresMs <= wallMs) throw new ProblemError({ kind: 'permission' })
  return held
}

const shown = ({ name, model, tokens, createdMs, expiresMs }: CachedContent): unknown => ({
  name,
  model,
  createTime: new Date(createdMs).toISOString(),
  updateTime: new Date(createdMs).toISOString(),
  expireTime: new Date(expiresMs).toISOString(),
  usageMetadata: { totalTokenCount: tokens },
})
