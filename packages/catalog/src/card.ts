import type { CacheRule, Capabilities, ModelCard, PricePeriod } from '@routewise/core'
import type { ModelFacts, ProviderFacts } from './facts.ts'
import { qualityByTier, speedByTier, type Tier } from './priors.ts'
import {
  publishedExactly,
  publishedPrices,
  publishedProvider,
  publishedRelease,
  type PublishedModel,
  type PublishedProvider,
} from './published.ts'

/** Window of a model of which none is stated. */
export const UNSTATED_CONTEXT_TOKENS = 32_768

/** Of a model about which nothing is stated, nothing is assumed but that it streams and can be sampled. */
export const unstatedCapabilities: Capabilities = {
  tools: false,
  forcedTool: false,
  parallelTools: false,
  jsonSchema: false,
  vision: false,
  pdf: false,
  audio: false,
  streaming: true,
  reasoning: false,
  sampling: true,
  logprobs: 'no',
}

/**
 * A card of a model that is always told to set a cache marker at the end of its prompts, of this lifetime or else the provider's default, so
 * that nobody else need.
 */
export function markingItself(card: ModelCard, ttl?: unknown): ModelCard {
  const { cache } = card
  if (cache.kind !== 'breakpoints') return card
  const ttls = cache.ttls.filter(({ id }, at) => (ttl === undefined ? at === 0 : id === ttl))
  return { ...card, cache: { ...cache, implicitBreakpoint: true, ...(ttls.length > 0 && { ttls }) } }
}

/** The rule of a provider of whose prompt cache nothing is stated. */
export const noCache: CacheRule = {
  kind: 'none',
  minTokens: 0,
  ttls: [],
  readableAfter: 'response-end',
  scope: 'account',
  guaranteed: false,
}

/** The priors that a tier stands for, as fields of a card. */
export function priorsOf(tier: Tier): Pick<ModelCard, 'quality' | 'firstToken' | 'outputTokensPerSecond'> {
  const { outputTokensPerSecond, ...firstToken } = speedByTier[tier]
  return { quality: qualityByTier[tier], firstToken, outputTokensPerSecond }
}

/** The card of a model in the table. */
export function cardOf(provider: ProviderFacts, facts: ModelFacts): ModelCard {
  const { id, tier, contextTokens, maxOutputTokens, tokenFactor = 1, wire = provider.wire, capabilities, cache, multipliers } = facts
  return deepFreeze({
    id,
    provider: provider.id,
    wire,
    contextTokens,
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
    tokenFactor,
    prices: pricesOf(provider, facts),
    ...(multipliers !== undefined && { multipliers }),
    cache,
    capabilities,
    ...priorsOf(tier),
    ...speedOf(provider),
    ...traitsOf(provider),
    source: facts.source ?? provider.source,
    verifiedAt: facts.verifiedAt ?? provider.verifiedAt,
  })
}

function pricesOf(provider: ProviderFacts, { id, correct }: ModelFacts): readonly PricePeriod[] {
  const published = publishedProvider(provider.publishedAs ?? provider.id)
  const model = published && publishedExactly(published, id)
  const prices = model ? publishedPrices(model) : []
  return correct ? correct(prices) : prices
}

/** The card of a model that only the published prices know: its prices, and the least that can be assumed for the rest. */
export function publishedCard(id: string, provider: PublishedProvider, model: PublishedModel, facts: ProviderFacts | undefined): ModelCard {
  return deepFreeze({
    id,
    provider: facts?.id ?? provider.id,
    wire: facts?.wire ?? 'openai-chat',
    contextTokens: model.context_window ?? UNSTATED_CONTEXT_TOKENS,
    tokenFactor: 1,
    prices: publishedPrices(model),
    cache: noCache,
    capabilities: unstatedCapabilities,
    ...priorsOf('small'),
    ...speedOf(facts),
    ...traitsOf(facts),
    source: `@pydantic/genai-prices ${publishedRelease.version}`,
    verifiedAt: publishedRelease.date,
  })
}

function speedOf(facts: ProviderFacts | undefined): Partial<ModelCard> {
  if (facts?.speed === undefined) return {}
  const { outputTokensPerSecond, ...firstToken } = facts.speed
  return { firstToken, outputTokensPerSecond }
}

function traitsOf(facts: ProviderFacts | undefined): Pick<ModelCard, 'cancelStopsBilling' | 'toolIdPattern'> {
  const { cancelStopsBilling = false, toolIdPattern } = facts ?? {}
  return toolIdPattern === undefined ? { cancelStopsBilling } : { cancelStopsBilling, toolIdPattern }
}

/** Cards share their tables, so a write to one would change them all. */
export function deepFreeze<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const part of Object.values(value)) deepFreeze(part)
  return Object.freeze(value)
}
