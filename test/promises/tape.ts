import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Simulator } from '@routewise/simulator'
import { onTestFinished } from 'vitest'

/** A stream as it went over the socket. */
export interface Tape {
  contentType: string
  bytes: Buffer
}

/** What a provider streams to a client, byte for byte: the client's own request is sent again, and its answer kept. */
export async function tapeOf(sim: Simulator, ask: () => Promise<unknown>): Promise<Tape> {
  await ask()
  const { http, provider } = sim.requests.at(-1)!
  const { host: _host, connection: _connection, 'content-length': _length, ...headers } = http.headers
  const response = await fetch(`${sim.origin(provider)}${http.path}?${http.query.toString()}`, {
    method: http.method,
    headers,
    body: JSON.stringify(http.body),
  })
  return { contentType: response.headers.get('content-type')!, bytes: Buffer.from(await response.arrayBuffer()) }
}

/** How a tape is played; every prompt carries one, as JSON between `<` and `>`. */
export interface Playing {
  /** Bytes that are sent. */
  bytes: number
  /** `clean`: as a server ends that has said all; `cut`: the socket dies. */
  end: 'clean' | 'cut'
  /** Bytes sent at once. Default: all. */
  piece?: number
}

export const promptFor = (playing: Playing): string => `Play <${JSON.stringify(playing)}>`

/** A server that plays a tape to whoever asks. Gives its origin. */
export async function playTape({ contentType, bytes }: Tape): Promise<string> {
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (part: Buffer) => (body += part.toString('latin1')))
    request.on('end', () => {
      const playing = JSON.parse(/Play <(.+?)>/.exec(body)![1]!.replaceAll('\\"', '"')) as Playing
      response.writeHead(200, { 'content-type': contentType })
      response.flushHeaders()
      void play(response, bytes.subarray(0, playing.bytes), playing)
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function play(response: ServerResponse, bytes: Buffer, { end, piece = bytes.length }: Playing): Promise<void> {
  for (let at = 0; at < bytes.length; at += piece) {
    await new Promise(sent => response.write(bytes.subarray(at, at + piece), sent))
  }
  if (end === 'clean') response.end()
  else response.destroy()
}
