import { defineModel, findModel } from '@routewise/catalog'
import type { ModelCard } from '@routewise/core'

/** What limits an embedding is the length of each text, and a card knows that of the whole call only. */
const NO_WINDOW = Number.MAX_SAFE_INTEGER

/** The card of an embedding model; `price` is USD per million input tokens. */
export function embeddingCard(id: string, provider: string | undefined, price: number | undefined): ModelCard {
  const known = findModel(id, provider === undefined ? {} : { provider })
  // The price of a model that is merely alike would be a guess.
  const published = known !== undefined && known.inferred === undefined && known.prices.length > 0 ? known : undefined
  const named = provider ?? published?.provider
  return defineModel({
    id,
    ...(named !== undefined && { provider: named }),
    ...(price !== undefined && { input: price, output: 0 }),
    ...(price === undefined &&
      published !== undefined && { prices: published.prices, source: published.source, verifiedAt: published.verifiedAt }),
    contextTokens: NO_WINDOW,
    quality: 1,
    firstToken: { baseMs: 200, msPerInputToken: 0.02 },
  })
}
