import type { Clock } from '../clock.ts'
import { RouterError } from '../errors.ts'

/** The ways a call can be ended from outside. */
export interface Cancellation {
  /** `aborted` or `deadline`, once it is cancelled. */
  error(): RouterError | undefined
  /** Time was over: ours, or the caller's own as `AbortSignal.timeout` tells it. */
  timedOut(): boolean
  /** The caller has left the loop without waiting for the rest. */
  left(): boolean
  /** Clock time at which the call is out of time. */
  endsAt(): number
  /** Starts to listen and to count. @throws RouterError `aborted` when the caller has given up before. */
  start(): void
  leave(): void
  /** Calls `fn`, in place of the one given before, when it is cancelled; at once if it already is. */
  onCancel(fn: (error: RouterError) => void): void
  /** Lets go of the caller's signal and of the timer. */
  dispose(): void
}

export interface CancellationOptions {
  clock: Clock
  /** Of the caller, and of the contexts the call is made in. */
  signals: readonly AbortSignal[]
  totalMs: number
  /** Names the option that set `totalMs`. */
  rule: 'timeouts.totalMs' | 'deadlineMs'
}

/** Links the callers' signals and the overall deadline by hand: `AbortSignal.any` on a long-lived signal leaks. */
export function createCancellation({ clock, signals, totalMs, rule }: CancellationOptions): Cancellation {
  let error: RouterError | undefined
  let left = false
  let listener: ((error: RouterError) => void) | undefined
  let endsAt = Number.POSITIVE_INFINITY
  let stopTimer = () => {}
  const cancel = (reason: RouterError) => {
    error ??= reason
    listener?.(error)
    listener = undefined
  }
  function onAbort(this: AbortSignal) {
    cancel(new RouterError('aborted', 'The caller gave up.', { cause: this.reason }))
  }
  const onTime = () => cancel(outOfTime())
  const outOfTime = () =>
    new RouterError('deadline', `No complete answer within ${Math.max(0, Math.round(totalMs))} ms. Raise ${rule} or use faster models.`)
  return {
    error: () => error,
    timedOut: () => error?.code === 'deadline' || (error?.cause instanceof Error && error.cause.name === 'TimeoutError'),
    left: () => left,
    endsAt: () => endsAt,
    start() {
      for (const signal of signals)
        if (signal.aborted) throw new RouterError('aborted', 'The caller gave up before the call.', { cause: signal.reason })
      if (totalMs <= 0) throw outOfTime()
      endsAt = clock.now() + totalMs
      for (const signal of signals) signal.addEventListener('abort', onAbort, { once: true })
      stopTimer = clock.after(totalMs, onTime)
    },
    leave() {
      left = true
      cancel(new RouterError('aborted', 'The caller left the stream.'))
    },
    onCancel(fn) {
      if (error === undefined) listener = fn
      else fn(error)
    },
    dispose() {
      for (const signal of signals) signal.removeEventListener('abort', onAbort)
      stopTimer()
    },
  }
}

/**
 * A generator that can be left while its next value is awaited. By itself it would put `return()` in a queue behind that value, and a
 * provider that is silent would go on unheard: readers that pull ahead, such as web streams, always have one pending.
 */
export const leaveAtOnce = <Value, Result>(
  generator: AsyncGenerator<Value, Result, void>,
  cancellation: Pick<Cancellation, 'leave'>,
): AsyncGenerator<Value, Result, void> => new LeavableGenerator(generator, cancellation)

/** A class for speed's sake: computed names in an object literal are worked out for each object. */
class LeavableGenerator<Value, Result> implements AsyncGenerator<Value, Result, void> {
  readonly #generator: AsyncGenerator<Value, Result, void>
  readonly #cancellation: Pick<Cancellation, 'leave'>

  constructor(generator: AsyncGenerator<Value, Result, void>, cancellation: Pick<Cancellation, 'leave'>) {
    this.#generator = generator
    this.#cancellation = cancellation
  }

  next(): Promise<IteratorResult<Value, Result>> {
    return this.#generator.next()
  }

  return(value: Result | PromiseLike<Result>): Promise<IteratorResult<Value, Result>> {
    this.#cancellation.leave()
    return this.#generator.return(value)
  }

  throw(error: unknown): Promise<IteratorResult<Value, Result>> {
    this.#cancellation.leave()
    return this.#generator.throw(error)
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#cancellation.leave()
    await this.#generator.return(undefined as Result)
  }
}
