// A bare OpenAI-wire upstream: one fixed answer at once, so that what is measured is what stands before it.
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { done, paces, streamEvents, wholeAnswer, wholeStream } from './exchange.ts'
import { settings, tellParent } from './serve.ts'

const { tickMs } = settings() as { tickMs: number }

const server = createServer((request, response) => {
  const parts: Buffer[] = []
  request.on('data', (part: Buffer) => parts.push(part))
  request.on('end', () => {
    const asked = parts.length === 1 ? parts[0]! : Buffer.concat(parts)
    if (!asked.includes('"stream":true')) {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': wholeAnswer.length })
      response.end(wholeAnswer)
      return
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    if (asked.includes(paces.stepwise)) stepwise(response)
    else if (asked.includes(paces.ticking)) ticking.set(response, 0)
    else response.end(wholeStream)
  })
  response.on('close', () => ticking.delete(response))
})

function stepwise(response: ServerResponse): void {
  for (const event of streamEvents.slice(0, 2)) response.write(event)
  setImmediate(() => response.end(Buffer.concat([...streamEvents.slice(2), done])))
}

/** Streams that get an event at every tick, and how many they have had. */
const ticking = new Map<ServerResponse, number>()
setInterval(() => {
  for (const [response, had] of ticking) {
    const event = streamEvents[had]
    if (event !== undefined) {
      response.write(event)
      ticking.set(response, had + 1)
      continue
    }
    ticking.delete(response)
    response.end(done)
  }
}, tickMs)

server.keepAliveTimeout = 60_000
server.listen({ port: 0, host: '127.0.0.1', backlog: 2_048 }, () => tellParent((server.address() as AddressInfo).port))
