import { connect } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test, vi } from 'vitest'
import { adapters } from '../contracts/http-adapter-mounts.ts'
import { chat, event, startEndpoint } from '../contracts/http-adapter-world.ts'
import { startEndless } from './endless.ts'

const READERS = 8
const MB = 2 ** 20

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** Bytes that somebody holds on to. */
function heldBytes(): number {
  collectGarbage()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

/** Asks for a stream, and reads only so much of it that it has begun. */
async function begin(origin: string) {
  const { hostname, port } = new URL(origin)
  const socket = connect(Number(port), hostname)
  const body = JSON.stringify(chat('Hello', true))
  socket.write(
    `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  )
  await new Promise(resolve => socket.once('data', resolve))
  return socket.pause()
}

test.each(['express 5', 'koa', 'fetch'])(
  '%s: clients that do not read hold up their providers, and nothing piles up between them',
  async name => {
    // What makes the events long is not the answer's text: that is kept as long as it may be asked for.
    const tape = {
      contentType: 'text/event-stream',
      bytes: Buffer.from(event({ role: 'assistant', content: 'word', obfuscation: 'over' })),
    }
    const provider = await startEndless(tape, 'over', 100 * MB)
    const { origin } = await startEndpoint(adapters[name]!.mount, `${provider.origin}/v1`)
    const first = await begin(origin)
    const before = heldBytes()
    const readers = await Promise.all(Array.from({ length: READERS }, () => begin(origin)))

    let sent = -1
    await vi.waitUntil(() => sent === (sent = provider.sentBytes()), { interval: 250, timeout: 15_000 })
    // Two sockets lie between a provider and a reader, and what they hold is the machine's, not counted in our memory.
    expect(sent / (READERS + 1)).toBeLessThan(16 * MB)
    expect((heldBytes() - before) / READERS).toBeLessThan(3 * MB)

    // They go on reading, and are told what was said since.
    let readBytes = 0
    readers[0]!.on('data', piece => (readBytes += piece.length)).resume()
    await vi.waitUntil(() => readBytes > 20 * MB, { interval: 5, timeout: 15_000 })
    for (const socket of [first, ...readers]) socket.destroy()
  },
)
