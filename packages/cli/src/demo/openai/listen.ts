import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import OpenAI from 'openai'
import type { Mounted } from './face.ts'

/** A server of the app's own on loopback, and the client that asks it. */
export async function listen(app: { listen(port: number, host: string): Server }): Promise<Mounted> {
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    client: new OpenAI({ apiKey: 'any', baseURL: `http://127.0.0.1:${port}/v1`, maxRetries: 0 }),
    async close() {
      server.close()
      server.closeAllConnections()
    },
  }
}
