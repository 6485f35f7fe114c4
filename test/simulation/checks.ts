import { getEventListeners } from 'node:events'
import { checkCall, type Pair } from './call-checks.ts'
import type { CallRecord } from './caller.ts'
import { checkProbes } from './probe-check.ts'
import { type Settings, settingsOf } from './settings.ts'
import type { Outcome } from './simulate.ts'
import type { Check, Violation } from './violation.ts'

type Report = (check: Check, message: string, call?: number) => void

/** A call and its attempts. */
export interface Made {
  record: CallRecord
  pairs: readonly Pair[]
}

/** Everything that a run has broken; nothing, it is hoped. */
export function checkOutcome(outcome: Outcome): Violation[] {
  const violations: Violation[] = []
  const { seed } = outcome.scenario
  const report: Report = (check, message, call) => violations.push({ check, seed, message, ...(call === undefined ? {} : { call }) })
  const settings = settingsOf(outcome.scenario)
  const made: Made[] = []
  for (const record of outcome.records) {
    const { id } = record.plan.call
    made.push({ record, pairs: checkCall(record, outcome, settings, (check, message) => report(check, message, id)) })
  }
  checkRest(outcome, report)
  checkBudgets(made, settings, report)
  checkListeners(outcome, report)
  checkProbes(made, outcome, settings, report)
  return violations
}

function checkRest({ scenario, records, ledger, timersLeft, stillResting, unhandled, waiting }: Outcome, report: Report): void {
  for (const call of waiting) report('rest', 'has never ended', call)
  if (timersLeft > 0) report('rest', `${timersLeft} timers pending while no call was under way`)
  for (const { name, call, ended, abortedAt } of ledger.entries) {
    if (ended === undefined && abortedAt === undefined) report('rest', `${name} was never told that it is over`, call)
  }
  for (const { signal, plan } of records) {
    // A reader that has never come back may have left its signal's listener, too.
    if (plan.leaving?.how === 'forgets') continue
    const listeners = signal === undefined ? 0 : getEventListeners(signal, 'abort').length
    if (listeners > 0) report('rest', `${listeners} listeners left on the caller’s signal`, plan.call.id)
  }
  for (const { plan, end, error } of records) {
    if (plan.call.id < scenario.calls.length || end === 'answered') continue
    report('rest', `${plan.allow?.[0]} does not answer again: ${String(error)}`, plan.call.id)
  }
  for (const target of stillResting) report('rest', `${target} is left alone long after all is well`)
  for (const reason of unhandled) report('rest', `a rejection that nobody handles: ${String(reason)}`)
}

function checkListeners({ told, ledger, records }: Outcome, report: Report): void {
  // Nobody hears of the attempts of an answer that is never read on: the call has not ended.
  const unread = new Set(records.flatMap(({ plan, end }) => (plan.leaving?.how === 'forgets' && end === 'left' ? [plan.call.id] : [])))
  const least = ledger.entries.filter(({ call }) => !unread.has(call)).length
  if (told.attempts < least || told.attempts > ledger.entries.length)
    report('listeners', `${told.attempts} attempts told of, ${ledger.entries.length} made`)
  for (const { call } of ledger.entries) if (!told.decisions.has(call)) report('listeners', 'was not told of', call)
}

function checkBudgets(made: readonly Made[], { hedge, retry }: Settings, report: Report): void {
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
  report: Report,
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
