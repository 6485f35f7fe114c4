import type { Clock } from '../clock.ts'
import type { RouterError } from '../errors.ts'
import { failureRule } from '../failure/rule.ts'
import type { AttemptReason, Candidate, Failure } from '../types.ts'
import { type Attempt, type Opening, SUPERSEDED } from './attempt.ts'
import type { Cancellation } from './cancellation.ts'

interface RaceOptions<Call, Chunk> {
  plan: readonly Candidate[]
  clock: Clock
  launch(candidate: Candidate, reason: AttemptReason): Attempt<Call, Chunk>
  /** Silence of this candidate after which the next one starts. */
  silenceMs(candidate: Candidate): number
  maxHedges: number
  /** Asked when silence has lasted: pays for the hedge, or refuses it. */
  takeHedge(): boolean
  cancellation: Cancellation
  onFailed(attempt: Attempt<Call, Chunk>, failure: Failure): void
  onSuperseded(attempt: Attempt<Call, Chunk>): void
}

type News<Call, Chunk> =
  | { type: 'opened'; attempt: Attempt<Call, Chunk>; opening: Opening }
  | { type: 'silence' }
  | { type: 'cancelled'; error: RouterError }

/**
 * Runs the plan until one attempt has a first token: the next candidate starts at once after a failure, and beside
 * the others after silence. A failure never cancels another attempt. Resolves to `undefined` when all have failed.
 * @throws RouterError `aborted` or `deadline` when the call is cancelled.
 */
export async function race<Call, Chunk>(options: RaceOptions<Call, Chunk>): Promise<Attempt<Call, Chunk> | undefined> {
  const { plan, clock, launch, silenceMs, maxHedges, takeHedge, cancellation, onFailed, onSuperseded } = options
  const live = new Set<Attempt<Call, Chunk>>()
  const inbox = createInbox<News<Call, Chunk>>()
  let next = 0
  let hedges = 0
  let lastTry = false
  let stopTimer = () => {}

  const start = (reason: AttemptReason) => {
    const candidate = plan[next]!
    next += 1
    const attempt = launch(candidate, reason)
    live.add(attempt)
    void attempt.opening.then(opening => inbox.put({ type: 'opened', attempt, opening }))
    // Silence counts from the latest start: whoever has just begun deserves its time.
    stopTimer()
    if (hedges < maxHedges && next < plan.length) stopTimer = clock.after(silenceMs(candidate), () => inbox.put({ type: 'silence' }))
  }

  cancellation.onCancel(error => inbox.put({ type: 'cancelled', error }))
  try {
    start('first')
    while (live.size > 0) {
      const news = await inbox.take()
      if (news.type === 'cancelled') throw news.error
      if (news.type === 'silence') {
        if (next === plan.length) continue
        hedges += 1
        if (takeHedge()) start('hedge')
        continue
      }
      const { attempt, opening } = news
      live.delete(attempt)
      if (opening.type === 'ready') return attempt
      onFailed(attempt, opening.failure)
      const { fallback } = failureRule(opening.failure.kind)
      if (fallback === 'never' || (fallback === 'once' && lastTry)) next = plan.length
      lastTry ||= fallback === 'once'
      if (next < plan.length) start('fallback')
    }
    return undefined
  } finally {
    stopTimer()
    for (const attempt of live) {
      attempt.abort(SUPERSEDED)
      onSuperseded(attempt)
    }
  }
}

/** What happens, in the order it happens, for one reader. */
function createInbox<Item>() {
  const waiting: Item[] = []
  let wake: ((item: Item) => void) | undefined
  return {
    put(item: Item): void {
      if (wake === undefined) waiting.push(item)
      else wake(item)
      wake = undefined
    },
    take(): Promise<Item> | Item {
      return waiting.shift() ?? new Promise(resolve => (wake = resolve))
    },
  }
}
