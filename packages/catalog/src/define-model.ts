import { parseOptions, RouterError, type ModelCard } from '@routewise/core'
import { deepFreeze, noCache, priorsOf, UNSTATED_CONTEXT_TOKENS, unstatedCapabilities } from './card.ts'
import { definitionSchema, type ModelDefinition, type ModelOverride } from './definition.ts'
import { closestId, knownExactly, providerId } from './known.ts'

/**
 * Makes the card of a model of one's own: `like` a known one, or from its price alone. Without a price, money rules refuse it.
 * @throws RouterError `invalid_option`, naming the option, the value and what is allowed.
 */
export function defineModel(definition: ModelDefinition): ModelCard {
  const { id, like, ...facts } = parseOptions(definitionSchema, definition, 'defineModel')
  const base = like === undefined ? unstated(id) : { ...likeModel(like), id }
  return withFacts(base, facts, 'defineModel')
}

/** The card with these facts, already checked, in place of its own. */
export function withFacts(card: ModelCard, facts: ModelOverride, where: string): ModelCard {
  const { provider, tier, capabilities, quality, input, output, cacheRead, cacheWrite, prices, ...rest } = facts
  const base = tier === undefined ? card : { ...card, ...priorsOf(tier) }
  return deepFreeze({
    ...base,
    ...rest,
    ...(provider !== undefined && { provider: providerId(provider) }),
    prices: pricesGiven({ input, output, cacheRead, cacheWrite }, prices, where) ?? base.prices,
    capabilities: { ...base.capabilities, ...capabilities },
    ...(quality !== undefined && { quality: typeof quality === 'number' ? { default: quality } : { ...base.quality, ...quality } }),
  })
}

type FlatRates = Record<'input' | 'output' | 'cacheRead' | 'cacheWrite', number | undefined>

function pricesGiven(flat: FlatRates, prices: ModelOverride['prices'], where: string): ModelCard['prices'] | undefined {
  const { input, output, cacheRead, cacheWrite } = flat
  if (Object.values(flat).every(rate => rate === undefined)) return prices
  if (prices !== undefined) throw invalid(where, 'option `prices` is given beside flat rates: give one or the other')
  if (input === undefined || output === undefined) {
    const missing = input === undefined ? 'input' : 'output'
    throw invalid(where, `option \`${missing}\` is undefined: expected USD per million tokens, as another rate is given`)
  }
  return [{ rates: { input, output, ...(cacheRead !== undefined && { cacheRead }), ...(cacheWrite !== undefined && { cacheWrite }) } }]
}

function likeModel(like: string): ModelCard {
  const card = knownExactly(like)
  if (card) return card
  throw invalid('defineModel', `option \`like\` is "${like}": expected the id of a known model${suggestion(like)}`)
}

/** `, such as "…"` with the known id that begins most like this one, for messages. */
export function suggestion(id: string): string {
  const closest = closestId(id)
  return closest === undefined ? '' : `, such as "${closest}"`
}

const unstated = (id: string): ModelCard => ({
  id,
  provider: 'custom',
  wire: 'openai-chat',
  contextTokens: UNSTATED_CONTEXT_TOKENS,
  tokenFactor: 1,
  prices: [],
  cache: noCache,
  capabilities: unstatedCapabilities,
  ...priorsOf('small'),
  cancelStopsBilling: false,
  source: 'defined by the user',
  verifiedAt: 'unverified',
})

const invalid = (where: string, message: string) => new RouterError('invalid_option', `${where}: ${message}`)
