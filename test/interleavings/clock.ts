import type { Clock } from '@routewise/core'
import type fc from 'fast-check'

/**
 * Time as Node gives it, with all of its freedom and no more:
 * - Time goes on only with the clock's own ticks, so any number of other things may happen at one instant, and a timer may be as late as
 *   anything else takes.
 * - Timers fire in the order in which they are due, each in a turn of its own, when every promise has settled.
 * - Node counts in whole milliseconds, at least one: a timer's rest is cut off, and it may fire up to one early (lag below 0).
 * - Other things may still happen after a timer was due and before it fires: Node looks at sockets between (lag above 0).
 */
export interface ScheduledClock extends Clock {
  /** Lets the scheduler choose a tick as the next thing to happen, when a timer is due within so many milliseconds. */
  offer(withinMs: number): void
  /** Timers that have neither fired nor been cancelled. */
  pending(): number
  /** Ticks so far. */
  ticks(): number
}

/** Timers are early by less than this. */
export const EARLY_MS = 2

const WALL_MS = Date.parse('2026-11-21T12:00:00Z')

/** Everything that can happen without something new from outside. A turn of the event loop, so that unhandled rejections are told of. */
export const rest = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

export function createScheduledClock(scheduler: fc.Scheduler, lags: readonly number[]): ScheduledClock {
  const timers = new Set<{ dueAt: number; fire: () => void }>()
  let time = 0
  let ticks = 0
  let offered = false

  const earliest = () => {
    let next: { dueAt: number; fire: () => void } | undefined
    for (const timer of timers) if (next === undefined || timer.dueAt < next.dueAt) next = timer
    return next
  }
  const tick = () => {
    offered = false
    const next = earliest()
    if (next === undefined) return
    const lag = lags[ticks % lags.length]!
    ticks += 1
    if (lag > 0 && next.dueAt > time) {
      time = next.dueAt + lag
      return
    }
    time = Math.max(time, next.dueAt + Math.min(0, lag))
    timers.delete(next)
    next.fire()
  }

  return {
    now: () => time,
    wall: () => WALL_MS + time,
    after(ms, fire) {
      const timer = { dueAt: time + Math.max(1, Math.trunc(ms)), fire }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    offer(withinMs) {
      const next = earliest()
      if (offered || next === undefined || next.dueAt > time + withinMs) return
      offered = true
      void scheduler.schedule(Promise.resolve(), 'clock', undefined, run => rest().then(run)).then(tick)
    },
    pending: () => timers.size,
    ticks: () => ticks,
  }
}
