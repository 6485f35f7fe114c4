import { toUsd } from '../money/units.ts'
import type { Receipt, Task } from '../types.ts'

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
    /** Expected dollars per judged call: what models that judge, and samples, have cost. */
    get judgeCostUsd() {
      return judgeCostUsd
    },
    observeCost({ attempts }: Receipt): void {
      if (!attempts.some(({ verdict }) => verdict !== undefined)) return
      let nanoUsd = 0
      for (const { reason, costNanoUsd = 0 } of attempts) if (reason === 'judge' || reason === 'sample') nanoUsd += costNanoUsd
      judgeCostUsd += MIN_WEIGHT * (toUsd(nanoUsd) - judgeCostUsd)
    },
  }
}

export type Acceptance = ReturnType<typeof createAcceptance>
