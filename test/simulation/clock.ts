import type { Clock } from '@routewise/core'

/** Time that moves only from event to event, so that a day of traffic takes seconds and every run is the same. */
export interface SimulatedClock extends Clock {
  /** Fires what falls due, in order, letting every promise settle in between; until `untilMs`, or until nothing is left. */
  run(untilMs?: number): Promise<void>
  /** Timers that have neither fired nor been cancelled. */
  pending(): number
}

interface Timer {
  at: number
  sequence: number
  /** `undefined` once it was cancelled. */
  fire: (() => void) | undefined
}

/** Cancelled timers stay in the heap until they come up; when they are this many and most of it, it is made anew. */
const MAX_DEAD = 4_096

/** `wallMs` is the date at the start, default 2026-11-21T12:00Z. */
export function createSimulatedClock({ wallMs = Date.parse('2026-11-21T12:00:00Z') }: { wallMs?: number } = {}): SimulatedClock {
  let time = 0
  let sequence = 0
  let heap: Timer[] = []
  let dead = 0

  return {
    now: () => time,
    wall: () => wallMs + time,
    after(ms, fire) {
      const timer: Timer = { at: time + Math.max(0, ms), sequence: (sequence += 1), fire }
      push(heap, timer)
      return () => {
        if (timer.fire === undefined) return
        timer.fire = undefined
        dead += 1
        if (dead > MAX_DEAD && dead * 2 > heap.length) {
          // A sorted list is a heap.
          heap = heap.filter(({ fire: live }) => live !== undefined).sort(compare)
          dead = 0
        }
      }
    },
    async run(untilMs = Number.POSITIVE_INFINITY) {
      await settled()
      for (;;) {
        const next = heap[0]
        if (next === undefined || next.at > untilMs) break
        pop(heap)
        const { fire } = next
        if (fire === undefined) {
          dead -= 1
          continue
        }
        next.fire = undefined
        time = next.at
        fire()
        await settled()
      }
      if (Number.isFinite(untilMs)) time = Math.max(time, untilMs)
    },
    pending: () => heap.length - dead,
  }
}

/**
 * Waits for all promise reactions, however long their chain: a tick that is asked for in one of them runs when none is left.
 * One that is asked for outside, as in a worker's `message`, would run before the first, hence the `await`.
 */
async function settled(): Promise<void> {
  await Promise.resolve()
  await new Promise<void>(resolve => process.nextTick(resolve))
}

const compare = (a: Timer, b: Timer): number => a.at - b.at || a.sequence - b.sequence

function push(heap: Timer[], timer: Timer): void {
  let at = heap.length
  heap.push(timer)
  while (at > 0) {
    const parent = (at - 1) >> 1
    if (compare(heap[parent]!, timer) <= 0) break
    heap[at] = heap[parent]!
    at = parent
  }
  heap[at] = timer
}

function pop(heap: Timer[]): void {
  const last = heap.pop()!
  if (heap.length === 0) return
  let at = 0
  for (;;) {
    let child = at * 2 + 1
    if (child >= heap.length) break
    if (child + 1 < heap.length && compare(heap[child + 1]!, heap[child]!) < 0) child += 1
    if (compare(last, heap[child]!) <= 0) break
    heap[at] = heap[child]!
    at = child
  }
  heap[at] = last
}
