import type { RerankingModelV4 } from '@ai-sdk/provider'
import { defineModel } from '@routewise/catalog'
import * as z from 'zod'
import { entryShape, modelSchema, parseEntries, type ModelEntry, type ModelRecord } from '../fallback/entries.ts'
import type { FallbackCandidate } from '../fallback/router.ts'
import { newestRerankingModel, type RerankingModel } from '../versions.ts'

/** What a reranking model costs: by the search, by the token, or both. */
export interface RerankingPrice {
  /** USD per 1,000 searches. A search is one query over up to 100 documents, where the provider does not count otherwise. */
  per1000Searches?: number
  /** USD per million tokens of queries and documents. */
  input?: number
}

/** A reranking model with what the router should know of it. */
export interface RerankingEntry extends ModelEntry<RerankingModel> {
  /** Default: not known, so the fastest answers and the cost is not known. */
  price?: RerankingPrice
}

/** Reranking models by id. */
export type RerankingModels = ModelRecord<RerankingModel, RerankingEntry>

const usd = z.number().min(0)

const schema = z.strictObject({
  model: modelSchema<RerankingModel>(['doRerank'], "a reranking model, such as cohere.reranking('rerank-v4.0-fast')"),
  ...entryShape,
  price: z
    .strictObject({ per1000Searches: usd.exactOptional(), input: usd.exactOptional() })
    .refine(price => price.per1000Searches !== undefined || price.input !== undefined, 'expected `per1000Searches` or `input`')
    .optional(),
})

export interface RerankingCandidate extends FallbackCandidate<RerankingModelV4> {
  price: RerankingPrice | undefined
}

/** @throws RouterError `invalid_option`, naming the model, the value and what is allowed. */
export function parseRerankingModels(given: RerankingModels | undefined): readonly RerankingCandidate[] {
  return parseEntries(given, 'rerankingModels', schema).map(({ id, entry: { model: own, price, account, tags } }) => {
    const model = newestRerankingModel(own)
    return {
      id,
      model,
      price,
      card: defineModel({
        id: model.modelId,
        provider: model.provider,
        // A search has the place of an output token: a thousand of them at $2 is $2,000 per million.
        ...(price !== undefined && { input: price.input ?? 0, output: (price.per1000Searches ?? 0) * 1_000 }),
        // How long a document may be is for the model to say, which cuts what is longer.
        contextTokens: Number.MAX_SAFE_INTEGER,
        quality: 1,
        firstToken: { baseMs: 300, msPerInputToken: 0.02 },
        outputTokensPerSecond: 1_000_000,
      }),
      ...(account !== undefined && { account }),
      ...(tags !== undefined && { tags }),
    }
  })
}
