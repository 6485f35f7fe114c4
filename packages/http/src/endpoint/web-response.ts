import type { EndpointResponse } from './exchange.ts'

/** The same as a web `Response`. Its stream is read piece by piece, as its reader asks; an abort by `signal` ends it as that of `fetch` would. */
export function toWebResponse({ status, headers, body }: EndpointResponse, signal?: AbortSignal): Response {
  if (typeof body === 'string' || body instanceof Uint8Array) return new Response(body as BodyInit, { status, headers })
  return new Response(streamOf(body[Symbol.asyncIterator](), signal), { status, headers })
}

function streamOf(pieces: AsyncIterator<Uint8Array>, signal: AbortSignal | undefined): ReadableStream<Uint8Array<ArrayBuffer>> {
  let controllers: ReadableByteStreamController | undefined
  const leave = () => void pieces.return?.()
  const onAbort = () => {
    controllers?.error(signal?.reason)
    leave()
  }
  const end = () => signal?.removeEventListener('abort', onAbort)
  return new ReadableStream({
    type: 'bytes',
    start(controller) {
      controllers = controller
      if (signal?.aborted === true) onAbort()
      else signal?.addEventListener('abort', onAbort, { once: true })
    },
    async pull(controller) {
      const piece = await pieces.next()
      if (signal?.aborted === true) return
      if (piece.done === true) {
        end()
        controller.close()
        // A reader that brought its own buffer is still waiting for it.
        controller.byobRequest?.respond(0)
        return
      }
      // A byte stream takes the buffer itself, which a provider's bytes share with others.
      controller.enqueue(new Uint8Array(piece.value))
    },
    cancel() {
      end()
      leave()
    },
  })
}
