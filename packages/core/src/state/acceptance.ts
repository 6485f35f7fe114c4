import type { Task } from '../types.ts'

/** The prior counts as this many answers; after that the newest weigh at least `MIN_WEIGHT`. */
const PRIOR_ANSWERS = 4
const MIN_WEIGHT = 0.02
/** Tasks may be named by users: the first so many are learned, the rest keep their prior. */
const MAX_LEARNED = 2_000

/** Learns how often a target's answers are accepted, by task, and what judging costs. */
export function createAcceptance() {
  const shares = new Map<string, { share: number; seen: number }>()
  let judgeCostUsd = 0
  return {
    /** Share of answers expected to be accepted; `prior` is the target's expected quality. */
    expect: (target: string, task: Task, prior: number): number => shares.get(`${target} ${task}`)?.share ?? prior,
    observe(target: string, task: Task, prior: number, accepted: boolean): void {
      const key = `${target} ${task}`
      let known = shares.get(key)
      if (known === undefined) {
        if (shares.size >= MAX_LEARNED) return
        known = { share: prior, seen: PRIOR_ANSWERS }
        shares.set(key, known)
      }
      known.seen += 1
      known.share += Math.max(MIN_WEIGHT, 1 / known.seen) * (Number(accepted) - known.share)
    },
    /** Expected dollars per verdict: what models that judge, and samples, have cost. */
    get judgeCostUsd() {
      return judgeCostUsd
    },
    observeCost(usd: number): void {
      judgeCostUsd += MIN_WEIGHT * (usd - judgeCostUsd)
    },
  }
}

export type Acceptance = ReturnType<typeof createAcceptance>
