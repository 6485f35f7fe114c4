import type { Dispatcher } from 'undici'
import { connectionsTo } from './connection.ts'

/** Bytes that may wait to be read before the server is kept waiting. */
const MAX_UNREAD_BYTES = 64 * 1024
const NOTHING = Buffer.alloc(0)
const LEFT = new DOMException('The rest of the answer is not wanted.', 'AbortError')

export type Headers = Readonly<Record<string, string | string[] | undefined>>

export interface Outgoing {
  origin: string
  path: string
  /** Names and values by turns. */
  headers: string[]
  body: string
}

/** Sends a request, whose response is pulled. @throws the signal's reason, where it was aborted before. */
export function send({ origin, path, headers, body }: Outgoing, signal: AbortSignal): PulledResponse {
  signal.throwIfAborted()
  const response = new PulledResponse(signal)
  connectionsTo(origin).dispatch({ path, method: 'POST', headers, body }, response)
  return response
}

/**
 * A response whose body is pulled. A class, because undici calls its methods for every piece. What comes while nobody reads is kept, up
 * to a bound; then the server is kept waiting.
 */
export class PulledResponse implements Dispatcher.DispatchHandler {
  status = 0
  headers: Headers = {}
  readonly #signal: AbortSignal
  #controller: Dispatcher.DispatchController | undefined
  #unread: Buffer[] = []
  #unreadBytes = 0
  #state: 'open' | 'whole' | 'broken' = 'open'
  #fault: unknown
  /** Bytes for which the reader is woken. */
  #wanted = 1
  #wake: (() => void) | undefined

  constructor(signal: AbortSignal) {
    this.#signal = signal
    signal.addEventListener('abort', this.#onAbort)
  }

  /** Resolves when the headers are there. Rejects with the signal's reason, or with a fault of the line. */
  async begun(): Promise<void> {
    while (this.status === 0 && this.#state === 'open') await this.#news()
    if (this.#state === 'broken') throw this.#fault
  }

  /** What has come of the body since it was last asked; `undefined` at its end. Rejects when it breaks off, after all of it was given. */
  async read(): Promise<Buffer | undefined> {
    while (this.#unreadBytes === 0) {
      if (this.#state === 'broken') throw this.#fault
      if (this.#state === 'whole') return undefined
      await this.#news()
    }
    return this.#take()
  }

  /**
   * Resolves when all of it is there, or over `maxBytes` of it, or the headers of what is no answer: one wait, in however many pieces it
   * comes. Rejects as `begun` does.
   */
  async arrived(maxBytes: number): Promise<void> {
    this.#wanted = maxBytes + 1
    while (this.#state === 'open' && this.status < 300 && this.#unreadBytes <= maxBytes) await this.#news()
    this.#wanted = 1
    if (this.#state === 'broken') throw this.#fault
  }

  /** Lets go of it: what has not been read is not wanted, and the server is told by closing the connection. */
  close(): void {
    if (this.#state === 'open') this.#break(LEFT)
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    // Given up while it waited for its connection: nothing has been sent.
    if (this.#state === 'broken') controller.abort(toError(this.#fault))
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: Headers): void {
    // "100 Continue" and its like come before the response.
    if (status < 200) return
    this.status = status
    this.headers = headers
    if (this.#wanted === 1 || status >= 300) this.#tell()
  }

  onResponseData(controller: Dispatcher.DispatchController, bytes: Buffer): void {
    this.#unread.push(bytes)
    this.#unreadBytes += bytes.length
    if (this.#unreadBytes >= Math.max(MAX_UNREAD_BYTES, this.#wanted)) controller.pause()
    if (this.#unreadBytes >= this.#wanted) this.#tell()
  }

  onResponseEnd(): void {
    this.#end('whole')
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#state !== 'open') return
    this.#fault = error
    this.#end('broken')
  }

  #take(): Buffer {
    const pieces = this.#unread
    const bytes = pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces, this.#unreadBytes)
    this.#unread = []
    this.#unreadBytes = 0
    if (this.#controller?.paused === true) this.#controller.resume()
    return bytes
  }

  readonly #onAbort = (): void => this.#break(this.#signal.reason)

  #break(reason: unknown): void {
    if (this.#state !== 'open') return
    this.#fault = reason
    this.#unread = []
    this.#unreadBytes = 0
    this.#end('broken')
    this.#controller?.abort(toError(reason))
  }

  #end(state: 'whole' | 'broken'): void {
    this.#state = state
    this.#signal.removeEventListener('abort', this.#onAbort)
    this.#tell()
  }

  #news(): Promise<void> {
    return new Promise(resolve => (this.#wake = resolve))
  }

  #tell(): void {
    this.#wake?.()
    this.#wake = undefined
  }
}

const toError = (reason: unknown): Error => (reason instanceof Error ? reason : new Error(String(reason)))

/** The whole body; `undefined` when it is longer than `maxBytes`: the rest is not waited for. */
export async function readWhole(response: PulledResponse, maxBytes: number): Promise<Buffer | undefined> {
  const pieces: Buffer[] = []
  let length = 0
  for (let bytes = await response.read(); bytes !== undefined; bytes = await response.read()) {
    length += bytes.length
    if (length > maxBytes) return undefined
    pieces.push(bytes)
  }
  return pieces.length === 1 ? pieces[0]! : pieces.length === 0 ? NOTHING : Buffer.concat(pieces, length)
}
