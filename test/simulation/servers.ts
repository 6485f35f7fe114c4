import type { Clock } from '@routewise/core'

/** So many calls are served at once; the others wait, first come first served. */
export function createServers(clock: Clock, { count, queueLimit }: { count: number; queueLimit: number }) {
  const queue: (() => void)[] = []
  let busy = 0

  const release = (): void => {
    busy -= 1
    queue.shift()?.()
  }

  return {
    isFull: (): boolean => busy >= count && queue.length >= queueLimit,
    /** Calls `serve` when a server is free, which gives the milliseconds that it is kept for. The returned function frees it before. */
    enter(serve: () => number): () => void {
      if (count === Number.POSITIVE_INFINITY) {
        serve()
        return () => undefined
      }
      let state: 'waiting' | 'served' | 'gone' = 'waiting'
      let stopTimer = () => {}
      const leave = (): void => {
        if (state === 'served') {
          stopTimer()
          release()
        }
        state = 'gone'
      }
      const start = (): void => {
        busy += 1
        if (state === 'gone') {
          release()
          return
        }
        state = 'served'
        stopTimer = clock.after(serve(), leave)
      }
      if (busy < count) start()
      else queue.push(start)
      return leave
    },
  }
}
