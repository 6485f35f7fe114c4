import type { Clock } from '../clock.ts'
import { RouterError } from '../errors.ts'

/** The ways a call can be ended from outside. */
export interface Cancellation {
  /** `aborted` or `deadline`, once it is cancelled. */
  error(): RouterError | undefined
  /** Time was over: ours, or the caller's own as `AbortSignal.timeout` tells it. */
  timedOut(): boolean
  /** Calls `fn`, in place of the one given before, when it is cancelled; at once if it already is. */
  onCancel(fn: (error: RouterError) => void): void
  /** Lets go of the caller's signal and of the timer. */
  dispose(): void
}

/** Links a caller's signal and the overall deadline by hand: `AbortSignal.any` on a long-lived signal leaks. */
export function createCancellation(clock: Clock, signal: AbortSignal | undefined, totalMs: number): Cancellation {
  let error: RouterError | undefined
  let listener: ((error: RouterError) => void) | undefined

  const cancel = (reason: RouterError) => {
    error ??= reason
    listener?.(error)
    listener = undefined
  }
  const onAbort = () => cancel(new RouterError('aborted', 'The caller gave up.', { cause: signal?.reason }))
  signal?.addEventListener('abort', onAbort, { once: true })
  const stopTimer = clock.after(totalMs, () =>
    cancel(new RouterError('deadline', `No complete answer within ${totalMs} ms. Raise timeouts.totalMs or use faster models.`)),
  )
  return {
    error: () => error,
    timedOut: () => error?.code === 'deadline' || (error?.cause instanceof Error && error.cause.name === 'TimeoutError'),
    onCancel(fn) {
      if (error === undefined) listener = fn
      else fn(error)
    },
    dispose() {
      signal?.removeEventListener('abort', onAbort)
      stopTimer()
    },
  }
}
