import { failureRule, RouterError } from '@routewise/core'
import type { CallRecord } from '../caller.ts'
import { overAt } from '../ledger.ts'
import type { Outcome } from '../simulate.ts'
import type { Pair, Report } from './call.ts'
import type { Settings } from './settings.ts'
import { ROUNDING_MS } from './times.ts'

/** Attempts are made, and given up, for the reason that they are said to be. */
export function checkRace(
  { error, startedAt, endedAt, leftBefore }: CallRecord,
  pairs: readonly Pair[],
  { scenario }: Outcome,
  settings: Settings,
  report: Report,
): void {
  const isJudged = scenario.judge !== undefined
  const late = pairs.find(({ entry }) => leftBefore !== undefined && entry.number >= leftBefore)
  if (late !== undefined) report('rest', `${late.entry.name} was opened after the caller had left`)
  for (const pair of pairs) {
    checkBlame(pair, settings, report)
    const { reason, end } = pair.attempt
    if (reason === 'hedge') checkHedge(pair, pairs, settings, report)
    if (reason === 'fallback' && !isJudged) checkFallback(pair, pairs, settings, report)
    if (end.type === 'superseded') checkSuperseded(pair, pairs, report)
  }
  checkNumber(pairs, scenario.providers.length, isJudged, report)
  if (!RouterError.isInstance(error)) return
  if (error.code === 'all_attempts_failed') checkGivenUp(error, pairs, settings, report)
  const deadline = startedAt + settings.timeouts.totalMs
  if (
    error.code === 'deadline' &&
    !isJudged &&
    Math.abs(endedAt! - deadline) < ROUNDING_MS &&
    !pairs.some(({ entry }) => overAt(entry) >= deadline - ROUNDING_MS)
  ) {
    report('answered', 'the time was over while nobody was being asked')
  }
}

/** Nobody is said to have failed who was well and in time. */
function checkBlame({ entry, attempt: { end, totalMs } }: Pair, { timeouts }: Settings, report: Report): void {
  if (end.type !== 'failed' && end.type !== 'interrupted') return
  const { kind, message } = end.failure
  if (entry.finish !== undefined && kind !== 'content_filter')
    report('answered', `${entry.name} had come to its end and is said to have failed: ${message}`)
  if (entry.fault !== undefined) return
  const leastMs = Math.min(timeouts.headersMs ?? Number.POSITIVE_INFINITY, timeouts.firstTokenMs, timeouts.stallMs)
  if (kind !== 'timeout' || totalMs < leastMs - ROUNDING_MS) {
    report('answered', `${entry.name} had no fault and is said to have failed: ${message}`)
  }
}

/** Silence is a reason for a hedge when it has lasted, and when nobody has spoken; a hedge that fails is replaced at once. */
function checkHedge({ entry: hedge }: Pair, pairs: readonly Pair[], { hedge: options }: Settings, report: Report): void {
  const replaces = pairs.some(
    ({ entry, attempt }) => attempt.reason === 'hedge' && entry !== hedge && Math.abs(overAt(entry) - hedge.openedAt) < ROUNDING_MS,
  )
  const delayMs = options === false || replaces ? 0 : (options.delayMs ?? options.minDelayMs)
  // In the order in which they were opened.
  for (const { entry, attempt } of pairs) {
    if (entry === hedge) break
    if (overAt(entry) <= hedge.openedAt || attempt.reason === 'judge' || attempt.reason === 'sample') continue
    if (entry.firstTokenAt !== undefined && entry.firstTokenAt < hedge.openedAt)
      report('budgets', `${hedge.name} is a hedge for ${entry.name}, which had spoken`)
    const silentMs = hedge.openedAt - entry.openedAt
    if (silentMs < delayMs - ROUNDING_MS) report('budgets', `${hedge.name} is a hedge after ${silentMs} ms of silence`)
  }
}

/** The next is asked at once; or when a provider that has said when to come back was waited for, and there was nothing to pay its retry with. */
function checkFallback({ entry }: Pair, pairs: readonly Pair[], { retry }: Settings, report: Report): void {
  const longestMs = retry === false ? 0 : retry.maxDelayMs
  const isAtOnce = pairs.some(pair => {
    const { end } = pair.attempt
    const waited = end.type === 'failed' && end.failure.retryAfterMs !== undefined ? longestMs : 0
    const sinceMs = entry.openedAt - overAt(pair.entry)
    return pair.entry !== entry && sinceMs > -ROUNDING_MS && sinceMs < waited + ROUNDING_MS
  })
  if (!isAtOnce) report('answered', `${entry.name} is a fallback, and nobody had just failed`)
}

/** Who is superseded has a superior. */
function checkSuperseded({ entry }: Pair, pairs: readonly Pair[], report: Report): void {
  const hasSuperior = pairs.some(pair => pair.entry !== entry && (pair.entry.firstTokenAt !== undefined || pair.entry.finish !== undefined))
  if (!hasSuperior) report('answered', `${entry.name} was superseded, and nobody else has said anything`)
}

/** Everybody is asked once; again only to mend or to save a draft, to retry, for having been superseded, or to go on for another. */
function checkNumber(pairs: readonly Pair[], targets: number, isJudged: boolean, report: Report): void {
  const count = (is: (attempt: Pair['attempt']) => boolean) => pairs.filter(({ attempt }) => is(attempt)).length
  const asked = count(({ reason }) => reason !== 'judge' && reason !== 'sample')
  const rounds = 1 + count(({ reason }) => reason === 'continuation')
  const again = count(({ reason, end }) => reason === 'retry' || end.type === 'superseded')
  if (asked > rounds * (isJudged ? 2 * targets + 1 : targets) + again) report('budgets', `${asked} attempts at ${targets} targets`)
}

/** Every attempt has failed: were there others to be made? */
function checkGivenUp({ receipt }: RouterError, pairs: readonly Pair[], { onRefusal }: Settings, report: Report): void {
  if (receipt === undefined) return
  const { considered, attempts } = receipt
  const untried = considered.filter(({ target, rank }) => rank !== undefined && !attempts.some(attempt => attempt.target === target))
  if (untried.length === 0) return
  // Where the call itself may be at fault, one other is asked, and no more; where its content is, perhaps nobody.
  const suspicious = pairs.find(({ attempt: { end } }) => end.type === 'failed' && failureRule(end.failure.kind).fallback !== 'now')
  const { end } = suspicious?.attempt ?? {}
  const isFinal =
    end?.type === 'failed' &&
    (failureRule(end.failure.kind).fallback === 'never' || (end.failure.kind === 'content_filter' && onRefusal === 'return'))
  const isLast =
    suspicious === undefined || pairs.every(({ entry }) => entry.openedAt < overAt(suspicious.entry) || entry === suspicious.entry)
  if (!isFinal && (suspicious === undefined || isLast))
    report('answered', `given up with ${untried.map(({ target }) => target).join(', ')} untried`)
}
