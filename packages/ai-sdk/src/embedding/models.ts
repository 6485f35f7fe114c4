import type { EmbeddingModelV4, EmbeddingModelV4CallOptions, EmbeddingModelV4Result } from '@ai-sdk/provider'
import { estimateTokens, type Candidate, type RoutingOptions } from '@routewise/core'
import { sharedBatching, sharedMaxEmbeddings, sharedParallelCalls } from './limits.ts'
import { parseEmbeddingModels, type EmbeddingCandidate, type EmbeddingModels, type VectorSpace } from './options.ts'
import { createVectorCheck } from './vectors.ts'
import { askRouter } from '../fallback/call.ts'
import { listenToAll, noSuchModel, type RoutedModels, type RoutedModelsOptions } from '../fallback/models.ts'
import { cheapestThenFastest } from '../fallback/policy.ts'
import { createFallbackRouter, type FallbackRouter, type ModelKind } from '../fallback/router.ts'
import { timeToAnswerMs } from '../fallback/time-limit.ts'
import { withReceipt } from '../receipt.ts'

type EmbeddingRouter = FallbackRouter<EmbeddingModelV4CallOptions, EmbeddingModelV4Result>

/**
 * Embedding models, routed within their vector spaces: by price, then by speed, with fallback after a failure and hedges on silence. One
 * of several that does not answer within `timeouts.firstTokenMs` has failed. A name is that of a space, the id of a model alone, or
 * `auto`, which is the only space.
 * @throws RouterError `invalid_option`
 */
export function createEmbeddingModels(
  given: EmbeddingModels | undefined,
  { provider, routing }: RoutedModelsOptions,
): RoutedModels<EmbeddingModelV4> {
  const spaces = parseEmbeddingModels(given).map(space => ({ ...space, router: routerOf(space, routing) }))
  const routed = (modelId: string, candidates: readonly EmbeddingCandidate[], router: EmbeddingRouter) =>
    createRoutedModel({ provider, modelId, candidates, router, allow: routing.allow })

  function model(modelId: string): EmbeddingModelV4 {
    const [only] = spaces
    const space = modelId === 'auto' && spaces.length === 1 ? only : spaces.find(({ name }) => name === modelId)
    if (space !== undefined) return routed(modelId, space.candidates, space.router)
    for (const { candidates, router } of spaces) {
      const candidate = candidates.find(({ id }) => id === modelId)
      if (candidate !== undefined) return routed(modelId, [candidate], router)
    }
    const names = new Set([...spaces.map(({ name }) => name), ...spaces.flatMap(({ candidates }) => candidates.map(({ id }) => id))])
    throw noSuchModel({
      modelId,
      modelType: 'embeddingModel',
      option: 'embeddingModels',
      names: [...(spaces.length === 1 ? ['auto'] : []), ...names],
      ...(modelId === 'auto' && spaces.length > 1 && { because: 'Several vector spaces are given, and vectors of two cannot be compared' }),
    })
  }

  return { model, on: listenToAll(spaces.map(({ router }) => router)) }
}

function routerOf(space: VectorSpace, routing: RoutingOptions): EmbeddingRouter {
  const check = createVectorCheck(space)
  const kind: ModelKind<EmbeddingModelV4, EmbeddingModelV4CallOptions, EmbeddingModelV4Result> = {
    name: 'embedding',
    ask: (model, options) => model.doEmbed(options),
    size: ({ values }) => ({ inputTokens: values.reduce((sum, value) => sum + estimateTokens(value), 0) }),
    usage: ({ usage }) => (Number.isFinite(usage?.tokens) ? { inputTokens: usage!.tokens, outputTokens: 0 } : undefined),
    fault: (result, { options }, { id }) => check(result, options, id),
    response: ({ response }) => response,
  }
  const { candidates } = space
  return createFallbackRouter({
    kind,
    candidates,
    routing,
    policy: cheapestThenFastest(ratePerToken),
    attemptMs: timeToAnswerMs(routing, candidates.length),
  })
}

/** Per token: what is learned of how a provider counts would make one price look like two. */
const ratePerToken = ({ expectedCostUsd, inputTokens }: Candidate): number =>
  Number((expectedCostUsd / Math.max(1, inputTokens)).toPrecision(3))

interface RoutedModelOptions extends Pick<EmbeddingModelV4, 'provider' | 'modelId'> {
  candidates: readonly EmbeddingCandidate[]
  router: EmbeddingRouter
  allow: readonly string[] | undefined
}

function createRoutedModel({ provider, modelId, candidates, router, allow }: RoutedModelOptions): EmbeddingModelV4 {
  const models = candidates.map(candidate => candidate.model)
  const model: EmbeddingModelV4 = {
    specificationVersion: 'v4',
    provider,
    modelId,
    get maxEmbeddingsPerCall() {
      return sharedMaxEmbeddings(models)
    },
    get supportsParallelCalls() {
      return sharedParallelCalls(models)
    },
    async doEmbed(options) {
      const { result, receipt } = await askRouter(router, options, { candidates: roomyEnough(candidates, options), allow })
      return withReceipt(result, receipt)
    },
  }
  return Object.defineProperties(model, sharedBatching(models))
}

/** Those that take values as long as these; all, where none does or the estimate may be wrong of every one. */
function roomyEnough(candidates: readonly EmbeddingCandidate[], { values }: EmbeddingModelV4CallOptions): readonly EmbeddingCandidate[] {
  if (candidates.every(({ maxInputTokens }) => maxInputTokens === undefined)) return candidates
  const longest = values.reduce((most, value) => Math.max(most, estimateTokens(value)), 0)
  const roomy = candidates.filter(({ maxInputTokens = Number.POSITIVE_INFINITY }) => longest <= maxInputTokens)
  return roomy.length > 0 ? roomy : candidates
}
