import type { Clock } from '../clock.ts'
import type { AttemptReason, Candidate, Dialect, Failure, FinishReason, Target, Usage } from '../types.ts'

/** Chunks without content that are held; a provider that sends more before its first token is not going to answer. */
const MAX_HELD_CHUNKS = 1_000

/** Reason given to the signal of an attempt that lost. */
export const SUPERSEDED = new DOMException('Another attempt answered first.', 'AbortError')

/** What an attempt has told so far. */
export interface Meter {
  usage: Partial<Usage>
  contentChars: number
  chunks: number
  finish: FinishReason | undefined
  model: string | undefined
  firstTokenMs: number | undefined
}

/** How an attempt opened: with content (or an honest end), or with a failure. */
export type Opening = { type: 'ready' } | { type: 'failed'; failure: Failure }

export interface Attempt<Call, Chunk> {
  target: Target<Call, Chunk>
  candidate: Candidate
  reason: AttemptReason
  /** Clock time at which it started. */
  startedAt: number
  meter: Meter
  /** Settles at the first meaningful token, at the end, or at a failure; never rejects, and never settles once aborted. */
  opening: Promise<Opening>
  /** What came before and with the first meaningful token. */
  held: readonly Chunk[]
  /** The next chunk after those held; `undefined` at the end. Rejects with a `StreamFailure`, or with the reason of an abort. */
  next(): Promise<IteratorYieldResult<Chunk> | undefined>
  abort(reason: unknown): void
}

/** A failure after the first token. */
export class StreamFailure extends Error {
  readonly failure: Failure
  constructor(failure: Failure) {
    super(failure.message, { cause: failure.cause })
    this.failure = failure
  }
}

interface AttemptOptions<Call, Chunk> {
  target: Target<Call, Chunk>
  candidate: Candidate
  call: Call
  reason: AttemptReason
  dialect: Dialect<Call, Chunk>
  clock: Clock
  /** A streaming attempt without a token for this long has failed. */
  firstTokenTimeoutMs: number | undefined
}

/** Opens a target with a controller of its own, and holds what comes before the first meaningful token. */
export function startAttempt<Call, Chunk>(options: AttemptOptions<Call, Chunk>): Attempt<Call, Chunk> {
  const { target, candidate, call, reason, dialect, clock, firstTokenTimeoutMs } = options
  // Each attempt gets its own controller: a signal shared between attempts would abort the fallback too.
  const controller = new AbortController()
  const startedAt = clock.now()
  const meter: Meter = { usage: {}, contentChars: 0, chunks: 0, finish: undefined, model: undefined, firstTokenMs: undefined }
  const held: Chunk[] = []
  let iterator: AsyncIterator<Chunk> | undefined
  let rejectPull: ((reason: unknown) => void) | undefined

  // A target that ignores its signal must not hold up the caller: an abort also rejects the pull that is under way.
  const pull = (): Promise<IteratorResult<Chunk, unknown>> =>
    new Promise((resolve, reject) => {
      if (controller.signal.aborted) {
        reject(controller.signal.reason)
        return
      }
      rejectPull = reject
      iterator ??= target.open(dialect.prepare(call, target), { signal: controller.signal, onHeaders: () => {} })[Symbol.asyncIterator]()
      iterator.next().then(resolve, reject)
    })

  const note = (chunk: Chunk): boolean => {
    const reading = dialect.read(chunk, target)
    meter.chunks += 1
    meter.contentChars += reading.contentChars ?? 0
    if (reading.usage !== undefined) Object.assign(meter.usage, reading.usage)
    meter.finish = reading.finish ?? meter.finish
    meter.model = reading.model ?? meter.model
    if (reading.meaningful) meter.firstTokenMs ??= clock.now() - startedAt
    return reading.meaningful
  }

  const truncated = (): Failure | undefined =>
    meter.finish === undefined && target.terminalEvent !== false
      ? { kind: 'truncated', message: 'The stream ended without a terminal event.', cause: undefined }
      : undefined

  let ended = false
  const open = async (): Promise<Opening> => {
    try {
      for (;;) {
        const step = await pull()
        if (step.done === true) {
          ended = true
          const failure = truncated()
          return failure === undefined ? { type: 'ready' } : { type: 'failed', failure }
        }
        held.push(step.value)
        if (note(step.value)) return { type: 'ready' }
        if (held.length === MAX_HELD_CHUNKS) {
          const message = `${MAX_HELD_CHUNKS} chunks without content.`
          abort(new DOMException(message, 'AbortError'))
          return { type: 'failed', failure: { kind: 'server', message, cause: undefined } }
        }
      }
    } catch (error) {
      // An attempt that was aborted from outside is settled by whoever aborted it.
      if (controller.signal.aborted) return new Promise(() => undefined)
      return { type: 'failed', failure: dialect.failure(error, target) }
    }
  }

  const withTimeout = (opening: Promise<Opening>): Promise<Opening> => {
    if (firstTokenTimeoutMs === undefined) return opening
    return new Promise(resolve => {
      const cancel = clock.after(firstTokenTimeoutMs, () => {
        const message = `No first token within ${firstTokenTimeoutMs} ms.`
        abort(new DOMException(message, 'TimeoutError'))
        resolve({ type: 'failed', failure: { kind: 'timeout', message, cause: undefined } })
      })
      controller.signal.addEventListener('abort', cancel, { once: true })
      void opening.then(outcome => {
        cancel()
        controller.signal.removeEventListener('abort', cancel)
        resolve(outcome)
      })
    })
  }

  function abort(cause: unknown): void {
    if (controller.signal.aborted) return
    controller.abort(cause)
    rejectPull?.(cause)
    // Most iterables end by their signal; those that only end by `return` are told that way too.
    void iterator?.return?.().then(undefined, () => undefined)
  }

  async function next(): Promise<IteratorYieldResult<Chunk> | undefined> {
    if (ended) return undefined
    let step
    try {
      step = await pull()
    } catch (error) {
      throw controller.signal.aborted ? error : new StreamFailure(dialect.failure(error, target))
    }
    if (step.done !== true) {
      note(step.value)
      return step
    }
    ended = true
    const failure = truncated()
    if (failure === undefined) return undefined
    throw new StreamFailure(failure)
  }

  return { target, candidate, reason, startedAt, meter, opening: withTimeout(open()), held, next, abort }
}
