/** A source of time. The core reads no other; tests and simulations inject their own. */
export interface Clock {
  /** Monotonic milliseconds. */
  now(): number
  /** Milliseconds since 1970, for dates and price schedules only. */
  wall(): number
  /** Calls `fire` once after `ms`; the returned function cancels. */
  after(ms: number, fire: () => void): () => void
}

/** Node takes no longer and no negative time; a timer that is due already fires at once. */
const MAX_TIMER_MS = 2 ** 31 - 1

/** Time of the machine. */
export const systemClock: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  after(ms, fire) {
    const timer = setTimeout(fire, Math.min(Math.max(0, ms), MAX_TIMER_MS))
    return () => clearTimeout(timer)
  },
}

/** A number from 0 up to, not including, 1. */
export type Random = () => number
export const systemRandom: Random = () => Math.random()

/** A new unique id for a receipt. */
export type NewId = () => string
const processId = crypto.randomUUID()
let ids = 0
/** Unique among all processes: a random name for each, and a count. A random name for every call costs more than choosing its model. */
export const systemId: NewId = () => `${processId}-${(ids += 1).toString(36)}`
