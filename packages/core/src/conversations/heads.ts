import type { Clock } from '../clock.ts'
import { EMPTY_PREFIX } from '../describe/prefix.ts'
import { createLru } from '../lru.ts'

/** Weight of the newest pause. */
const LEARNING_RATE = 0.2

interface Head {
  at: number
  /** Mean milliseconds between two calls with this head; `undefined` after the first. */
  pauseMs: number | undefined
}

/** Knows how often the beginnings that conversations share, tools and system, are asked for. Bounded: `max` heads. */
export function createHeads({ now }: Pick<Clock, 'now'>, { max = 2_000 }: { max?: number } = {}) {
  const heads = createLru<number, Head>(max)
  return {
    /** A call with this head was answered. */
    observe(hash: number): void {
      if (hash === EMPTY_PREFIX) return
      const at = now()
      const head = heads.get(hash)
      if (head === undefined) {
        heads.set(hash, { at, pauseMs: undefined })
        return
      }
      const pauseMs = at - head.at
      head.pauseMs = head.pauseMs === undefined ? pauseMs : head.pauseMs + LEARNING_RATE * (pauseMs - head.pauseMs)
      head.at = at
    },
    /** Mean milliseconds between calls with this head, as they come now; `Infinity` for one that was not seen before. */
    pauseMs(hash: number): number {
      const head = heads.peek(hash)
      if (head === undefined) return Number.POSITIVE_INFINITY
      // A head that has not been asked for in a long while has become rare.
      return Math.max(head.pauseMs ?? 0, now() - head.at)
    },
  }
}

export type Heads = ReturnType<typeof createHeads>

/** Share of pauses shorter than `ms`, where calls come by chance and on average `pauseMs` apart. */
export const shareWithin = (ms: number, pauseMs: number): number => 1 - Math.exp(-ms / Math.max(1, pauseMs))
