import type { IncomingMessage, ServerResponse } from 'node:http'
import type { HttpReply, HttpRequest } from './types.ts'
import { ProblemError } from './types.ts'

const LARGEST_BODY_BYTES = 64 * 1024 * 1024

/** Reads a whole request. Throws `ProblemError` when its body is too large or no JSON. */
export async function readRequest(message: IncomingMessage): Promise<HttpRequest> {
  const url = new URL(message.url ?? '/', 'http://localhost')
  const headers = Object.fromEntries(Object.entries(message.headers).map(([name, value]) => [name, String(value)]))
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of message as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > LARGEST_BODY_BYTES) throw new ProblemError({ kind: 'too-large' })
    chunks.push(chunk)
  }
  const text = Buffer.concat(chunks).toString('utf8')
  return { method: message.method ?? 'GET', path: decodeURI(url.pathname), query: url.searchParams, headers, body: parseBody(text) }
}

function parseBody(text: string): unknown {
  if (text.trim() === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    throw new ProblemError({ kind: 'bad-request', message: 'We could not parse the JSON body of your request.' })
  }
}

/** Sends JSON. `spoil` breaks the body, for clients that must survive that. */
export function sendReply(response: ServerResponse, reply: HttpReply, spoil: (body: string) => string = body => body): void {
  const body = spoil(JSON.stringify(reply.body))
  response.writeHead(reply.status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    ...reply.headers,
  })
  response.end(body)
}

/** Aborts when the client goes away before the response was all written. */
export function clientSignal(response: ServerResponse): AbortSignal {
  const controller = new AbortController()
  response.once('close', () => {
    if (!response.writableFinished) controller.abort()
  })
  return controller.signal
}

/** Writes, and waits while the client is slower than we are. */
export async function write(response: ServerResponse, text: string, signal: AbortSignal): Promise<void> {
  if (text === '' || signal.aborted || response.write(text)) return
  await new Promise<void>(resolve => {
    const go = () => {
      response.off('drain', go)
      signal.removeEventListener('abort', go)
      resolve()
    }
    response.once('drain', go)
    signal.addEventListener('abort', go, { once: true })
  })
}

/** Destroys the socket, after what was written so far has left. */
export async function cut(response: ServerResponse, text: string): Promise<void> {
  if (response.headersSent) await new Promise<void>(resolve => response.write(text, () => resolve()))
  response.destroy()
}
