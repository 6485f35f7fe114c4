import type { Failure, ResponseHeaders } from '../types.ts'
import { type Attempt, type AttemptOptions, StreamFailure } from './attempt.ts'
import { Meter } from './meter.ts'
import { createWatchdog } from './watchdog.ts'
import { wishesOf } from './wishes.ts'

/** Chunks without content that are held; a provider that sends more before its first token is not going to answer. */
const MAX_SILENT_CHUNKS = 1_000
/** Chunks with content that are held for a judge; an answer that is longer is passed on as it is. */
const MAX_HELD_CHUNKS = 100_000

/** How long the line may stay open after the terminal event: what still comes is usage at most. */
const AFTER_END_MS = 5_000
const SAID_IT_ALL = new DOMException('The answer was complete.', 'AbortError')
/** Reason given to the signal of an attempt whose answer was too poor to go on. */
export const REJECTED = new DOMException('The judge has rejected the answer.', 'AbortError')

/** Opens a target with a controller of its own, and holds what it says until it may be passed on. */
export function startAttempt<Call, Chunk>(options: AttemptOptions<Call, Chunk>): Attempt<Call, Chunk> {
  const { target, candidate, reason, call, dialect, clock, limits, hold, onNews } = options
  // Each attempt gets its own controller: a signal shared between attempts would abort the fallback too.
  const controller = new AbortController()
  const startedAt = clock.now()
  const meter = new Meter()
  const held: Chunk[] = []
  let read = 0
  let state: 'held' | 'released' | 'over' = 'held'
  let spoke = false
  /** Since when the provider is waited for; a reader that takes its time is not the provider's silence. */
  let waitingSince: number | undefined
  let iterator: AsyncIterator<Chunk> | undefined
  let reader: { resolve(step: { value: Chunk } | undefined): void; reject(reason: unknown): void } | undefined
  let broken: { reason: unknown } | undefined
  /** What its provider has said of itself while the answer was passed on. */
  let fault: Failure | undefined
  let stopHolding = () => {}

  const watchdog = createWatchdog(clock, {
    dueAt() {
      if (isDone()) return (waitingSince ?? clock.now()) + Math.min(limits.stallMs ?? Number.POSITIVE_INFINITY, AFTER_END_MS)
      if (spoke) return (waitingSince ?? clock.now()) + (limits.stallMs ?? Number.POSITIVE_INFINITY)
      const headersMs = meter.headersCame ? undefined : limits.headersMs
      return startedAt + Math.min(headersMs ?? Number.POSITIVE_INFINITY, limits.firstTokenMs ?? Number.POSITIVE_INFINITY)
    },
    onDue() {
      if (isDone()) {
        onEnd()
        return close(SAID_IT_ALL)
      }
      const message = spoke
        ? `No token for ${limits.stallMs} ms.`
        : clock.now() - startedAt < (limits.firstTokenMs ?? Number.POSITIVE_INFINITY)
          ? `No headers within ${limits.headersMs} ms.`
          : `No first token within ${limits.firstTokenMs} ms.`
      cut({ kind: 'timeout', message, cause: undefined }, new DOMException(message, 'TimeoutError'))
    },
  })

  const attempt: Attempt<Call, Chunk> = {
    target,
    candidate,
    reason,
    call,
    streaming: options.streaming,
    admission: options.admission,
    startedAt,
    endedAt: undefined,
    wasCut: false,
    meter,
    verdict: undefined,
    next() {
      if (read < held.length) return { value: held[read++]! }
      if (broken !== undefined) throw broken.reason
      if (state === 'over') return undefined
      release()
      if (waitingSince === undefined) pull()
      return new Promise((resolve, reject) => (reader = { resolve, reject }))
    },
    abort(cause) {
      if (state === 'over') return
      attempt.wasCut = true
      end()
      broken = { reason: cause }
      reader?.reject(cause)
      close(cause)
    },
  }

  function end(): void {
    state = 'over'
    attempt.endedAt = clock.now()
    waitingSince = undefined
    stopHolding()
    watchdog.stop()
  }

  function close(cause: unknown): void {
    controller.abort(cause)
    // Most iterables end by their signal; those that only end by `return` are told that way too.
    try {
      iterator?.return?.()?.then(undefined, () => undefined)
    } catch {
      // It has ended all the same.
    }
  }

  function release(): void {
    if (state === 'held') state = 'released'
    stopHolding()
  }

  function tellReady(): void {
    release()
    onNews({ type: 'ready' }, attempt)
  }

  function fail(failure: Failure): void {
    const wasHeld = state === 'held'
    end()
    if (wasHeld) return onNews({ type: 'failed', failure }, attempt)
    broken = { reason: new StreamFailure(failure, target.id) }
    reader?.reject(broken.reason)
  }

  /** Ends it for a fault that its provider may not know of. */
  function cut(failure: Failure, cause: unknown): void {
    attempt.wasCut = true
    fail(failure)
    close(cause)
  }

  function onEnd(): void {
    const failure = failureAtEnd()
    if (failure !== undefined) return fail(failure)
    const wasHeld = state === 'held'
    end()
    if (wasHeld) onNews({ type: 'whole' }, attempt)
    else reader?.resolve(undefined)
  }

  /** It has told its end: what becomes of the line after that takes nothing from the answer. */
  function isDone(): boolean {
    return meter.finish !== undefined && meter.finish !== 'error'
  }

  function failureAtEnd(): Failure | undefined {
    if (fault !== undefined) return fault
    const { finish } = meter
    // Where a target need not say that it has ended, it must at least have said something.
    if (finish === undefined && (target.terminalEvent !== false || meter.contentChars === 0))
      return { kind: 'truncated', message: 'The stream ended without a terminal event.', cause: undefined }
    if (finish === 'error') return { kind: 'server', message: 'The provider ended its answer with an error.', cause: undefined }
    // What was passed on cannot be taken back: there, a refusal is the answer.
    if (state === 'held' && isRefused())
      return { kind: 'content_filter', message: `The model ended its answer with ${finish}.`, cause: undefined }
    return undefined
  }

  const isRefused = (): boolean => options.refusalFails === true && (meter.finish === 'refusal' || meter.finish === 'content-filter')

  function onChunk(chunk: Chunk): void {
    const reading = dialect.read(chunk, target)
    meter.headersCame = true
    meter.add(reading)
    if (reading.finish !== undefined) watchdog.check()
    if (reading.failure !== undefined) {
      if (state === 'held') {
        fail(reading.failure)
        return close(reading.failure.cause)
      }
      fault ??= reading.failure
    }
    if (state === 'released') {
      if (reader === undefined) held.push(chunk)
      else {
        const { resolve } = reader
        reader = undefined
        resolve({ value: chunk })
      }
      return
    }
    held.push(chunk)
    if (reading.meaningful && !spoke) {
      spoke = true
      meter.firstTokenMs = clock.now() - startedAt
      watchdog.check()
      if (hold.type === 'time') stopHolding = clock.after(hold.ms, tellReady)
      if (!hold.isOver(meter)) onNews({ type: 'spoke' }, attempt)
    }
    if (!spoke && held.length >= MAX_SILENT_CHUNKS) {
      const message = `${MAX_SILENT_CHUNKS} chunks without content.`
      return cut({ kind: 'server', message, cause: undefined }, new DOMException(message, 'AbortError'))
    }
    const verdict = spoke ? options.watch?.(attempt) : undefined
    if (verdict?.accepted === false) {
      attempt.abort(REJECTED)
      return onNews({ type: 'rejected', verdict }, attempt)
    }
    if (spoke && !isRefused() && (hold.isOver(meter) || held.length >= MAX_HELD_CHUNKS)) tellReady()
    else pull()
  }

  function onStep(step: IteratorResult<Chunk, unknown>): void {
    if (state === 'over') return
    waitingSince = undefined
    try {
      if (step.done === true) onEnd()
      else onChunk(step.value)
    } catch (error) {
      attempt.wasCut = true
      onFault(error)
    }
  }

  function onFault(error: unknown): void {
    if (state === 'over') return
    if (isDone()) onEnd()
    else fail(fault ?? dialect.failure(error, target))
    close(error)
  }

  function pull(): void {
    waitingSince = clock.now()
    try {
      iterator!.next().then(onStep, onFault)
    } catch (error) {
      onFault(error)
    }
  }

  try {
    const io = {
      signal: controller.signal,
      onHeaders(headers?: ResponseHeaders) {
        meter.headersCame = true
        if (headers !== undefined) options.onHeaders?.(headers)
      },
    }
    const prepared = dialect.prepare(call, target, wishesOf(options))
    iterator = target.open(prepared, io)[Symbol.asyncIterator]()
    watchdog.check()
    pull()
  } catch (error) {
    onFault(error)
  }
  return attempt
}
