import { ReadableStream } from 'node:stream/web'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'

/** A web handler on a server of Node's, as every framework that speaks `Request` and `Response` has one. */
export const bridge =
  (handle: (request: Request) => Promise<Response>): RequestListener =>
  (req, res) =>
    void carry(req, res, handle)

async function carry(req: IncomingMessage, res: ServerResponse, handle: (request: Request) => Promise<Response>): Promise<void> {
  const left = new AbortController()
  res.on('close', () => {
    if (!res.writableFinished) left.abort()
  })
  const hasBody = req.method !== 'GET' && req.method !== 'HEAD'
  const { status, headers, body } = await handle(
    new Request(`http://${req.headers.host}${req.url}`, {
      method: req.method ?? 'GET',
      headers: Object.entries(req.headers).map(([name, value]): [string, string] => [name, String(value)]),
      body: hasBody ? ReadableStream.from(req.iterator({ destroyOnReturn: false })) : null,
      duplex: 'half',
      signal: left.signal,
    } as RequestInit),
  )
  // What nobody wants to read is let through, so that the connection can go on.
  res.on('finish', () => req.resume())
  if (res.destroyed) return
  res.writeHead(status, Object.fromEntries(headers))
  try {
    for await (const piece of body ?? []) {
      if (res.destroyed) return
      if (!res.write(piece)) await writable(res)
    }
    res.end()
  } catch {
    res.destroy()
  }
}

function writable(res: ServerResponse): Promise<void> {
  return new Promise(resolve => {
    const go = () => {
      res.off('drain', go).off('close', go)
      resolve()
    }
    res.on('drain', go).on('close', go)
  })
}
