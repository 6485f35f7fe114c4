import type { ModelCard } from '@routewise/core'
import { cardOf, deepFreeze, publishedCard } from './card.ts'
import type { ModelFacts, ProviderFacts } from './facts.ts'
import { closestRelative } from './likeness.ts'
import { alibaba } from './models/alibaba.ts'
import { anthropic } from './models/anthropic.ts'
import { deepseek } from './models/deepseek.ts'
import { google } from './models/google.ts'
import { groq } from './models/groq.ts'
import { mistral } from './models/mistral.ts'
import { moonshot } from './models/moonshot.ts'
import { openai } from './models/openai.ts'
import { xai } from './models/xai.ts'
import {
  publishedAlike,
  publishedExactly,
  publishedMaker,
  publishedProvider,
  publishedProviderIds,
  type PublishedProvider,
} from './published.ts'

/** The table of models, by provider. */
export const providers: readonly ProviderFacts[] = [anthropic, openai, google, deepseek, xai, mistral, moonshot, groq, alibaba]

interface Entry {
  provider: ProviderFacts
  model: ModelFacts
}

const entries = new Map<string, Entry>()
const providersByName = new Map<string, ProviderFacts>()
for (const provider of providers) {
  for (const name of [provider.id, ...(provider.names ?? [])]) providersByName.set(name, provider)
  for (const model of provider.models) {
    for (const id of [model.id, ...(model.aliases ?? [])]) entries.set(id, { provider, model })
  }
}
const resellers = new Map([
  ['amazon-bedrock', 'aws'],
  ['bedrock', 'aws'],
  ['togetherai', 'together'],
  ['azure-openai', 'azure'],
])

/** One name for a provider, whatever a framework calls it: `openai.responses` and `openai` are `openai`. */
export function providerId(name: string): string {
  const first = name.toLowerCase().split('.', 1)[0] ?? name
  return providersByName.get(first)?.id ?? resellers.get(first) ?? first
}

/** The card of a model that is known by exactly this id. */
export function knownExactly(id: string, provider?: string): ModelCard | undefined {
  const entry = entries.get(id)
  if (entry && (provider === undefined || entry.provider.id === provider)) return cardOf(entry.provider, entry.model)
  for (const published of publishersOf(id, provider)) {
    const facts = factsOf(published)
    const model = publishedExactly(published, id)
    // An id that the published prices merely set equal to a model of the table may differ in everything but its price.
    const inTable = model !== undefined && facts !== undefined && entries.get(model.id)?.provider === facts
    if (model && !inTable) return withMakersCache(publishedCard(id, published, model, facts))
  }
  return undefined
}

/** Claude's name within the ids of those who serve it: `us.anthropic.claude-opus-4-5-20251101-v1:0`, `claude-opus-4-5@20251101`. */
const CLAUDE = /claude[\w.-]*?(?=(-\d{8})?(-v\d+)?(:\d+)?(@\w+)?$)/

/**
 * Bedrock and Vertex serve Claude with the prompt cache of its maker, which belongs to the organization there; lifetimes without a price
 * are left out. Sources: docs.aws.amazon.com/bedrock, prompt caching; platform.claude.com, prompt caching.
 */
function withMakersCache(card: ModelCard): ModelCard {
  if (card.provider !== 'aws' && card.provider !== 'google') return card
  const entry = entries.get(CLAUDE.exec(card.id)?.[0] ?? '')
  if (entry === undefined || entry.provider !== anthropic || entry.model.cache.kind === 'none') return card
  const { cache, tokenFactor = 1 } = entry.model
  const hasPrice = (ttl: string) => card.prices.every(({ rates }) => rates.cacheWriteByTtl?.[ttl] !== undefined)
  const ttls = cache.ttls.filter(({ id }, at) => at === 0 || hasPrice(id))
  return deepFreeze({ ...card, tokenFactor, cache: { ...cache, ttls, scope: 'org' } })
}

/** A card borrowed from the known model that this id is most like, saying so in `inferred`. */
export function knownAlike(id: string, provider?: string): ModelCard | undefined {
  for (const published of publishersOf(id, provider)) {
    const model = publishedExactly(published, id) ?? publishedAlike(published, id)
    const card = model && knownExactly(model.id, factsOf(published)?.id ?? published.id)
    if (card) return borrowed(card, id)
  }
  for (const facts of providers) {
    if (provider !== undefined && facts.id !== provider) continue
    const relative = closestRelative(
      id,
      facts.models.map(model => model.id),
    )
    const card = relative === undefined ? undefined : knownExactly(relative, facts.id)
    if (card) return borrowed(card, id)
  }
  const host = provider === undefined ? undefined : publishedProvider(provider)
  for (const maker of host?.fallback_model_providers ?? []) {
    const card = knownExactly(id, providerId(maker)) ?? knownAlike(id, providerId(maker))
    if (host && card) return deepFreeze({ ...card, id, provider: host.id, inferred: card.inferred ?? card.id })
  }
  return undefined
}

/** Cards of all models in the table. */
export const tableCards = (): ModelCard[] => providers.flatMap(provider => provider.models.map(model => cardOf(provider, model)))

const borrowed = (card: ModelCard, id: string): ModelCard => deepFreeze({ ...card, id, inferred: card.id })

const factsOf = (published: PublishedProvider): ProviderFacts | undefined => providersByName.get(published.id)

/** Whose price lists to look in: the named provider's; else the maker's; else the only one that lists the id. */
function publishersOf(id: string, provider: string | undefined): PublishedProvider[] {
  if (provider !== undefined) {
    const published = publishedProvider(providers.find(facts => facts.id === provider)?.publishedAs ?? provider)
    return published ? [published] : []
  }
  const maker = publishedMaker(id)
  if (maker && publishedExactly(maker, id)) return [maker]
  const sellers = publishedProviderIds.flatMap(seller => publishedProvider(seller) ?? []).filter(seller => publishedExactly(seller, id))
  // Several sellers have several prices: which one is meant has to be said.
  if (sellers.length === 1) return sellers
  return maker ? [maker] : []
}

/** The id in the table that begins most like this one, for messages; `undefined` when none does. */
export function closestId(id: string): string | undefined {
  const ranked = [...entries.keys()].map(known => ({ known, length: sharedStart(known, id) }))
  const best = ranked.toSorted((a, b) => b.length - a.length)[0]
  return best && best.length > 2 ? best.known : undefined
}

function sharedStart(a: string, b: string): number {
  let length = 0
  while (length < a.length && a[length] === b[length]) length += 1
  return length
}
