import { APICallError, type EmbeddingModelV4CallOptions, type EmbeddingModelV4Result } from '@ai-sdk/provider'
import type { Receipt, RoutingOptions } from '@routewise/core'
import { MockEmbeddingModelV4 } from 'ai/test'
import { createEmbeddingModels } from '../embedding/models.ts'
import type { EmbeddingModels } from '../embedding/options.ts'

/** Routed embedding models, by name. */
export const routedBy = (given: EmbeddingModels, routing: RoutingOptions = {}) =>
  createEmbeddingModels(given, { provider: 'routewise', routing }).model

/** Vectors of as many numbers as asked for; the first one says whose they are. */
export const vectors = (first: number, values: readonly string[], length = 3): number[][] =>
  values.map(value => [first, value.length, ...Array<number>(length - 2).fill(0)])

export interface Mock {
  modelId?: string
  provider?: string
  /** Tokens per value that it bills; `null`: it does not say. */
  tokens?: number | null
  length?: number
  answer?: (options: EmbeddingModelV4CallOptions) => EmbeddingModelV4Result | PromiseLike<EmbeddingModelV4Result>
  limit?: number | null | PromiseLike<number | undefined>
  parallel?: boolean | PromiseLike<boolean>
}

/** A model whose vectors begin with `first`. */
export const mock = (
  first: number,
  { modelId = 'same', provider = 'mock', tokens = 10, length = 3, answer, limit = null, parallel = true }: Mock = {},
) =>
  new MockEmbeddingModelV4({
    modelId,
    provider,
    maxEmbeddingsPerCall: limit,
    supportsParallelCalls: parallel,
    doEmbed: async options =>
      answer?.(options) ?? {
        embeddings: vectors(first, options.values, length),
        ...(tokens !== null && { usage: { tokens: tokens * options.values.length } }),
        response: { headers: { from: String(first) }, body: { first } },
        warnings: [],
      },
  })

/** A model that gives an HTTP error. */
export const failing = (statusCode: number, facts: Mock = {}) =>
  mock(0, {
    ...facts,
    answer: () => {
      throw new APICallError({ message: `status ${statusCode}`, url: 'http://mock', requestBodyValues: {}, statusCode })
    },
  })

/** The receipt of a result of the SDK's. */
export const receiptOf = ({ providerMetadata }: { providerMetadata?: Record<string, unknown> | undefined }) =>
  providerMetadata?.['routewise'] as Receipt
/** What a promise was rejected with. */
export const caught = (promise: PromiseLike<unknown>): Promise<unknown> =>
  Promise.resolve(promise).then(
    () => new Error('Nothing was thrown.'),
    (error: unknown) => error,
  )
/** What a function has thrown. */
export const thrownBy = (make: () => unknown): unknown => {
  try {
    make()
  } catch (error) {
    return error
  }
  return new Error('Nothing was thrown.')
}
