import type { CallRecord } from '../caller.ts'
import type { Made, RunReport } from './outcome.ts'
import type { Settings } from './settings.ts'

/** Hedges and retries stay within their budgets, of each call and of all together. */
export function checkBudgets(made: readonly Made[], { hedge, retry }: Settings, report: RunReport): void {
  const hedges: number[] = []
  const extras: number[] = []
  for (const { record, pairs } of made) {
    let hedged = 0
    let retried = 0
    for (const { attempt, entry } of pairs) {
      if (attempt.reason === 'hedge') {
        hedged += 1
        hedges.push(entry.openedAt)
        extras.push(entry.openedAt)
      } else if (attempt.reason === 'retry') {
        retried += 1
        extras.push(entry.openedAt)
      }
    }
    const { id } = record.plan.call
    if (hedged > (hedge === false ? 0 : hedge.maxHedges)) report('budgets', `${hedged} hedges`, id)
    if (retried > (retry === false ? 0 : retry.maxRetries)) report('budgets', `${retried} retries`, id)
  }
  const records = made.map(({ record }) => record)
  if (hedge !== false) checkWindows('hedges', hedges, records, hedge, report)
  if (retry !== false) {
    const answered = records.filter(({ end }) => end === 'answered')
    checkWindows('hedges and retries', extras, answered, retry, report)
  }
}

/**
 * In no window, however long, more than a share of the calls under way in it, and a burst. Which instant of a call earns its share is the
 * router's own affair, so a call counts for every window that it touches.
 */
function checkWindows(
  what: string,
  spent: number[],
  calls: readonly CallRecord[],
  { budget, burst }: { budget: number; burst: number },
  report: RunReport,
): void {
  const starts = calls.map(({ startedAt }) => startedAt).sort((a, b) => a - b)
  const ends = calls.map(({ endedAt }) => endedAt ?? Number.POSITIVE_INFINITY).sort((a, b) => a - b)
  let started = 0
  let ended = 0
  let least = Number.POSITIVE_INFINITY
  for (const [at, time] of spent.sort((a, b) => a - b).entries()) {
    while (started < starts.length && starts[started]! <= time) started += 1
    while (ended < ends.length && ends[ended]! < time) ended += 1
    // A window from spending i to spending j holds j - i + 1 of them, and the calls begun by j less those over before i.
    least = Math.min(least, at - budget * ended)
    const over = at + 1 - budget * started - least - burst
    if (over > 1e-9) {
      report('budgets', `${over.toFixed(2)} ${what} more than ${budget} of the calls and ${burst}, at ${time} ms`)
      return
    }
  }
}
