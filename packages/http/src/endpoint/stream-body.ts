import type { Clock, Receipt } from '@routewise/core'
import type { WireChunk } from '../call.ts'

type Steps = AsyncGenerator<WireChunk, Receipt, void>
type Step = IteratorResult<WireChunk, Receipt>
type Piece = IteratorResult<Uint8Array, undefined>

export interface StreamBodyOptions {
  steps: Steps
  /** What `steps` has been asked for already: there, or on its way. */
  first: Step | Promise<Step>
  clock: Clock
  /** Silence after which a comment is sent; `0`: never. */
  keepAliveMs: number
  /** Last bytes of a whole answer. */
  closing(receipt: Receipt): Uint8Array
  /** Last bytes of one that broke off, behind the events that came last; `undefined` where nobody is there to read them. */
  broken(error: unknown, last: Uint8Array | undefined): Uint8Array | undefined
}

const COMMENT = new TextEncoder().encode(': \n\n')
const COLON = 0x3a
const END: Piece = { done: true, value: undefined }

/**
 * An answer's bytes as they come, then its closing ones. Whoever leaves cancels the provider.
 * By hand, not a generator: one promise for each piece, whose wait a comment can end while the provider is still awaited.
 */
export class StreamBody implements AsyncIterableIterator<Uint8Array, undefined> {
  /** It ended in an error, or was left. */
  failed = false
  readonly #options: StreamBodyOptions
  /** Last events that came. */
  #last: Uint8Array | undefined
  /** Came while nobody waited. */
  #ready: Uint8Array | undefined
  #waiting: ((piece: Piece) => void) | undefined
  /** The answer is asked for its next step. */
  #asked = false
  /** The answer has no next step. */
  #over = false
  /** When the reader was last given something. */
  #givenAt: number
  #stopTimer: (() => void) | undefined

  constructor(options: StreamBodyOptions) {
    const { first, clock } = options
    this.#options = options
    this.#givenAt = clock.now()
    if (first instanceof Promise) {
      this.#ready = COMMENT
      this.#asked = true
      first.then(this.#onStep, this.#onError)
    } else this.#onStep(first)
  }

  next(): Promise<Piece> {
    const ready = this.#ready
    if (ready !== undefined) {
      this.#ready = undefined
      return Promise.resolve({ done: false, value: ready })
    }
    if (this.#over) return Promise.resolve(END)
    const piece = new Promise<Piece>(this.#wait)
    if (!this.#asked) this.#ask()
    if (this.#stopTimer === undefined && this.#options.keepAliveMs > 0) this.#watch(this.#options.keepAliveMs)
    return piece
  }

  return(): Promise<Piece> {
    this.#ready = undefined
    if (!this.#over) {
      this.#over = true
      this.failed = true
      // The provider hears of it at once; what it says to that is of no interest.
      this.#options.steps[Symbol.asyncDispose]().then(undefined, () => {})
    }
    this.#stop()
    this.#waiting?.(END)
    this.#waiting = undefined
    return Promise.resolve(END)
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  #ask(): void {
    this.#asked = true
    this.#options.steps.next().then(this.#onStep, this.#onError)
  }

  /** One for all pieces: a stream may have thousands. */
  readonly #wait = (resolve: (piece: Piece) => void): void => {
    this.#waiting = resolve
  }

  readonly #onStep = (step: Step): void => {
    this.#asked = false
    if (this.#over) return
    if (step.done === true) this.#end(this.#options.closing(step.value))
    else if (step.value.bytes.length > 0) this.#say(step.value.bytes)
    // It said something that has no words in this API.
    else if (this.#waiting !== undefined) this.#ask()
  }

  #say(bytes: Uint8Array): void {
    // A comment is no event.
    if (bytes[0] !== COLON) this.#last = bytes
    this.#give(bytes)
  }

  readonly #onError = (error: unknown): void => {
    this.#asked = false
    if (this.#over) return
    this.failed = true
    this.#end(this.#options.broken(error, this.#last))
  }

  #end(last: Uint8Array | undefined): void {
    this.#over = true
    this.#stop()
    if (last !== undefined) return this.#give(last)
    this.#waiting?.(END)
    this.#waiting = undefined
  }

  #give(bytes: Uint8Array): void {
    const waiting = this.#waiting
    // A comment that nobody has fetched yet has done its work.
    if (waiting === undefined) this.#ready = bytes
    else {
      this.#waiting = undefined
      this.#givenAt = this.#options.clock.now()
      waiting({ done: false, value: bytes })
    }
  }

  #watch(ms: number): void {
    this.#stopTimer = this.#options.clock.after(ms, this.#onTimer)
  }

  /** One timer for the whole stream; it rests while the reader is the one to be waited for. */
  readonly #onTimer = (): void => {
    this.#stopTimer = undefined
    if (this.#waiting === undefined) return
    const { clock, keepAliveMs } = this.#options
    const silentMs = clock.now() - this.#givenAt
    if (silentMs < keepAliveMs) return this.#watch(keepAliveMs - silentMs)
    this.#give(COMMENT)
  }

  #stop(): void {
    this.#stopTimer?.()
    this.#stopTimer = undefined
  }
}
