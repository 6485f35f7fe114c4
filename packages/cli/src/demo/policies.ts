import { type Candidate, cheapest, type ModelCard, type Policy, type Task } from '@routewise/core'

/** The cheapest model that is expected to keep `share` of the flagship's quality at the task in hand. */
export function keepsQualityOf(flagship: ModelCard, share: number): Policy {
  const byTask = new Map<Task, Policy>()
  return (candidates: readonly Candidate[], call) => {
    let policy = byTask.get(call.task)
    if (policy === undefined) {
      policy = cheapest({ quality: share * (flagship.quality[call.task] ?? flagship.quality.default) })
      byTask.set(call.task, policy)
    }
    return policy(candidates, call)
  }
}

/** A card with the user's own figures in place of all of the catalog's priors, also for tasks that the user has not named. */
export const withQuality = (card: ModelCard, quality: ModelCard['quality']): ModelCard => ({
  ...card,
  quality: { ...Object.fromEntries(Object.keys(card.quality).map(task => [task, quality.default])), ...quality },
})
