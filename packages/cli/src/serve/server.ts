import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { InputError } from '../input/input-error.ts'

/** A server that is listening. */
export interface RunningServer {
  port: number
  /** Answers on their way. */
  open(): number
  /** Takes no new requests, and waits for the answers on their way, at most so many milliseconds; then cuts off what is left. */
  stop(graceMs: number): Promise<void>
}

interface ListenOptions {
  port: number
  host: string
  answer(request: IncomingMessage, response: ServerResponse): void
}

const STOPPING = JSON.stringify({
  error: { message: 'This server is being stopped.', type: 'server_error', param: null, code: 'stopping' },
})

/** @throws InputError if the address is taken, not this machine's, or not allowed. */
export async function startServer({ port, host, answer }: ListenOptions): Promise<RunningServer> {
  let open = 0
  let stopping = false
  let onIdle: (() => void) | undefined
  const server = createServer((request, response) => {
    // Connections that were busy when the server stopped listening may bring more.
    if (stopping) return void response.writeHead(503, { 'content-type': 'application/json', connection: 'close' }).end(STOPPING)
    open += 1
    response.once('close', () => {
      open -= 1
      if (open === 0) onIdle?.()
    })
    answer(request, response)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', error => reject(new InputError(reasonOf(error, host, port), { cause: error })))
    server.listen(port, host, resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    open: () => open,
    async stop(graceMs) {
      stopping = true
      server.close()
      if (open > 0) {
        const idle = Promise.withResolvers<void>()
        onIdle = idle.resolve
        const limit = setTimeout(idle.resolve, graceMs)
        await idle.promise
        clearTimeout(limit)
      }
      server.closeAllConnections()
    },
  }
}

function reasonOf(error: Error & { code?: string }, host: string, port: number): string {
  if (error.code === 'EADDRINUSE') return `Port ${port} of ${host} is taken. Give another, or any free one: --port 0`
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') return `${host} is no address of this machine (--host).`
  if (error.code === 'EACCES') return `This user may not listen on port ${port}. Give one above 1023: --port 8787`
  return `Cannot listen on port ${port} of ${host}: ${error.message}`
}
