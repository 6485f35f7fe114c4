import { getEventListeners } from 'node:events'
import type { CallRecord } from '../caller.ts'
import { checkBudgets } from './budgets.ts'
import { checkCall, type Pair } from './call.ts'
import { checkProbes } from './probes.ts'
import { settingsOf } from './settings.ts'
import type { Outcome } from '../simulate.ts'
import type { Check, Violation } from './violation.ts'

export type RunReport = (check: Check, message: string, call?: number) => void

/** A call and its attempts. */
export interface Made {
  record: CallRecord
  pairs: readonly Pair[]
}

/** Everything that a run has broken; nothing, it is hoped. */
export function checkOutcome(outcome: Outcome): Violation[] {
  const violations: Violation[] = []
  const { seed } = outcome.scenario
  const report: RunReport = (check, message, call) => violations.push({ check, seed, message, ...(call === undefined ? {} : { call }) })
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

function checkRest({ scenario, records, ledger, timersLeft, stillResting, unhandled, waiting }: Outcome, report: RunReport): void {
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

function checkListeners({ told, ledger, records }: Outcome, report: RunReport): void {
  // Nobody hears of the attempts of an answer that is never read on: the call has not ended.
  const unread = new Set(records.flatMap(({ plan, end }) => (plan.leaving?.how === 'forgets' && end === 'left' ? [plan.call.id] : [])))
  const least = ledger.entries.filter(({ call }) => !unread.has(call)).length
  if (told.attempts < least || told.attempts > ledger.entries.length)
    report('listeners', `${told.attempts} attempts told of, ${ledger.entries.length} made`)
  for (const { call } of ledger.entries) if (!told.decisions.has(call)) report('listeners', 'was not told of', call)
}
