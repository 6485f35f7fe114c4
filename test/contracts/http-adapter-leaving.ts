import { connect } from 'node:net'
import { expect, test, vi } from 'vitest'
import { chat, event, type HttpAdapter, sendJson, SSE, startEndpoint, startProvider } from './http-adapter-world.ts'

/** Who leaves is heard, whenever that is. */
export function testLeaving({ mount }: HttpAdapter): void {
  const start = async () => {
    const provider = await startProvider()
    return { provider, ...(await startEndpoint(mount, provider.baseURL)) }
  }
  type World = Awaited<ReturnType<typeof start>>

  /** Sends a request byte by byte, so that it can be left at any time. */
  const call = ({ origin }: World, stream: boolean) => {
    const { hostname, port } = new URL(origin)
    const socket = connect(Number(port), hostname)
    const body = JSON.stringify(chat('Hello', stream))
    socket.write(
      `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    )
    return socket
  }
  const closing = (response: { once(event: 'close', fn: () => void): unknown }) =>
    new Promise<void>(resolve => void response.once('close', resolve))

  test.each([false, true])('before the provider has said anything (stream: %s)', async stream => {
    const world = await start()
    const socket = call(world, stream)
    const says = await world.provider.asked()
    const closed = closing(says)
    socket.destroy()
    await closed
    await vi.waitUntil(() => world.receipts.length === 1)
    expect(world.receipts[0]!.attempts).toMatchObject([{ end: { type: 'aborted' } }])
  })

  test.each([false, true])('between the headers and the first token (stream: %s)', async stream => {
    const world = await start()
    const socket = call(world, stream)
    const says = await world.provider.asked()
    says.writeHead(200, stream ? SSE : { 'content-type': 'application/json' })
    says.write(stream ? event({ role: 'assistant', content: '' }) : '{"id":')
    const closed = closing(says)
    socket.destroy()
    await closed
    await vi.waitUntil(() => world.receipts.length === 1)
  })

  test('in the middle, while the provider speaks', async () => {
    const world = await start()
    const socket = call(world, true)
    const says = await world.provider.asked()
    says.writeHead(200, SSE)
    const closed = closing(says)
    const timer = setInterval(() => says.write(event({ content: 'word ' })), 1)
    await new Promise(resolve => socket.once('data', resolve))
    socket.destroy()
    await closed
    clearInterval(timer)
    await vi.waitUntil(() => world.receipts.length === 1)
    expect(world.receipts[0]!.attempts[0]!.usage.outputTokens).toBeGreaterThan(0)
    expect(world.receipts[0]!.costNanoUsd).toBeGreaterThan(0)
  })

  test('in the middle, while the provider is silent', async () => {
    const world = await start()
    const socket = call(world, true)
    const says = await world.provider.asked()
    says.writeHead(200, SSE)
    says.write(event({ role: 'assistant', content: 'word' }))
    await new Promise(resolve => socket.once('data', resolve))
    const closed = closing(says)
    socket.destroy()
    await closed
    await vi.waitUntil(() => world.receipts.length === 1)
  })

  test('before the request is all sent: nobody is asked, and the server goes on', async () => {
    const world = await start()
    const { hostname, port } = new URL(world.origin)
    const socket = connect(Number(port), hostname)
    socket.write('POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{"model":')
    await vi.waitUntil(() => socket.bytesWritten > 100)
    socket.destroy()
    const answering = sendJson(world.origin, chat('Hello'))
    const says = await world.provider.asked()
    says.writeHead(500).end()
    expect((await answering).status).toBe(502)
    expect(world.receipts).toHaveLength(1)
  })

  test('who stays to the end has left nobody', async () => {
    const world = await start()
    const answering = sendJson(world.origin, chat('Hello', true))
    const says = await world.provider.asked()
    says.writeHead(200, SSE)
    says.end(`${event({ role: 'assistant', content: 'All.' }, 'stop')}data: [DONE]\n\n`)
    await (await answering).rest()
    await vi.waitUntil(() => world.receipts.length === 1)
    expect(world.receipts[0]!.attempts).toMatchObject([{ end: { type: 'answered' } }])
  })
}
