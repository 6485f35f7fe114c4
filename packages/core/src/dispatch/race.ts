import type { Clock } from '../clock.ts'
import { failureRule } from '../failure.ts'
import type { AttemptReason, Candidate, Failure } from '../types.ts'
import { type Attempt, SUPERSEDED } from './attempt.ts'

interface RaceOptions<Call, Chunk> {
  plan: readonly Candidate[]
  clock: Clock
  launch(candidate: Candidate, reason: AttemptReason): Attempt<Call, Chunk>
  /** Silence of this candidate after which the next one starts. */
  silenceMs(candidate: Candidate): number
  maxHedges: number
  /** Asked when silence has lasted: pays for the hedge, or refuses it. */
  takeHedge(): boolean
  /** Rejects when the caller gives up or the deadline passes. */
  cancelled: Promise<never>
  onFailed(attempt: Attempt<Call, Chunk>, failure: Failure): void
  onSuperseded(attempt: Attempt<Call, Chunk>): void
}

/**
 * Runs the plan until one attempt has a first token: the next candidate starts at once after a failure, and beside
 * the others after silence. A failure never cancels another attempt. Resolves to `undefined` when all have failed.
 */
export async function race<Call, Chunk>(options: RaceOptions<Call, Chunk>): Promise<Attempt<Call, Chunk> | undefined> {
  const { plan, clock, launch, silenceMs, maxHedges, takeHedge, cancelled, onFailed, onSuperseded } = options
  const live = new Set<Attempt<Call, Chunk>>()
  let next = 0
  let hedges = 0
  let lastTry = false
  let silentAt = Number.POSITIVE_INFINITY

  const start = (reason: AttemptReason) => {
    const candidate = plan[next]!
    next += 1
    live.add(launch(candidate, reason))
    silentAt = hedges < maxHedges && next < plan.length ? clock.now() + silenceMs(candidate) : Number.POSITIVE_INFINITY
  }

  try {
    start('first')
    while (live.size > 0) {
      const silence = startTimer(clock, silentAt - clock.now())
      const openings = [...live].map(async attempt => ({ attempt, opening: await attempt.opening }))
      const event = await Promise.race([cancelled, silence.fired, ...openings])
      silence.cancel()
      if (event === 'silence') {
        hedges += 1
        if (takeHedge()) start('hedge')
        else silentAt = Number.POSITIVE_INFINITY
        continue
      }
      const { attempt, opening } = event
      live.delete(attempt)
      if (opening.type === 'ready') return attempt
      onFailed(attempt, opening.failure)
      const rule = failureRule(opening.failure.kind)
      if (rule.fallback === 'never' || (rule.fallback === 'once' && lastTry)) next = plan.length
      lastTry ||= rule.fallback === 'once'
      if (next < plan.length) start('fallback')
    }
    return undefined
  } finally {
    for (const attempt of live) {
      attempt.abort(SUPERSEDED)
      onSuperseded(attempt)
    }
  }
}

function startTimer(clock: Clock, ms: number): { fired: Promise<'silence'>; cancel(): void } {
  let cancel = () => {}
  const fired = new Promise<'silence'>(resolve => {
    if (Number.isFinite(ms)) cancel = clock.after(Math.max(0, ms), () => resolve('silence'))
  })
  return { fired, cancel: () => cancel() }
}
