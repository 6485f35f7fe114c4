import { defaultCatalog } from '@routewise/catalog'
import type { ModelCard } from '@routewise/core'

/** The models that one provider serves. */
export interface Models {
  list: () => readonly ModelCard[]
  find: (id: string) => ModelCard | undefined
}

/**
 * Models of a provider: cards that were given, then what the catalog knows of it. An id that is only like a known one is not served.
 * Where ids were given, no others are. A card of the provider `custom` is served by all.
 */
export function createModels(provider: string, given: readonly (string | ModelCard)[]): Models {
  const cards = given.filter(model => typeof model !== 'string').filter(card => card.provider === provider || card.provider === 'custom')
  const ids = new Set(given.filter(model => typeof model === 'string'))
  const served = (card: ModelCard) => ids.size === 0 || ids.has(card.id)
  return {
    list() {
      const known = defaultCatalog.list().filter(card => card.provider === provider && served(card))
      return [...cards, ...known.filter(card => !cards.some(({ id }) => id === card.id))]
    },
    find(id) {
      const own = cards.find(card => card.id === id)
      if (own !== undefined) return own
      const card = defaultCatalog.find(id, { provider })
      return card === undefined || card.inferred !== undefined || !served(card) ? undefined : card
    },
  }
}
