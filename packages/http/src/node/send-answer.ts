import type { ServerResponse } from 'node:http'
import type { EndpointResponse } from '../endpoint/exchange.ts'

/**
 * Writes an answer, no faster than its reader takes it; a reader who leaves ends it, and with it the provider's. Never rejects: what
 * breaks a stream cuts the connection, so that nobody takes a part for the whole.
 */
export async function sendAnswer(res: ServerResponse, { status, headers, body }: EndpointResponse): Promise<void> {
  if (typeof body === 'string' || body instanceof Uint8Array) {
    if (res.destroyed || res.headersSent) return
    const length = typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength
    res.writeHead(status, { ...headers, 'content-length': length })
    res.end(body)
    return
  }
  try {
    if (!res.destroyed) res.writeHead(status, headers)
    for await (const bytes of body) if (res.destroyed || !(res.write(bytes) || (await hasDrained(res)))) return
    res.end()
  } catch {
    res.destroy()
  }
}

/** Waits while the reader is slower than the writer; `false`: it has left. */
function hasDrained(res: ServerResponse): Promise<boolean> {
  return new Promise(resolve => {
    const onChange = () => {
      res.off('drain', onChange)
      res.off('close', onChange)
      resolve(!res.destroyed)
    }
    res.on('drain', onChange)
    res.on('close', onChange)
  })
}
