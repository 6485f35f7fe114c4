import { findProvider, type ConditionalPrice, type ModelInfo, type ModelPrice, type Provider } from '@pydantic/genai-prices'
import type { PricePeriod, PriceTier, Rates } from '@routewise/core'

export type PublishedModel = ModelInfo
export type PublishedProvider = Provider

/** Release of `@pydantic/genai-prices` that was checked, and its day. */
export const publishedRelease = { version: '0.1.8', date: '2026-09-23' } as const

/** Ids under which the package knows providers; it has no list of its own that can be read at once. */
export const publishedProviderIds = [
  'anthropic',
  'arcee',
  'avian',
  'aws',
  'azure',
  'baseten',
  'cerebras',
  'cloudflare',
  'cohere',
  'cursor',
  'deepseek',
  'doubleword',
  'fireworks',
  'github-copilot',
  'google',
  'groq',
  'huggingface_cerebras',
  'huggingface_fireworks-ai',
  'huggingface_groq',
  'huggingface_hyperbolic',
  'huggingface_nebius',
  'huggingface_novita',
  'huggingface_nscale',
  'huggingface_ovhcloud',
  'huggingface_publicai',
  'huggingface_sambanova',
  'huggingface_together',
  'minimax',
  'mistral',
  'modal',
  'moonshotai',
  'novita',
  'openai',
  'openrouter',
  'ovhcloud',
  'perplexity',
  'quicksilverpro',
  'together',
  'typesafe',
  'voyageai',
  'x-ai',
  'zai',
  'zhipuai',
] as const

/** The provider of exactly this id. */
export function publishedProvider(id: string): PublishedProvider | undefined {
  const provider = findProvider({ providerId: id })
  // The package also matches providers by substring; an exact id is asked for here.
  return provider?.id === id ? provider : undefined
}

/** The provider that makes models of this name, as the package sees it. */
export const publishedMaker = (modelId: string): PublishedProvider | undefined => findProvider({ modelId })

/** The model of exactly this id, or one that names it as an equal. */
export const publishedExactly = (provider: PublishedProvider, id: string): PublishedModel | undefined =>
  provider.models.find(model => model.id === id) ?? provider.models.find(model => names(model.match, id))

/** The model whose pattern the id fits: a likeness, not an identity. */
export const publishedAlike = (provider: PublishedProvider, id: string): PublishedModel | undefined =>
  provider.models.find(model => fits(model.match, id.toLowerCase()))

type Match = ModelInfo['match']

function names(match: Match, id: string): boolean {
  if ('equals' in match) return match.equals === id
  return 'or' in match && match.or.some(part => names(part, id))
}

function fits(match: Match, id: string): boolean {
  if ('or' in match) return match.or.some(part => fits(part, id))
  if ('and' in match) return match.and.every(part => fits(part, id))
  if ('equals' in match) return match.equals.toLowerCase() === id
  if ('starts_with' in match) return id.startsWith(match.starts_with.toLowerCase())
  if ('ends_with' in match) return id.endsWith(match.ends_with.toLowerCase())
  if ('contains' in match) return id.includes(match.contains.toLowerCase())
  return new RegExp(match.regex).test(id)
}

/** All dated prices of a model, oldest first; empty when it has no price per token, or one that cannot be said here. */
export function publishedPrices(model: PublishedModel): readonly PricePeriod[] {
  const entries: readonly ConditionalPrice[] = Array.isArray(model.prices) ? model.prices : [{ prices: model.prices }]
  const periods = entries.map(periodOf)
  return periods.every(period => period !== undefined) ? periods : []
}

const wholeMinute = /^\d{2}:\d{2}:00Z$/

function periodOf({ constraint, prices }: ConditionalPrice): PricePeriod | undefined {
  const rates = ratesOf(prices, 0)
  if (rates === undefined) return undefined
  const tiers = tiersOf(prices)
  const priced = tiers.length > 0 ? { rates, tiers } : { rates }
  if (constraint === undefined) return priced
  if (constraint.type === 'start_date') return { from: constraint.start_date, ...priced }
  const { start_time: from, end_time: to } = constraint
  if (!wholeMinute.test(from) || !wholeMinute.test(to)) return undefined
  return { windows: [{ utc: [from.slice(0, 5), to.slice(0, 5)] }], ...priced }
}

function tiersOf(prices: ModelPrice): PriceTier[] {
  const starts = Object.values(prices).flatMap(price => (typeof price === 'object' ? price.tiers.map(({ start }) => start) : []))
  return [...new Set(starts)]
    .toSorted((a, b) => a - b)
    .flatMap(start => {
      const rates = ratesOf(prices, start + 1)
      if (rates === undefined) return []
      // A tier there begins above `start`, so an edge that is part of its tier is written as one token less: 199999 for "200k and more".
      return start % 1_000 === 999
        ? { thresholdTokens: start + 1, inclusive: true, rates }
        : { thresholdTokens: start, inclusive: false, rates }
    })
}

function ratesOf(prices: ModelPrice, inputTokens: number): Rates | undefined {
  const rate = (key: string): number | undefined => {
    const price = prices[key]
    if (typeof price !== 'object') return price
    return price.tiers.findLast(({ start }) => inputTokens > start)?.price ?? price.base
  }
  const input = rate('input_mtok')
  if (input === undefined) return undefined
  const cacheRead = rate('cache_read_mtok')
  const cacheWrite = rate('cache_write_mtok')
  const cacheWrite1h = rate('cache_write_1h_mtok')
  const audioInput = rate('input_audio_mtok')
  const audioOutput = rate('output_audio_mtok')
  const audioCacheRead = rate('cache_audio_read_mtok')
  return {
    input,
    // Models without an output price give no tokens: embeddings and the like.
    output: rate('output_mtok') ?? 0,
    ...(cacheRead !== undefined && { cacheRead }),
    ...(cacheWrite !== undefined && { cacheWrite }),
    ...(cacheWrite1h !== undefined && { cacheWriteByTtl: { '1h': cacheWrite1h } }),
    ...(audioInput !== undefined && { audioInput }),
    ...(audioOutput !== undefined && { audioOutput }),
    ...(audioCacheRead !== undefined && { audioCacheRead }),
  }
}
