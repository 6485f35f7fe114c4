const WINDOW_MS = 60_000

/** Counts events so that at a steady pace it stands at those of a minute. */
export interface DecayingCount {
  /** Counts one more, and tells the count. */
  add(now: number): number
}

/** Two numbers in place of the times of all events: each event's weight fades with a time constant of a minute. */
export function createDecayingCount(): DecayingCount {
  let count = 0
  let at = 0
  return {
    add(now) {
      count = count * Math.exp((at - now) / WINDOW_MS) + 1
      at = now
      return count
    },
  }
}
