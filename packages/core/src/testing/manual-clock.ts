import type { Clock } from '../clock.ts'

/** Promise reactions let through between two timers: enough for any chain in the core to come to rest. */
const DRAIN_TURNS = 32

export interface ManualClock extends Clock {
  /** Moves time on by `ms`, firing what falls due in order and letting promises settle in between. */
  advance(ms: number): Promise<void>
  /** Lets promises settle without moving time. */
  settle(): Promise<void>
  /** Timers that have neither fired nor been cancelled. */
  pending(): number
}

/** A clock that stands still until a test moves it. `wallMs` is its date at the start, default 2026-11-21T12:00Z. */
export function createManualClock({ wallMs = Date.parse('2026-11-21T12:00:00Z') }: { wallMs?: number } = {}): ManualClock {
  let time = 0
  let sequence = 0
  const timers = new Map<number, { at: number; fire: () => void }>()

  const settle = async () => {
    for (let turn = 0; turn < DRAIN_TURNS; turn += 1) await Promise.resolve()
  }
  const nextDue = (until: number) =>
    [...timers].filter(([, { at }]) => at <= until).sort(([idA, a], [idB, b]) => a.at - b.at || idA - idB)[0]

  return {
    now: () => time,
    wall: () => wallMs + time,
    after(ms, fire) {
      const id = (sequence += 1)
      timers.set(id, { at: time + ms, fire })
      return () => timers.delete(id)
    },
    async advance(ms) {
      const until = time + ms
      await settle()
      for (let due = nextDue(until); due !== undefined; due = nextDue(until)) {
        const [id, timer] = due
        timers.delete(id)
        time = timer.at
        timer.fire()
        await settle()
      }
      time = until
      await settle()
    },
    settle,
    pending: () => timers.size,
  }
}
