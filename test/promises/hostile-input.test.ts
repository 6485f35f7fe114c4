import { Agent, createServer, type IncomingMessage, request as httpRequest, type Server } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { openaiEndpoint } from '@routewise/express'
import { createEndpoint, createRouter, openaiTarget, type WireRouter } from '@routewise/http'
import express from 'express'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type HostileBody, hostileBodies } from './hostile-bodies.ts'
import { type Provider, startProvider } from './telltale.ts'

const ANSWER = JSON.stringify({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'gpt-4o-mini',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Hello.', refusal: null }, logprobs: null, finish_reason: 'stop' }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
})
const STREAM = `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'gpt-4o-mini', choices: [{ index: 0, delta: { role: 'assistant', content: 'Hello.' }, finish_reason: 'stop' }] })}\n\ndata: [DONE]\n\n`

const PATH = '/v1/chat/completions'
const JSON_TYPE = { 'content-type': 'application/json' }
const GOOD = JSON.stringify({ model: 'auto', messages: [{ role: 'user', content: 'Hello.' }] })
const MB = 1_000_000

let provider: Provider
let router: WireRouter
let server: Server
let port: number
/** Bytes that came in, by connection. */
const sockets: Socket[] = []
const faults: unknown[] = []
const onFault = (fault: unknown) => void faults.push(fault)

beforeAll(async () => {
  provider = await startProvider((request, response) => {
    const isStream = request.headers.accept === 'text/event-stream'
    response.writeHead(200, { 'content-type': isStream ? 'text/event-stream' : 'application/json' })
    response.end(isStream ? STREAM : ANSWER)
  })
  router = createRouter({
    targets: [openaiTarget({ baseURL: `${provider.origin}/v1`, apiKey: 'key', model: 'gpt-4o-mini' })],
    hedge: false,
  })
  server = createServer(
    { headersTimeout: 1_000, requestTimeout: 1_000, connectionsCheckingInterval: 100 },
    express().use('/v1', openaiEndpoint(router)),
  )
  server.on('connection', (socket: Socket) => sockets.push(socket))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
  process.on('uncaughtException', onFault)
  process.on('unhandledRejection', onFault)
})

afterAll(async () => {
  process.off('uncaughtException', onFault)
  process.off('unhandledRejection', onFault)
  server.closeAllConnections()
  server.close()
  await provider[Symbol.asyncDispose]()
})

interface Answered {
  status: number
  text: string
}

async function read(response: IncomingMessage): Promise<Answered> {
  let text = ''
  for await (const part of response.setEncoding('utf8')) text += part as string
  return { status: response.statusCode!, text }
}

function post(body: Buffer | string, headers: Record<string, string | string[]> = JSON_TYPE): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const asked = httpRequest({ host: '127.0.0.1', port, method: 'POST', path: PATH, headers }, response => resolve(read(response)))
    asked.on('error', reject)
    asked.end(body)
  })
}

async function byFetch(body: Buffer | string): Promise<Answered> {
  const response = await createEndpoint(router)(
    new Request(`https://app.test${PATH}`, { method: 'POST', headers: JSON_TYPE, body: Uint8Array.from(Buffer.from(body)) }),
  )
  return { status: response.status, text: await response.text() }
}

/** Bodies that were answered with another status than they should, or with an error in another form than OpenAI's. */
async function misread(ask: (body: Buffer) => Promise<Answered>): Promise<string[]> {
  const wrong: string[] = []
  for (const { name, body, statuses } of hostileBodies) {
    const { status, text } = await ask(body)
    if (!statuses.includes(status)) wrong.push(`${name}: ${status} ${text.slice(0, 200)}`)
    if (status >= 400 && !isError(text)) wrong.push(`${name}: no error of OpenAI’s, ${text.slice(0, 200)}`)
    // What was sent is told back in short, or not at all.
    if (status >= 400 && text.length > 2_000) wrong.push(`${name}: answered with ${text.length} characters`)
  }
  return wrong
}

function isError(text: string): boolean {
  const { error } = JSON.parse(text) as { error?: { message?: unknown; type?: unknown; param?: unknown; code?: unknown } }
  return typeof error?.message === 'string' && typeof error.type === 'string' && error.param !== undefined && error.code !== undefined
}

test.each<readonly [string, (body: Buffer) => Promise<Answered>]>([
  ['Express', post],
  ['fetch', byFetch],
])(
  'through %s every hostile body is refused in OpenAI’s words, or is one that means something',
  async (_, ask) => {
    expect(hostileBodies.length).toBeGreaterThan(150)
    expect(await misread(ask)).toEqual([])
    expect((await ask(Buffer.from(GOOD))).status).toBe(200)
    expect(faults).toEqual([])
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  },
  120_000,
)

test('what is refused has reached nobody', async () => {
  const refused: readonly HostileBody[] = hostileBodies.filter(({ statuses }) => !statuses.includes(200))
  const before = provider.received.length
  for (const { body } of refused) await post(body)
  expect(provider.received.length).toBe(before)
}, 60_000)

test('a body that says it is too long is refused before a byte of it is sent', async () => {
  const asked = httpRequest({ host: '127.0.0.1', port, method: 'POST', path: PATH, headers: { ...JSON_TYPE, 'content-length': 100 * MB } })
  asked.on('error', () => undefined)
  const answered = new Promise<Answered>(resolve => asked.on('response', response => resolve(read(response))))
  asked.flushHeaders()
  expect((await answered).status).toBe(413)
  asked.destroy()
})

test('a body that goes on for 100 MB without saying so is refused at the limit, and the rest of it is neither kept nor waited for', async () => {
  const before = process.memoryUsage().rss
  // A connection that is to be closed is closed by the server at once, answer or not.
  const agent = new Agent({ keepAlive: true })
  const piece = Buffer.alloc(MB / 4, 'a')
  const asked = httpRequest({
    host: '127.0.0.1',
    port,
    method: 'POST',
    path: PATH,
    headers: { ...JSON_TYPE, 'transfer-encoding': 'chunked' },
    agent,
  })
  let sent = 0
  let isOver = false
  asked.on('error', () => (isOver = true))
  asked.on('close', () => (isOver = true))
  const answered = new Promise<Answered>(resolve => asked.on('response', response => resolve(read(response))))
  asked.write('{"x":"')
  const socket = sockets.length
  await vi.waitUntil(
    () => {
      for (let at = 0; at < 4 && !asked.destroyed && sent < 100 * MB && !asked.writableNeedDrain; at += 1) {
        asked.write(piece)
        sent += piece.length
      }
      return isOver || sent >= 100 * MB
    },
    { interval: 1, timeout: 15_000 },
  )
  const { status } = await answered
  asked.destroy()
  agent.destroy()
  expect(status).toBe(413)
  // Told early enough that a client that goes on for ever is stopped.
  expect(sockets[Math.min(socket, sockets.length - 1)]!.bytesRead).toBeLessThan(32 * MB)
  expect(process.memoryUsage().rss - before).toBeLessThan(200 * MB)
  expect((await post(GOOD)).status).toBe(200)
}, 30_000)

test('headers without end are refused by the server, strange ones change nothing', async () => {
  const { status } = await post(GOOD, { ...JSON_TYPE, 'x-routewise-session': 's'.repeat(64_000) })
  expect(status).toBe(431)
  expect((await post(GOOD, { ...JSON_TYPE, 'x-many': Array.from({ length: 500 }, () => 'x') })).status).toBe(200)
  for (const value of ['__proto__', 'constructor', 'x'.repeat(201), '\u00ff\u00fe', '{}', '-1', '1e999', 'NaN']) {
    for (const header of ['session', 'tenant', 'task', 'policy', 'max-usd']) {
      const { status: each } = await post(GOOD, { ...JSON_TYPE, [`x-routewise-${header}`]: value })
      expect([200, 400]).toContain(each)
    }
  }
  for (const header of ['idempotency-key', 'authorization', 'api-key', 'content-encoding', 'content-type', 'accept', 'expect']) {
    const { status: each } = await post(GOOD, { ...JSON_TYPE, [header]: header === 'content-type' ? 'text/plain' : 'constructor' })
    expect([200, 400, 415, 417]).toContain(each)
  }
  expect(faults).toEqual([])
})

test('clients that send their requests a byte at a time, or never to the end, cost no more than the server’s own patience', async () => {
  const head = `POST ${PATH} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n`
  const slow = [
    head.slice(0, 20),
    head,
    `${head}content-length: 1000\r\n\r\n`,
    `${head}content-length: 1000\r\n\r\n{"model":`,
    `${head}transfer-encoding: chunked\r\n\r\n5\r\n{"mod`,
  ]
  const clients = Array.from({ length: 50 }, (_, at) => {
    const client = connect(port, '127.0.0.1')
    client.on('error', () => undefined)
    client.write(slow[at % slow.length]!)
    return client.resume()
  })
  // Others are served meanwhile, and the slow ones are let go by the server.
  expect((await post(GOOD)).status).toBe(200)
  await vi.waitUntil(() => clients.every(client => client.closed), { interval: 20, timeout: 15_000 })
  expect((await post(GOOD)).status).toBe(200)
  expect(faults).toEqual([])
}, 30_000)
