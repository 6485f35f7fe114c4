import type { RouterError } from '../errors.ts'
import { failureRule } from '../failure/rule.ts'
import type { AttemptReason, Candidate, Failure, Verdict } from '../types.ts'
import { type Attempt, type AttemptNews, SUPERSEDED } from './attempt.ts'
import { createInbox } from './inbox.ts'
import { createItinerary } from './itinerary.ts'
import type { RaceOptions } from './race-options.ts'
import type { FailedCandidate, Retry } from './retrying.ts'

/** Silence that was not worth a hedge is looked at again after as long, and never sooner than this. */
const MIN_RECHECK_MS = 100

type News<Call, Chunk> =
  | { type: 'attempt'; attempt: Attempt<Call, Chunk>; news: AttemptNews }
  | { type: 'judged'; attempt: Attempt<Call, Chunk>; verdict: Verdict | undefined }
  | { type: 'silence'; since: number }
  | { type: 'retry'; retry: Retry }
  | { type: 'cancelled'; error: RouterError }

/**
 * Runs a plan until one attempt has an answer that may be passed on. The next candidate starts at once after a failure (fallback), beside
 * the others after silence (hedge), and after a poor answer (escalation); when none is left, one that may recover is asked again (retry).
 * The first meaningful token supersedes all others; a failure never cancels anybody. An answer that was found poor is still better than
 * none: it is given when nothing better comes. Resolves to `undefined` when all have failed.
 * @throws RouterError `aborted` or `deadline` when the call is cancelled.
 */
export async function race<Call, Chunk>(options: RaceOptions<Call, Chunk>): Promise<Attempt<Call, Chunk> | undefined> {
  const { plan, streaming, clock, endsAt, hedging, retrying, cancellation, spent } = options
  const itinerary = createItinerary(plan)
  const inbox = createInbox<News<Call, Chunk>>()
  const live = new Set<Attempt<Call, Chunk>>()
  /** The latest of each candidate. */
  const failures = new Map<Candidate, FailedCandidate>()
  /** Whole answers that were not good enough. */
  const drafts: Attempt<Call, Chunk>[] = []
  /** Rejected before they were whole. */
  const cutShort: Candidate[] = []
  const wereCutShort = new Set<Candidate>()
  let judged: Attempt<Call, Chunk> | undefined
  let winner: Attempt<Call, Chunk> | undefined
  let qualityFloor = Number.NEGATIVE_INFINITY
  let repaired = options.repair === undefined
  let lastTry = false
  let stopped = false
  let isWaiting = false
  let latestStart = clock.now()
  let stopSilence = () => {}
  let stopWaiting = () => {}

  const isBetter = ({ expectedQuality }: Candidate): boolean => expectedQuality > qualityFloor
  const onNews = (news: AttemptNews, attempt: Attempt<Call, Chunk>) => inbox.put({ type: 'attempt', attempt, news })

  function start(candidate: Candidate, reason: AttemptReason, force: boolean, call?: Call): boolean {
    // Its news waits behind whatever made us come here.
    if (cancellation.error() !== undefined) return false
    // What was cut short once would be so for ever: the second time it may say all of it.
    const replaceable =
      !wereCutShort.has(candidate) && itinerary.left.some(other => isBetter(other) && other.expectedQuality > candidate.expectedQuality)
    const attempt = options.launch({ candidate, reason, call, force, mendable: !repaired, replaceable }, onNews)
    if (attempt === undefined) return false
    itinerary.take(candidate)
    live.add(attempt)
    latestStart = attempt.startedAt
    // Silence counts from the latest start: whoever has just begun deserves its time.
    listenForSilence(hedging.silenceMs(candidate, streaming))
    return true
  }

  function startNext(reason: AttemptReason): boolean {
    const next = itinerary.left.filter(isBetter)
    const [first] = next
    return next.some(candidate => start(candidate, reason, false)) || (first !== undefined && start(first, reason, true))
  }

  function listenForSilence(ms: number): void {
    stopSilence()
    const since = latestStart
    if (!stopped && spent.hedges < hedging.maxHedges && itinerary.left.length > 0 && Number.isFinite(ms))
      stopSilence = clock.after(ms, () => inbox.put({ type: 'silence', since }))
  }

  function waitFor(retry: Retry): void {
    spent.retries += 1
    isWaiting = true
    stopWaiting = clock.after(retry.delayMs, () => inbox.put({ type: 'retry', retry }))
  }

  /** From now on this one leads: the others are told to stop. */
  function lead(attempt: Attempt<Call, Chunk>): void {
    stopSilence()
    stopWaiting()
    isWaiting = false
    for (const other of live) if (other !== attempt) supersede(other)
  }

  function supersede(attempt: Attempt<Call, Chunk>): void {
    live.delete(attempt)
    attempt.abort(SUPERSEDED)
    options.onSuperseded(attempt)
    itinerary.putBack(attempt.candidate)
  }

  function afterFailure(attempt: Attempt<Call, Chunk>, failure: Failure): void {
    options.onFailed(attempt, failure)
    const failed = { candidate: attempt.candidate, failure }
    failures.set(attempt.candidate, failed)
    const { fallback } = failureRule(failure.kind)
    stopped ||= fallback === 'never' || (fallback === 'once' && lastTry) || (failure.kind === 'content_filter' && options.refusalIsFinal)
    lastTry ||= fallback === 'once'
    if (stopped) return
    // The place beside the others was paid for, and so is the next one in it.
    if (attempt.reason === 'hedge' && live.size > 0) return inbox.put({ type: 'silence', since: latestStart })
    const next = itinerary.left.find(isBetter)
    const instead = next === undefined || isWaiting ? undefined : retrying.instead(failed, next, spent.retries, endsAt)
    if (instead !== undefined) waitFor(instead)
    else if (!startNext('fallback')) askAgain()
  }

  /** Nobody better is left. A poor answer is better than none, so without one in hand anybody is asked; then those that may recover. */
  function askAgain(): void {
    if (live.size > 0 || isWaiting) return
    if (drafts.length === 0) {
      const short = cutShort.shift()
      if (short !== undefined && start(short, 'fallback', true)) return
      qualityFloor = Number.NEGATIVE_INFINITY
      if (startNext('fallback')) return
    }
    const again = retrying.again(failures.values(), spent.retries, endsAt)
    if (again !== undefined) waitFor(again)
  }

  function afterRejection(attempt: Attempt<Call, Chunk>, { repair }: Verdict, whole: boolean): void {
    qualityFloor = Math.max(qualityFloor, attempt.candidate.expectedQuality)
    if (whole) drafts.push(attempt)
    else {
      cutShort.push(attempt.candidate)
      wereCutShort.add(attempt.candidate)
      options.onRejected(attempt)
    }
    if (whole && repair !== undefined && !repaired) {
      repaired = true
      if (start(attempt.candidate, 'repair', true, options.repair!(attempt, repair))) return
    }
    if (!startNext('escalation')) askAgain()
  }

  /** Puts a whole answer to the judge, or aside when it says nothing and another may. `true`: it is the answer. */
  function isAnswer(attempt: Attempt<Call, Chunk>): boolean {
    const { contentChars, finish } = attempt.meter
    const saysNothing = contentChars === 0 || finish === 'refusal' || finish === 'content-filter'
    if (saysNothing && (live.size > 0 || isWaiting)) {
      drafts.push(attempt)
      return false
    }
    if (options.judge === undefined) return true
    lead(attempt)
    judged = attempt
    const verdict = options.judge(attempt)
    if (verdict instanceof Promise) void verdict.then(late => inbox.put({ type: 'judged', attempt, verdict: late }))
    else inbox.put({ type: 'judged', attempt, verdict })
    return false
  }

  const bestDraft = () =>
    drafts.reduce<Attempt<Call, Chunk> | undefined>(
      (best, draft) => (best === undefined || scoreOf(draft) >= scoreOf(best) ? draft : best),
      undefined,
    )

  cancellation.onCancel(error => inbox.put({ type: 'cancelled', error }))
  try {
    startNext(options.reason)
    while (live.size > 0 || isWaiting || judged !== undefined || cancellation.error() !== undefined) {
      const news = await inbox.take()
      switch (news.type) {
        case 'cancelled':
          if (news.error.code === 'deadline') winner = judged ?? bestDraft()
          if (winner === undefined) throw news.error
          return winner
        case 'silence': {
          const silent = [...live]
          if (
            stopped ||
            spent.hedges >= hedging.maxHedges ||
            silent.length === 0 ||
            news.since !== latestStart ||
            silent.some(({ meter }) => meter.firstTokenMs !== undefined)
          )
            break
          const bought = hedging.buy(itinerary.left.filter(isBetter), silent, streaming, endsAt)
          options.onSilence(silent, bought)
          if (typeof bought === 'string') listenForSilence(Math.max(clock.now() - latestStart, MIN_RECHECK_MS))
          else {
            spent.hedges += 1
            start(bought, 'hedge', true)
          }
          break
        }
        case 'retry':
          if (!isWaiting) break
          isWaiting = false
          if (retrying.pay(news.retry)) start(news.retry.candidate, 'retry', true)
          else if (!startNext('fallback')) askAgain()
          break
        case 'judged': {
          const { attempt, verdict } = news
          judged = undefined
          attempt.verdict = verdict
          if (verdict === undefined || verdict.accepted) return (winner = attempt)
          afterRejection(attempt, verdict, true)
          break
        }
        case 'attempt': {
          const { attempt, news: told } = news
          // It was superseded while its news was on the way.
          if (!live.has(attempt)) break
          if (told.type === 'spoke') {
            lead(attempt)
            break
          }
          live.delete(attempt)
          if (live.size === 0) stopSilence()
          if (told.type === 'ready') return (winner = attempt)
          if (told.type === 'failed') afterFailure(attempt, told.failure)
          else if (told.type === 'rejected') {
            attempt.verdict = told.verdict
            afterRejection(attempt, told.verdict, false)
          } else if (isAnswer(attempt)) return (winner = attempt)
        }
      }
    }
    return (winner = bestDraft())
  } finally {
    stopSilence()
    stopWaiting()
    for (const attempt of live) {
      attempt.abort(SUPERSEDED)
      options.onSuperseded(attempt)
    }
    if (judged !== undefined && judged !== winner) options.onSuperseded(judged)
    for (const draft of drafts) if (draft !== winner) options.onRejected(draft)
  }
}

/** How good a rejected answer is, for choosing among several. */
const scoreOf = ({ verdict }: Attempt<unknown, unknown>): number => verdict?.score ?? 0
