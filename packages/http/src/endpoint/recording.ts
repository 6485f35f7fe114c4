import type { EndpointResponse } from './exchange.ts'
import { StreamBody } from './stream-body.ts'

type Piece = IteratorResult<Uint8Array, undefined>

export interface RecordingOptions {
  /** Asks for the answer, once. */
  ask(signal: AbortSignal): Promise<EndpointResponse>
  /** Told of bytes as they are kept. */
  onBytes(bytes: number): void
  /** Told when it has ended; `whole`: it can be given again. */
  onEnd(whole: boolean): void
}

const END: Piece = { done: true, value: undefined }
const LEFT = new DOMException('Everybody who waited for the answer has left.', 'AbortError')

/**
 * One answer for several readers, who each get all of it: what has come already, then what comes. Whoever reads fastest draws on the
 * provider, which is cancelled when the last reader leaves.
 */
export class Recording {
  readonly #options: RecordingOptions
  readonly #cancel = new AbortController()
  readonly #response: Promise<EndpointResponse>
  readonly #pieces: Uint8Array[] = []
  #source: AsyncIterator<Uint8Array> | undefined
  /** The next piece, on its way. */
  #drawing: Promise<void> | undefined
  #ended = false
  #readers = 0

  constructor(options: RecordingOptions) {
    this.#options = options
    this.#response = options.ask(this.#cancel.signal).then(response => this.#opened(response))
    this.#response.catch(() => this.#end(false))
  }

  /** The answer for one more reader, who leaves by `signal` or by leaving its body. */
  async read(signal: AbortSignal): Promise<EndpointResponse> {
    this.#readers += 1
    let isHere = true
    const leave = () => {
      if (!isHere) return
      isHere = false
      signal.removeEventListener('abort', leave)
      this.#readers -= 1
      if (this.#readers === 0 && !this.#ended) this.#abandon()
    }
    signal.addEventListener('abort', leave)
    if (signal.aborted) leave()
    try {
      const response = await this.#response
      if (isWhole(response.body)) {
        leave()
        return response
      }
      return { ...response, body: this.#reader(leave) }
    } catch (error) {
      leave()
      throw error
    }
  }

  #opened(response: EndpointResponse): EndpointResponse {
    const { status, body } = response
    if (isWhole(body)) {
      this.#options.onBytes(body.length)
      this.#end(status === 200)
    } else this.#source = body[Symbol.asyncIterator]()
    return response
  }

  #reader(leave: () => void): AsyncIterableIterator<Uint8Array, undefined> {
    let at = 0
    let isDone = false
    const finish = (): Piece => {
      isDone = true
      leave()
      return END
    }
    const next = async (): Promise<Piece> => {
      while (at === this.#pieces.length && !this.#ended) await (this.#drawing ??= this.#draw())
      const value = isDone ? undefined : this.#pieces[at]
      if (value === undefined) return finish()
      at += 1
      return { done: false, value }
    }
    const reader: AsyncIterableIterator<Uint8Array, undefined> = {
      next,
      return: async () => finish(),
      [Symbol.asyncIterator]: () => reader,
    }
    return reader
  }

  async #draw(): Promise<void> {
    const piece = await this.#source!.next()
    this.#drawing = undefined
    if (piece.done === true) return this.#end(!(this.#source instanceof StreamBody && this.#source.failed))
    this.#pieces.push(piece.value)
    this.#options.onBytes(piece.value.length)
  }

  #abandon(): void {
    this.#end(false)
    this.#cancel.abort(LEFT)
    void this.#source?.return?.()
  }

  #end(whole: boolean): void {
    if (this.#ended) return
    this.#ended = true
    this.#options.onEnd(whole)
  }
}

const isWhole = (body: EndpointResponse['body']): body is string | Uint8Array => typeof body === 'string' || body instanceof Uint8Array
