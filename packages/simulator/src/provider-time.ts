import type { Clock } from '@routewise/core'

// Shorter waits are skipped: a timer cannot keep them, and the answer catches up at the next one.
const SHORTEST_WAIT_MS = 0.5

/** Time as the providers live it: `timeScale` of its milliseconds pass in one real millisecond. */
export interface ProviderTime {
  /** Milliseconds of provider time since the simulator started. */
  now: () => number
  /** Milliseconds since 1970 in provider time: what prices with hours and dates go by. */
  wall: () => number
  /** Whether an instant of `now()` is past, or too near to wait for. */
  passed(instantMs: number): boolean
  /** Resolves at an instant of `now()`, or as soon as the signal aborts. */
  until(instantMs: number, signal: AbortSignal): Promise<void>
}

export function createProviderTime(clock: Clock, timeScale: number): ProviderTime {
  const startedAt = clock.now()
  const wallAtStart = clock.wall()
  const now = () => (clock.now() - startedAt) * timeScale
  return {
    now,
    wall: () => wallAtStart + now(),
    passed: instantMs => instantMs - now() < SHORTEST_WAIT_MS * timeScale,
    async until(instantMs, signal) {
      const realMs = (instantMs - now()) / timeScale
      if (realMs < SHORTEST_WAIT_MS || signal.aborted) return
      await new Promise<void>(resolve => {
        const stop = () => {
          cancel()
          signal.removeEventListener('abort', stop)
          resolve()
        }
        const cancel = clock.after(realMs, stop)
        signal.addEventListener('abort', stop, { once: true })
      })
    },
  }
}

/** Resolves when the signal aborts. */
export async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  await new Promise<void>(resolve => {
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
