import type { EmbeddingModelV4 } from '@ai-sdk/provider'
import { defineModel, findModel } from '@routewise/catalog'
import { RouterError, type ModelCard } from '@routewise/core'
import * as z from 'zod'
import { entryShape, modelSchema, parseEntries, type ModelEntry, type ModelRecord } from '../fallback/entries.ts'
import type { FallbackCandidate } from '../fallback/router.ts'
import { newestEmbeddingModel, type EmbeddingModel } from '../versions.ts'

/** An embedding model with what the router should know of it. */
export interface EmbeddingEntry extends ModelEntry<EmbeddingModel> {
  /**
   * Name of its vector space: vectors are compared with others of their own space only, so nothing else answers in place of one. Default:
   * the model's own `modelId`, so that one model at two providers is one space.
   */
  space?: string
  /** USD per million input tokens. Default: the catalog's; without either, the fastest answers and the cost is not known. */
  price?: { input: number }
  /** Numbers in each vector, where the call asks for no other length. Default: as many as the first answer has. */
  dimensions?: number
  /** Most tokens that one value may have; longer ones go to others of the space, where there are any. Default: no limit. */
  maxInputTokens?: number
}

/** Embedding models by id. */
export type EmbeddingModels = ModelRecord<EmbeddingModel, EmbeddingEntry>

const tokens = z.number().int().positive()

const schema = z.strictObject({
  model: modelSchema<EmbeddingModel>(['doEmbed'], "an embedding model, such as openai.embedding('text-embedding-3-small')"),
  ...entryShape,
  space: z.string().min(1).exactOptional(),
  price: z.strictObject({ input: z.number().min(0) }).exactOptional(),
  dimensions: tokens.exactOptional(),
  maxInputTokens: tokens.exactOptional(),
})

export interface EmbeddingCandidate extends FallbackCandidate<EmbeddingModelV4> {
  maxInputTokens?: number
}

/** Models whose vectors can be compared. */
export interface VectorSpace {
  name: string
  candidates: readonly EmbeddingCandidate[]
  /** Numbers in each vector, where somebody has said so. */
  dimensions: number | undefined
}

/** @throws RouterError `invalid_option`, naming the model, the value and what is allowed. */
export function parseEmbeddingModels(given: EmbeddingModels | undefined): readonly VectorSpace[] {
  const spaces = new Map<string, { name: string; candidates: EmbeddingCandidate[]; dimensions: number | undefined }>()
  for (const { id, entry } of parseEntries(given, 'embeddingModels', schema)) {
    const model = newestEmbeddingModel(entry.model)
    const { space: name = model.modelId, price, dimensions, account, tags, maxInputTokens } = entry
    if (name === 'auto')
      throw new RouterError('invalid_option', `createRouted: embeddingModels.${id}: option \`space\` is "auto": give it a name`)
    const space = spaces.get(name) ?? { name, candidates: [], dimensions }
    spaces.set(name, space)
    if (dimensions !== undefined && (space.dimensions ??= dimensions) !== dimensions) {
      throw new RouterError(
        'invalid_option',
        `createRouted: embeddingModels.${id}: option \`dimensions\` is ${dimensions}, and ${space.dimensions} for another model of its space "${name}": give it a space of its own`,
      )
    }
    space.candidates.push({
      id,
      model,
      card: cardOf(model, price),
      ...(account !== undefined && { account }),
      ...(tags !== undefined && { tags }),
      ...(maxInputTokens !== undefined && { maxInputTokens }),
    })
  }
  for (const { name, candidates } of spaces.values()) for (const { id } of candidates) refuseTwoMeanings(id, name, spaces)
  return [...spaces.values()]
}

/** @throws RouterError `invalid_option` for an id that is the name of another model's space. */
function refuseTwoMeanings(id: string, space: string, spaces: ReadonlyMap<string, unknown>): void {
  if (id === space || !spaces.has(id)) return
  throw new RouterError(
    'invalid_option',
    `createRouted: embeddingModels.${id} is of the space "${space}", and "${id}" is another space: rename one`,
  )
}

/** What limits an embedding is the length of each value, and a card knows that of the whole call only. */
const NO_WINDOW = Number.MAX_SAFE_INTEGER

function cardOf({ modelId: id, provider }: EmbeddingModelV4, price: EmbeddingEntry['price']): ModelCard {
  const known = findModel(id, { provider })
  // The price of a model that is merely alike would be a guess.
  const published = known !== undefined && known.inferred === undefined && known.prices.length > 0 ? known : undefined
  return defineModel({
    id,
    provider,
    ...(price !== undefined && { input: price.input, output: 0 }),
    ...(price === undefined &&
      published !== undefined && { prices: published.prices, source: published.source, verifiedAt: published.verifiedAt }),
    contextTokens: NO_WINDOW,
    quality: 1,
    firstToken: { baseMs: 200, msPerInputToken: 0.02 },
  })
}
