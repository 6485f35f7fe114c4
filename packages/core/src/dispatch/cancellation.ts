import type { Clock } from '../clock.ts'
import { RouterError } from '../errors.ts'

/** The ways a call can be ended from outside, as one promise. */
export interface Cancellation {
  /** Rejects with a RouterError `aborted` or `deadline`; handled even if nobody waits. */
  cancelled: Promise<never>
  /** The error, once it is cancelled. */
  error(): RouterError | undefined
  /** Calls `fn` when it is cancelled. */
  onCancel(fn: (error: RouterError) => void): void
  /** Lets go of the caller's signal and of the timer. */
  dispose(): void
}

/** Links a caller's signal and the overall deadline by hand: `AbortSignal.any` on a long-lived signal leaks. */
export function createCancellation(clock: Clock, signal: AbortSignal | undefined, totalMs: number): Cancellation {
  let error: RouterError | undefined
  let listener: ((error: RouterError) => void) | undefined
  let reject: (error: RouterError) => void = () => {}
  const cancelled = new Promise<never>((_, rejected) => {
    reject = rejected
  })
  cancelled.catch(() => undefined)

  const cancel = (reason: RouterError) => {
    if (error !== undefined) return
    error = reason
    reject(reason)
    listener?.(reason)
  }
  const onAbort = () => cancel(new RouterError('aborted', 'The caller gave up.', { cause: signal?.reason }))
  if (signal?.aborted) onAbort()
  else signal?.addEventListener('abort', onAbort, { once: true })
  const stopTimer = clock.after(totalMs, () =>
    cancel(new RouterError('deadline', `No complete answer within ${totalMs} ms. Raise timeouts.totalMs or use faster models.`)),
  )
  return {
    cancelled,
    error: () => error,
    onCancel: fn => {
      listener = fn
    },
    dispose() {
      signal?.removeEventListener('abort', onAbort)
      stopTimer()
    },
  }
}
