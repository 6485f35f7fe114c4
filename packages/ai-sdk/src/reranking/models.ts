import {
  InvalidResponseDataError,
  type RerankingModelV4,
  type RerankingModelV4CallOptions,
  type RerankingModelV4Result,
} from '@ai-sdk/provider'
import { createModelsById, type RoutedModels, type RoutedModelsOptions } from '../fallback/models.ts'
import { cheapestThenFastest } from '../fallback/policy.ts'
import type { FallbackCall } from '../fallback/router.ts'
import { timeToAnswerMs } from '../fallback/time-limit.ts'
import { withReceipt } from '../receipt.ts'
import { parseRerankingModels, type RerankingModels } from './options.ts'
import { rerankingSize, rerankingUsage } from './usage.ts'

/**
 * Reranking models, routed by price, then by speed, with fallback after a failure and hedges on silence. One of several that does not
 * answer within `timeouts.firstTokenMs` has failed. A name is `auto` or the id of a model alone. The scores of one call are all of one model; those of two calls may be of two, and cannot be compared.
 * @throws RouterError `invalid_option`
 */
export function createRerankingModels(given: RerankingModels | undefined, options: RoutedModelsOptions): RoutedModels<RerankingModelV4> {
  const candidates = parseRerankingModels(given)
  const prices = new Map(candidates.map(({ id, price }) => [id, price]))
  return createModelsById<RerankingModelV4, RerankingModelV4CallOptions, RerankingModelV4Result>({
    ...options,
    modelType: 'rerankingModel',
    option: 'rerankingModels',
    candidates,
    policy: cheapestThenFastest(),
    attemptMs: timeToAnswerMs(options.routing, candidates.length),
    kind: {
      name: 'reranking',
      ask: (model, call) => model.doRerank(call),
      size: rerankingSize,
      usage: (result, call, { id }) => rerankingUsage(result, call, prices.get(id)),
      fault: checkRanking,
      response: ({ response }) => response,
    },
    build: (name, among, ask) => ({
      specificationVersion: 'v4',
      ...name,
      async doRerank(call) {
        const { result, receipt } = await ask(call, among)
        return withReceipt(result, receipt)
      },
    }),
  })
}

/** Every place of a ranking is that of a document, with a score. */
function checkRanking(
  { ranking }: RerankingModelV4Result,
  { options: { documents } }: FallbackCall<RerankingModelV4CallOptions>,
): Error | undefined {
  const { length } = documents.values
  for (const { index, relevanceScore } of ranking) {
    if (!Number.isInteger(index) || index < 0 || index >= length) {
      const message = `Invalid ranking index ${index}. Expected an integer between 0 and ${length - 1}.`
      return new InvalidResponseDataError({ data: ranking, message })
    }
    if (!Number.isFinite(relevanceScore)) {
      return new InvalidResponseDataError({ data: ranking, message: `Invalid relevance score ${relevanceScore}. Expected a number.` })
    }
  }
  return undefined
}
