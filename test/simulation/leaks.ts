import type { Clock } from '@routewise/core'

/** Counts the timers that the router itself holds. */
export function countTimers(clock: Clock) {
  let count = 0
  return {
    count: () => count,
    clock: {
      now: clock.now,
      wall: clock.wall,
      after(ms: number, fire: () => void) {
        count += 1
        let over = false
        const end = () => {
          if (!over) count -= 1
          over = true
        }
        const cancel = clock.after(ms, () => {
          end()
          fire()
        })
        return () => {
          end()
          cancel()
        }
      },
    },
  }
}

/** Collects the rejections that nobody handles, until it is stopped. */
export function watchRejections() {
  const unhandled: unknown[] = []
  const onRejection = (reason: unknown) => void unhandled.push(reason)
  process.on('unhandledRejection', onRejection)
  return { unhandled, stop: () => void process.off('unhandledRejection', onRejection) }
}
