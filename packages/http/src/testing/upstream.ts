import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'

export interface Seen {
  method: string
  url: string
  headers: IncomingMessage['headers']
  body: string
}

export interface Upstream {
  origin: string
  /** As a base URL of OpenAI's API. */
  url: string
  /** Requests so far. */
  seen: Seen[]
}

/** A server on loopback that answers as it is told, byte for byte, until the test is over. */
export async function startUpstream(answer: (response: ServerResponse, request: IncomingMessage) => void): Promise<Upstream> {
  const seen: Seen[] = []
  const server = createServer((request, response) => {
    void text(request).then(
      body => {
        seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body })
        answer(response, request)
      },
      () => {},
    )
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { origin, url: `${origin}/v1`, seen }
}

/** Answers with an event stream of exactly these bytes. */
export function sendEvents(response: ServerResponse, bytes: string | Uint8Array): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.end(bytes)
}

export function sendJson(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(typeof body === 'string' ? body : JSON.stringify(body))
}
