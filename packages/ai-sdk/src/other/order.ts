import type { RoutedModelsOptions } from '../fallback/models.ts'
import { asListed } from '../fallback/policy.ts'
import type { FallbackCandidate, FallbackRouterOptions } from '../fallback/router.ts'
import { shareOfTimeMs } from '../fallback/time-limit.ts'

/**
 * Options of a router that asks in the order listed. Its answers are dear, so nobody is asked beside one that is silent; but a silent one
 * has to leave the others their share of the time.
 */
export function inOrder<Model>(
  candidates: readonly FallbackCandidate<Model>[],
  { provider, routing }: RoutedModelsOptions,
): RoutedModelsOptions & Pick<FallbackRouterOptions<Model, unknown, unknown>, 'candidates' | 'policy' | 'attemptMs'> {
  return {
    provider,
    routing: { ...routing, hedge: false },
    candidates,
    policy: asListed,
    attemptMs: shareOfTimeMs(routing, candidates.length),
  }
}

/** How much a model can make in one call, as the specifications have it. */
type Limit = number | undefined | ((options: { modelId: string }) => PromiseLike<number | undefined> | number | undefined)

/** As much as each of these can make in one call; one that does not say is asked for one, as the SDK would. */
export async function smallestLimit<Model extends { modelId: string }>(
  candidates: readonly FallbackCandidate<Model>[],
  limitOf: (model: Model) => Limit,
): Promise<number | undefined> {
  const limits = await Promise.all(
    candidates.map(async ({ model }) => {
      const limit = limitOf(model)
      return typeof limit === 'function' ? limit.call(model, { modelId: model.modelId }) : limit
    }),
  )
  return limits.every(limit => limit === undefined) ? undefined : Math.min(...limits.map(limit => limit ?? 1))
}
