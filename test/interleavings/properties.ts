import { type Receipt, RouterError } from '@routewise/core'
import { checkAnswer } from './answer-properties.ts'
import { checkGivenUp, checkNumber, checkSuperseded } from './attempt-properties.ts'
import { checkEnd } from './end-properties.ts'
import type { CallRecord, Entry, Journal } from './journal.ts'
import type { Pair, Report } from './property.ts'
import type { Scenario } from './scenario.ts'

/** What a run has broken, each with the property's name; nothing, it is hoped. */
export function violationsOf(journal: Journal, scenario: Scenario): string[] {
  const violations: string[] = []
  const report: Report = (property, message) => violations.push(`${property}: ${message}`)
  for (const fault of journal.faults) report('manners', fault)
  for (const reason of journal.unhandled) report('unhandled', String(reason))
  for (const record of journal.calls) checkCall(record, journal, scenario, report)
  if (journal.timersAtEnd > 0) report('rest', `${journal.timersAtEnd} timers pending when the last caller had seen the end`)
  if (journal.timersLeft > 0) report('rest', `${journal.timersLeft} timers pending when all had come to rest`)
  return violations
}

function checkCall(record: CallRecord, journal: Journal, scenario: Scenario, report: Report): void {
  const { id, started, end, running, listeners, error } = record
  const entries = journal.entries.filter(({ call }) => call === id)
  const receipts = journal.receipts.get(id) ?? []
  const settled = journal.attempts.get(id) ?? []
  if (end === undefined) return report('rest', `call ${id} has never ended`)
  if (running.length > 0) report('accounted', `${running.join(', ')} still running when the caller had seen the end`)
  if (listeners > 0) report('rest', `${listeners} listeners left on the caller’s signal`)
  checkEnd(record, scenario, report)
  const decisions = journal.decisions.get(id)?.length ?? 0
  if (decisions !== Number(started)) report('told', `of ${decisions} decisions`)
  if (receipts.length !== Number(started)) report('told', `of ${receipts.length} receipts`)
  const [told] = receipts
  if (told === undefined) {
    if (entries.length > 0) report('accounted', `${entries.length} attempts and no receipt`)
    return
  }
  const { receipt, attempts } = told
  const got = record.receipt ?? (RouterError.isInstance(error) ? error.receipt : receipt)
  if (got !== receipt) report('told', 'of another receipt than the caller got')
  if (attempts !== receipt.attempts.length) report('told', `of ${attempts} attempts on a receipt that has ${receipt.attempts.length} now`)
  if (settled.length !== attempts || settled.some(attempt => !receipt.attempts.includes(attempt)))
    report('told', `of ${settled.length} attempts, the receipt has ${attempts}`)
  const pairs = pairUp(entries, receipt, record.startedAt, report)
  checkAnswer(record, receipt, pairs, scenario, report)
  checkSuperseded(pairs, report)
  checkGivenUp(record, receipt, scenario, report)
  checkNumber(receipt, journal.judged.get(id) ?? 0, scenario, report)
}

function pairUp(entries: readonly Entry[], { attempts }: Receipt, startedAt: number, report: Report): Pair[] {
  const left = [...attempts]
  const pairs: Pair[] = []
  const silent: Entry[] = []
  const pair = (entry: Entry, at: number) => pairs.push({ entry, attempt: left.splice(at, 1)[0]! })
  for (const entry of entries) {
    const at = left.findIndex(({ model }) => model === entry.name)
    if (at < 0) silent.push(entry)
    else pair(entry, at)
  }
  // Nothing was read of these, and those of one target and time are the same to everybody.
  for (const entry of silent) {
    const at = left.findIndex(
      ({ target, model, startedMs }) => target === entry.target && model === `model-${target}` && startedAt + startedMs === entry.openedAt,
    )
    if (at < 0) report('accounted', `${entry.name} is not on the receipt`)
    else pair(entry, at)
  }
  for (const { target, reason } of left) report('accounted', `the receipt has ${target} (${reason}), which was never opened`)
  return pairs
}
