import type { Candidate } from '../types.ts'

/** The candidates of a plan that have not been called yet, best first. */
export function createItinerary(plan: readonly Candidate[]) {
  const left = [...plan]
  return {
    left: left as readonly Candidate[],
    take(candidate: Candidate): void {
      const at = left.indexOf(candidate)
      if (at >= 0) left.splice(at, 1)
    },
    /** It was given up for the sake of one that failed after all. */
    putBack(candidate: Candidate): void {
      if (!left.includes(candidate)) left.push(candidate)
    },
  }
}

export type Itinerary = ReturnType<typeof createItinerary>
