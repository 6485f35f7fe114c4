import { createLru } from '../lru.ts'
import type { Clock } from '../clock.ts'

const WINDOW_MS = 60_000
/** Requests a minute that are told apart. */
const MAX_COUNT = 256

/** Counts the requests of the last minute under each key. Bounded: `max` keys, the most recently used stay. */
export function createRequestCounts({ now }: Pick<Clock, 'now'>, { max = 2_000 }: { max?: number } = {}) {
  const timesOf = createLru<number, number[]>(max)

  function forgetOld(times: number[]): void {
    const since = now() - WINDOW_MS
    let old = 0
    while (old < times.length && times[old]! <= since) old += 1
    if (old > 0) times.splice(0, old)
  }

  return {
    add(key: number): void {
      const times = timesOf.get(key) ?? []
      forgetOld(times)
      if (times.length === MAX_COUNT) times.shift()
      times.push(now())
      timesOf.set(key, times)
    },
    count(key: number): number {
      const times = timesOf.peek(key)
      if (times === undefined) return 0
      forgetOld(times)
      return times.length
    },
  }
}
