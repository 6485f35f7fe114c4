import { type AttemptReceipt, failureRule, type Receipt, RouterError, type RouterErrorCode } from '@routewise/core'
import { CallerError, type CallRecord } from './caller.ts'
import { isRefusal } from './faults.ts'
import { billOf, type Entry } from './ledger.ts'
import type { Settings } from './settings.ts'
import type { Outcome } from './simulate.ts'
import type { Check } from './violation.ts'

type Report = (check: Check, message: string) => void

/** Differences of times are off by their last bits. */
const ROUNDING_MS = 1e-6

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

/** The receipt that the caller got, by whichever way. */
export function receiptOf({ receipt, error }: CallRecord, told: readonly Receipt[]): Receipt | undefined {
  return receipt ?? (RouterError.isInstance(error) ? error.receipt : undefined) ?? told[0]
}

/** Everything that can be said of one call by itself. Gives its attempts, paired. */
export function checkCall(record: CallRecord, outcome: Outcome, settings: Settings, report: Report): readonly Pair[] {
  const entries = outcome.ledger.of(record.plan.call.id)
  const told = outcome.receipts.get(record.plan.call.id) ?? []
  const receipt = receiptOf(record, told)
  checkError(record, entries, settings, report)
  if (told.length > 1) report('every-attempt', `${told.length} receipts`)
  const forgotten = record.plan.leaving?.how === 'forgets' && record.end === 'left'
  if (entries.length > 0 && receipt === undefined && !forgotten) report('every-attempt', `${entries.length} attempts and no receipt`)
  if (receipt !== undefined && told[0] !== receipt) report('every-attempt', 'the receipt that listeners got is another than the caller got')
  const pairs = pairUp(record, entries, receipt, report)
  for (const pair of pairs) {
    checkMoney(pair, report)
    checkBlame(pair, settings, report)
    if (pair.entry.streaming) checkLimits(pair.entry, settings, report)
    if (pair.attempt.reason === 'hedge') checkHedge(pair.entry, entries, report)
  }
  if (receipt !== undefined) checkSum(receipt, pairs, report)
  checkAnswer(record, pairs, outcome, settings, report)
  checkTimes(record, settings, report)
  if (receipt !== undefined && RouterError.isInstance(record.error) && record.error.code === 'all_attempts_failed') {
    checkGivenUp(receipt, report)
  }
  return pairs
}

function checkError(
  { error, end, plan, startedAt, endedAt, segments }: CallRecord,
  entries: readonly Entry[],
  settings: Settings,
  report: Report,
) {
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
  if (!EXPECTED_CODES.has(code) && !(code === 'no_candidates' && plan.allow !== undefined))
    report('typed-errors', `ended as ${code}: ${error.message}`)
  if (entries.length > 0 && error.receipt === undefined)
    report('typed-errors', `${code} after ${entries.length} attempts, without a receipt`)
  if (code === 'aborted' && plan.leaving?.how.includes('signal') !== true && plan.leaving?.how !== 'aborted-before') {
    report('typed-errors', 'aborted, and the caller did not')
  }
  if (code === 'deadline' && endedAt! - startedAt < settings.timeouts.totalMs - ROUNDING_MS)
    report('time-limits', `deadline after ${endedAt! - startedAt} ms`)
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

function checkMoney({ entry, attempt }: Pair, report: Report): void {
  const { name, rates, honest, reported, tokens } = entry
  const { usageSource, usage, costNanoUsd, end } = attempt
  const charged = billOf(rates, entry.charged())
  if (usageSource === 'provider') {
    const due = honest ? charged : billOf(rates, { ...usage, ...reported })
    if (costNanoUsd !== due) report('money', `${name} costs ${costNanoUsd}, its provider charges ${due}`)
    return
  }
  if (usageSource === 'none') {
    if (costNanoUsd !== 0) report('money', `${name} costs ${costNanoUsd} although nothing was billed`)
    // Before the headers came nobody can know that work was done.
    if (entry.chunks > 0 || (entry.headersAt !== undefined && !isRefusal(entry.fault) && charged !== undefined && charged > 0)) {
      report('money', `${name} (${entry.fault}, ${end.type}) was charged ${charged}, the receipt says nothing was billed`)
    }
    return
  }
  if (costNanoUsd !== billOf(rates, usage)) report('money', `${name} costs ${costNanoUsd}, its tokens ${billOf(rates, usage)}`)
  if (usage.outputTokens < tokens) report('money', `${name}: ${usage.outputTokens} output tokens estimated, ${tokens} were delivered`)
  if (usage.inputTokens < (reported?.inputTokens ?? 0)) report('money', `${name}: fewer input tokens estimated than were reported`)
}

function checkSum(receipt: Receipt, pairs: readonly Pair[], report: Report): void {
  const { attempts, costNanoUsd, costUsd, estimated } = receipt
  const sum = attempts.reduce((total, attempt) => total + (attempt.costNanoUsd ?? 0), 0)
  if (costNanoUsd !== sum) report('money', `the receipt says ${costNanoUsd}, its attempts ${sum}`)
  if (Math.round(costUsd * 1e9) !== costNanoUsd) report('money', `${costUsd} dollars are not ${costNanoUsd} nano-dollars`)
  const partly = attempts.some(({ usageSource, costNanoUsd: cost }) => usageSource === 'estimated' || cost === undefined)
  if (estimated !== partly) report('money', `estimated is ${estimated}`)
  if (estimated || pairs.some(({ entry, attempt }) => !entry.honest || attempt.usageSource === 'none')) return
  const charged = pairs.reduce((total, { entry }) => total + (billOf(entry.rates, entry.charged()) ?? 0), 0)
  if (charged !== costNanoUsd) report('money', `exact, ${costNanoUsd}; charged, ${charged}`)
}

function checkLimits(entry: Entry, { timeouts }: Settings, report: Report): void {
  const { name, openedAt, headersAt, firstTokenAt, abortedAt, endedAt, longestWaitMs } = entry
  const overAt = Math.min(abortedAt ?? Number.POSITIVE_INFINITY, endedAt ?? Number.POSITIVE_INFINITY)
  const silentMs = Math.min(firstTokenAt ?? Number.POSITIVE_INFINITY, overAt) - openedAt
  if (silentMs > timeouts.firstTokenMs + ROUNDING_MS) report('time-limits', `${name} was given ${silentMs} ms for its first token`)
  const headersMs = Math.min(headersAt ?? Number.POSITIVE_INFINITY, overAt) - openedAt
  if (headersMs > (timeouts.headersMs ?? Number.POSITIVE_INFINITY) + ROUNDING_MS)
    report('time-limits', `${name} was given ${headersMs} ms for its headers`)
  if (longestWaitMs > timeouts.stallMs + ROUNDING_MS) report('time-limits', `${name} was allowed to pause for ${longestWaitMs} ms`)
}

/** Nobody is said to have failed who was well and in time. */
function checkBlame({ entry, attempt: { end, totalMs } }: Pair, { timeouts }: Settings, report: Report): void {
  if (entry.fault !== undefined || (end.type !== 'failed' && end.type !== 'interrupted')) return
  const { kind, message } = end.failure
  const leastMs = Math.min(timeouts.headersMs ?? Number.POSITIVE_INFINITY, timeouts.firstTokenMs, timeouts.stallMs)
  if (kind !== 'timeout' || totalMs < leastMs - ROUNDING_MS)
    report('answered', `${entry.name} had no fault and is said to have failed: ${message}`)
}

/** Nobody is hedged who has spoken. */
function checkHedge(hedge: Entry, entries: readonly Entry[], report: Report): void {
  for (const { name, firstTokenAt, abortedAt, endedAt } of entries) {
    const overAt = Math.min(abortedAt ?? Number.POSITIVE_INFINITY, endedAt ?? Number.POSITIVE_INFINITY)
    if (firstTokenAt !== undefined && firstTokenAt < hedge.openedAt && overAt > hedge.openedAt) {
      report('budgets', `${hedge.name} is a hedge for ${name}, which had spoken`)
    }
  }
}

function checkTimes(
  { startedAt, endedAt, askedAt, longestWaitMs, plan }: CallRecord,
  { timeouts, onStall }: Settings,
  report: Report,
): void {
  if (endedAt === undefined) return
  const limit = Math.max(startedAt + timeouts.totalMs, askedAt)
  if (endedAt > limit + ROUNDING_MS) report('time-limits', `ended ${endedAt - limit} ms too late`)
  if (onStall === 'fail' && plan.call.streaming && longestWaitMs > timeouts.stallMs + ROUNDING_MS) {
    report('time-limits', `the reader waited ${longestWaitMs} ms for a chunk`)
  }
}

function checkAnswer(record: CallRecord, pairs: readonly Pair[], outcome: Outcome, settings: Settings, report: Report): void {
  const { segments, end, plan, receipt } = record
  const pairOf = (name: string) => pairs.find(({ entry }) => entry.name === name)
  for (const [at, { attempt: name, from, count, running }] of segments.entries()) {
    const entry = outcome.ledger.named(name)
    if (entry?.name !== name || entry.call !== plan.call.id) report('one-answer', `${name} is not an attempt of this call`)
    if (running.length > 0) report('losers-first', `${running.join(', ')} not told when ${name} was passed on`)
    if (at === 0) {
      if (from !== 0) report('one-answer', `begins with chunk ${from} of ${name}`)
      continue
    }
    const before = segments[at - 1]!
    const broken = pairOf(before.attempt)
    const joined = `${before.attempt}.${before.from + before.count - 1} is followed by ${name}.${from}`
    if (plan.call.asksForTool) report('one-answer', `${joined}: a tool call cannot be gone on with`)
    if (settings.onStall !== 'continue' || (pairs.length > 0 && !isContinued(pairs, broken, pairOf(name)))) report('one-answer', joined)
    else if (from > 1) report('one-answer', `${joined}: the start is missing`)
    else if (broken !== undefined && before.from + before.count !== broken.entry.chunks)
      report('one-answer', `${joined}: the end is missing`)
    if (count === 0) report('one-answer', `${name} is empty`)
  }
  if (end !== 'answered') return
  const last = segments.at(-1)
  const entry = last === undefined ? undefined : outcome.ledger.named(last.attempt)
  if (last === undefined || entry === undefined) {
    report('terminal-event', 'a success without a chunk')
    return
  }
  if (last.from + last.count !== entry.chunks)
    report('one-answer', `${entry.name} has given ${entry.chunks} chunks, ${last.from + last.count} came`)
  const mayEndSilently = outcome.scenario.providers.some(({ facts }) => facts.id === entry.target && facts.terminalEvent === false)
  if ((entry.finish === undefined && !mayEndSilently) || entry.ended !== 'done') {
    report('terminal-event', `${entry.name} (${entry.fault ?? 'no fault'}) is passed for a success; it ended as ${entry.ended}`)
  }
  if (receipt !== undefined && receipt.target !== entry.target)
    report('every-attempt', `${entry.target} answered, the receipt says ${receipt.target}`)
  const answered = pairs.filter(({ attempt: { end: how, reason } }) => how.type === 'answered' && reason !== 'sample' && reason !== 'judge')
  if (answered.length !== 1 || answered[0]!.entry !== entry)
    report('every-attempt', `${answered.length} attempts are said to have answered`)
  if (settings.release === 'judged' && outcome.verdicts.get(entry.name) === 'rejected') {
    const better = pairs.find(({ entry: { name } }) => outcome.verdicts.get(name) === 'accepted')
    if (better !== undefined) report('judged', `${entry.name} was rejected and ${better.entry.name} accepted, the first was passed on`)
  }
}

/** The receipt says that somebody went on where this one broke off: the attempt itself, or the first of those that were tried for it. */
function isContinued(pairs: readonly Pair[], broken: Pair | undefined, next: Pair | undefined): boolean {
  if (broken === undefined || next === undefined || broken.attempt.end.type !== 'interrupted') return false
  const since = broken.attempt.startedMs + broken.attempt.totalMs
  return pairs.some(
    ({ attempt: { reason, startedMs } }) => reason === 'continuation' && startedMs >= since && startedMs <= next.attempt.startedMs,
  )
}

/** Every attempt has failed: were there others to be made? */
function checkGivenUp({ considered, attempts }: Receipt, report: Report): void {
  const failures = attempts.flatMap(({ end }) => (end.type === 'failed' || end.type === 'interrupted' ? [end.failure] : []))
  if (failures.some(({ kind }) => failureRule(kind).fallback !== 'now')) return
  const untried = considered.filter(({ target, rank }) => rank !== undefined && !attempts.some(attempt => attempt.target === target))
  if (untried.length > 0) report('answered', `given up with ${untried.map(({ target }) => target).join(', ')} untried`)
}
