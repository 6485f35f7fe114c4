import { type AttemptReceipt, failureRule, type Receipt, RouterError } from '@routewise/core'
import { EARLY_MS } from './clock.ts'
import type { CallRecord } from './journal.ts'
import { isAside, type Pair, type Report } from './property.ts'
import type { Scenario } from './scenario.ts'

/** A hedge that fails, says nothing or refuses must not beat one that is still under way. */
export function checkSuperseded(pairs: readonly Pair[], report: Report): void {
  for (const { entry, attempt } of pairs) {
    // One that had ended by itself is superseded without an abort.
    const isBeaten = entry.signal.aborted ? entry.anotherSpoke : pairs.some(other => other.entry !== entry && other.entry.spoke)
    if (attempt.end.type === 'superseded' && !isBeaten)
      report('first-good', `${entry.name} was superseded, and nobody else had said anything`)
  }
}

/** The call has no answer, or a poor one: was there a better to be had? */
export function checkGivenUp(record: CallRecord, { considered, attempts }: Receipt, { options }: Scenario, report: Report): void {
  const { error, chunks, startedAt, endedAt } = record
  const code = RouterError.isInstance(error) ? error.code : undefined
  const made = attempts.filter(attempt => !isAside(attempt))
  const hasDraft = made.some(({ end }) => end.type === 'rejected' && end.finish !== undefined)
  if (hasDraft && (code === 'all_attempts_failed' || (code === 'deadline' && chunks.length === 0)))
    report('first-good', 'given up with a whole answer at hand')
  if (code === 'all_attempts_failed' && made.some(({ end }) => end.type === 'aborted')) report('first-good', 'given up with one under way')
  // After these, not everybody is asked.
  if (made.some(({ end }) => end.type === 'failed' && failureRule(end.failure.kind).fallback !== 'now')) return
  // Who was superseded was not heard to its end.
  const heard = new Set(made.filter(({ end }) => end.type !== 'superseded').map(({ target }) => target))
  const untried = considered.filter(({ target, rank }) => rank !== undefined && !heard.has(target))
  const poor = made.filter(({ verdict }) => verdict?.accepted === false)
  if (code === 'all_attempts_failed' && untried.length > 0) report('first-good', `given up with ${untried[0]!.target} untried`)
  if (!poor.some(({ end }) => end.type === 'answered') || endedAt! >= startedAt + options.timeouts.totalMs - EARLY_MS) return
  const qualityOf = (id: string) => considered.find(({ target }) => target === id)!.expectedQuality!
  const best = Math.max(...poor.map(({ target }) => qualityOf(target)))
  const better = untried.find(({ expectedQuality }) => expectedQuality! > best)
  if (better !== undefined) report('first-good', `a poor answer was passed on with ${better.target} untried`)
}

/**
 * The most attempts of one call: every target once; once more for each hedge, since only one that runs beside another can be superseded
 * and be asked anew; the retries; one repair; and with a judge that watches, once more each that it has cut short. Where an answer may go
 * on elsewhere, all but the targets that broke off may be asked again, without the judge.
 */
export function checkNumber({ attempts }: Receipt, judged: number, { options, targets, judge }: Scenario, report: Report): void {
  const made = attempts.filter(attempt => !isAside(attempt))
  const count = (reason: AttemptReceipt['reason']) => made.filter(attempt => attempt.reason === reason).length
  const hedges = options.hedge === false ? 0 : options.hedge.maxHedges
  const retries = options.retry === false ? 0 : options.retry.maxRetries
  const races = 1 + count('continuation')
  const watches = judge?.watch !== undefined
  let most = hedges + retries + (judge === undefined ? 0 : 1 + (watches ? targets.length : 0))
  for (let race = 0; race < races; race += 1) most += targets.length - race
  if (made.length > most) report('bounded', `${made.length} attempts, at most ${most}`)
  if (races > targets.length) report('bounded', `${races} races for ${targets.length} targets`)
  if (count('hedge') > hedges) report('bounded', `${count('hedge')} hedges, at most ${hedges}`)
  if (count('retry') > retries) report('bounded', `${count('retry')} retries, at most ${retries}`)
  if (count('repair') > 1) report('bounded', `${count('repair')} repairs`)
  if (attempts.length - made.length > judged) report('bounded', `${attempts.length - made.length} for the judge of ${judged} answers`)
}
