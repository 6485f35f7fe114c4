/** A source of time. The core reads no other; tests and simulations inject their own. */
export interface Clock {
  /** Monotonic milliseconds. */
  now(): number
  /** Milliseconds since 1970, for dates and price schedules only. */
  wall(): number
  /** Calls `fire` once after `ms`; the returned function cancels. */
  after(ms: number, fire: () => void): () => void
}

/** Time of the machine. */
export const systemClock: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  after(ms, fire) {
    const timer = setTimeout(fire, ms)
    return () => clearTimeout(timer)
  },
}

/** A number from 0 up to, not including, 1. */
export type Random = () => number
export const systemRandom: Random = () => Math.random()

/** A new unique id for a receipt. */
export type NewId = () => string
export const systemId: NewId = () => crypto.randomUUID()
