import type { Clock } from '../clock.ts'
import type { Features, ModelCard } from '../types.ts'

/** Makes routing keys for providers' prompt caches: one for each prefix that many conversations share, several where it is asked for more often than a machine takes. */
export function createRoutingKeys(_clock: Pick<Clock, 'now'>) {
  return {
    /** Key of this prompt; `undefined` where the provider has none. */
    keyFor(_card: ModelCard, _features: Features): string | undefined {
      return undefined
    },
    /** Requests of the last minute under the key of this prompt, whoever has set it. */
    requestsPerMinute(_card: ModelCard, _features: Features): number {
      return 0
    },
    /** A request with this prompt is on its way. */
    sent(_card: ModelCard, _features: Features): void {},
  }
}
