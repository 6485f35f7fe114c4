import { type AttemptReceipt, type Receipt, RouterError, type RouterErrorCode } from '@routewise/core'
import { CallerError, type CallRecord } from '../caller.ts'
import type { Entry } from '../ledger.ts'
import type { Outcome } from '../simulate.ts'
import { checkAnswer } from './answer.ts'
import { checkMoney, checkSum } from './money.ts'
import { checkRace } from './race.ts'
import type { Settings } from './settings.ts'
import { checkLimits, checkTimes, ROUNDING_MS } from './times.ts'
import type { Check } from './violation.ts'

export type Report = (check: Check, message: string) => void

/** An attempt as the provider and as the receipt have it. */
export interface Pair {
  entry: Entry
  attempt: AttemptReceipt
}

/** Codes that a call may end with here; the others tell of options that a scenario does not have. */
const EXPECTED_CODES: ReadonlySet<RouterErrorCode> = new Set([
  'aborted',
  'deadline',
  'all_attempts_failed',
  'stream_interrupted',
  'context_overflow',
])

/** Everything that can be said of one call by itself. Gives its attempts, paired. */
export function checkCall(record: CallRecord, outcome: Outcome, settings: Settings, report: Report): readonly Pair[] {
  const entries = outcome.ledger.of(record.plan.call.id)
  const told = outcome.receipts.get(record.plan.call.id) ?? []
  const receipt = receiptOf(record, told)
  checkError(record, entries, settings, report)
  checkReceipts(record, entries, receipt, told, report)
  const pairs = pairUp(record, entries, receipt, report)
  for (const pair of pairs) {
    checkMoney(pair, report)
    if (pair.entry.streaming) checkLimits(pair.entry, settings, report)
  }
  if (receipt !== undefined) checkSum(receipt, pairs, report)
  checkAnswer(record, pairs, outcome, settings, report)
  checkTimes(record, settings, report)
  checkRace(record, pairs, outcome, settings, report)
  return pairs
}

/** The receipt that the caller got, by whichever way. */
function receiptOf({ receipt, error }: CallRecord, told: readonly Receipt[]): Receipt | undefined {
  return receipt ?? (RouterError.isInstance(error) ? error.receipt : undefined) ?? told[0]
}

function checkReceipts(
  { plan, end }: CallRecord,
  entries: readonly Entry[],
  receipt: Receipt | undefined,
  told: readonly Receipt[],
  report: Report,
): void {
  if (told.length > 1) report('every-attempt', `${told.length} receipts`)
  if (receipt !== undefined && told[0] !== receipt) report('every-attempt', 'the receipt that listeners got is another than the caller got')
  const isForgotten = plan.leaving?.how === 'forgets' && end === 'left'
  if (entries.length > 0 && receipt === undefined && !isForgotten) report('every-attempt', `${entries.length} attempts and no receipt`)
}

function checkError(
  { error, end, plan, startedAt, endedAt, segments }: CallRecord,
  entries: readonly Entry[],
  settings: Settings,
  report: Report,
): void {
  if (end === undefined || error === undefined) return
  if (error instanceof CallerError) {
    if (plan.leaving?.how !== 'throw') report('typed-errors', 'the caller’s own error came without being thrown')
    return
  }
  if (!RouterError.isInstance(error)) {
    report('typed-errors', `threw ${error instanceof Error ? error.message : typeof error}`)
    return
  }
  const { code } = error
  const isExpected = EXPECTED_CODES.has(code) || (code === 'no_candidates' && plan.allow !== undefined)
  if (!isExpected) report('typed-errors', `ended as ${code}: ${error.message}`)
  if (entries.length > 0 && error.receipt === undefined)
    report('typed-errors', `${code} after ${entries.length} attempts, without a receipt`)
  if (code === 'aborted' && plan.leaving?.how.includes('signal') !== true && plan.leaving?.how !== 'aborted-before') {
    report('typed-errors', 'aborted, and the caller did not')
  }
  const tookMs = endedAt! - startedAt
  if (code === 'deadline' && tookMs < settings.timeouts.totalMs - ROUNDING_MS) report('time-limits', `deadline after ${tookMs} ms`)
  if (code === 'all_attempts_failed' && segments.length > 0) report('typed-errors', `${code} after part of an answer`)
  if (code === 'stream_interrupted' && segments.length === 0) report('answered', 'interrupted before anything was passed on')
}

function pairUp(record: CallRecord, entries: readonly Entry[], receipt: Receipt | undefined, report: Report): Pair[] {
  const left = [...(receipt?.attempts ?? [])].sort((a, b) => a.startedMs - b.startedMs)
  const pairs: Pair[] = []
  for (const entry of entries) {
    const at = left.findIndex(
      ({ target, startedMs }) => target === entry.target && Math.abs(record.startedAt + startedMs - entry.openedAt) < ROUNDING_MS,
    )
    if (at >= 0) pairs.push({ entry, attempt: left.splice(at, 1)[0]! })
    else if (receipt !== undefined) report('every-attempt', `${entry.name} is not on the receipt`)
  }
  for (const { target, reason, startedMs } of left) report('every-attempt', `${target} (${reason}, ${startedMs} ms) was never opened`)
  return pairs
}
