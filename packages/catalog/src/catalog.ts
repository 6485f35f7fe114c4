import { parseOptions, RouterError, type ModelCard } from '@routewise/core'
import * as z from 'zod'
import { defineModel, suggestion, withFacts } from './define-model.ts'
import { overrideSchema, type ModelDefinition, type ModelOverride } from './definition.ts'
import { knownAlike, knownExactly, providerId, tableCards } from './known.ts'

export interface FindOptions {
  /** Who serves the model, by its own id or by the name a framework gives it (`openai`, `openai.responses`). Default: whoever is known for the id. */
  provider?: string
}

/** Facts about models, by id. */
export interface Catalog {
  /** The card of a model. One that is only like a known model carries that model's id in `inferred`; one like none is `undefined`. */
  find(id: string, options?: FindOptions): ModelCard | undefined
  /** Cards of the user's models and of those in the table; models that only the published prices know are found, but not listed. */
  list(): readonly ModelCard[]
}

/** Options of a catalog. */
export interface CatalogOptions {
  /** Models of one's own, which come before the known ones: definitions, or cards made by `defineModel`. */
  models?: readonly ModelDefinition[]
  /** Facts to replace, by the id of a known model. */
  overrides?: Readonly<Record<string, ModelOverride>>
}

const optionsSchema = z.strictObject({
  models: z
    .array(z.custom<ModelDefinition>(value => typeof value === 'object' && value !== null, 'expected a model definition'))
    .readonly()
    .default([]),
  overrides: z.record(z.string(), overrideSchema).default({}),
})

/**
 * Makes a catalog. No network; a model's facts are put together when it is first asked for.
 * @throws RouterError `invalid_option`, naming the option, the value and what is allowed.
 */
export function createCatalog(options: CatalogOptions = {}): Catalog {
  const { models, overrides } = parseOptions(optionsSchema, options, 'createCatalog')
  const own = models.map(defineModel)
  assertDistinct(own)
  const overridden = new Map<string, ModelCard>()
  for (const [id, facts] of Object.entries(overrides)) {
    const card = knownExactly(id)
    if (card === undefined)
      throw invalid(`option \`overrides\` names "${id}": expected the id of a known model${suggestion(id)}; add others to \`models\``)
    overridden.set(card.id, withFacts(card, facts, `createCatalog: overrides.${id}`))
  }
  const current = (card: ModelCard): ModelCard => {
    const changed = overridden.get(card.inferred ?? card.id)
    if (changed === undefined || changed.provider !== card.provider) return card
    return card.inferred === undefined ? changed : Object.freeze({ ...changed, id: card.id, inferred: changed.id })
  }
  // Only exact answers are kept: their number is bounded, that of ids which are like them is not.
  const found = new Map<string, ModelCard>()

  return {
    find(id, { provider: name } = {}) {
      const provider = name === undefined ? undefined : providerId(name)
      const key = `${provider ?? ''} ${id}`
      const known = found.get(key)
      if (known) return known
      const mine = own.find(card => card.id === id && (provider === undefined || card.provider === provider || card.provider === 'custom'))
      const exact = mine ?? knownExactly(id, provider)
      const card = exact ?? knownAlike(id, provider)
      if (card === undefined) return undefined
      const answer = card === mine ? card : current(card)
      if (exact) found.set(key, answer)
      return answer
    },
    list() {
      const ids = new Set(own.map(({ id }) => id))
      return [
        ...own,
        ...tableCards()
          .filter(({ id }) => !ids.has(id))
          .map(current),
      ]
    },
  }
}

function assertDistinct(cards: readonly ModelCard[]): void {
  const seen = new Set<string>()
  for (const { id, provider } of cards) {
    const key = `${provider} ${id}`
    if (seen.has(key)) throw invalid(`option \`models\` holds "${id}" of "${provider}" twice: expected each model once`)
    seen.add(key)
  }
}

const invalid = (message: string) => new RouterError('invalid_option', `createCatalog: ${message}`)

/** The catalog without models of one's own. */
export const defaultCatalog: Catalog = createCatalog()

/** The card of a model in the default catalog; see `Catalog.find`. */
export const findModel = (id: string, options?: FindOptions): ModelCard | undefined => defaultCatalog.find(id, options)
