import type { EndpointResponse } from './exchange.ts'

/** The same as a web `Response`. Its stream is read piece by piece, as its reader asks; an abort by `signal` ends it as that of `fetch` would. */
export function toWebResponse({ status, headers, body }: EndpointResponse, signal?: AbortSignal): Response {
  if (typeof body === 'string') return new Response(body, { status, headers })
  if (!(body instanceof Uint8Array)) return new Response(streamOf(body[Symbol.asyncIterator](), signal), { status, headers })
  return new Response(body as Uint8Array<ArrayBuffer>, { status, headers: { ...headers, 'content-length': String(body.byteLength) } })
}

/** Not a byte stream in the standard's sense: that would take each piece's buffer for itself, which costs a copy, and is several times slower. */
function streamOf(pieces: AsyncIterator<Uint8Array>, signal: AbortSignal | undefined): ReadableStream<Uint8Array<ArrayBuffer>> {
  let stop = () => {}
  const leave = () => void pieces.return?.()
  return new ReadableStream(
    {
      start(controller) {
        if (signal === undefined) return
        const onAbort = () => {
          controller.error(signal.reason)
          leave()
        }
        stop = () => signal.removeEventListener('abort', onAbort)
        if (signal.aborted) onAbort()
        else signal.addEventListener('abort', onAbort, { once: true })
      },
      async pull(controller) {
        const piece = await pieces.next()
        if (signal?.aborted === true) return
        if (piece.done !== true) return controller.enqueue(piece.value as Uint8Array<ArrayBuffer>)
        stop()
        controller.close()
      },
      cancel() {
        stop()
        leave()
      },
    },
    // Nothing is asked for before it is read.
    { highWaterMark: 0 },
  )
}
