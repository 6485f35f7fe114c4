import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import OpenAI from 'openai'
import { expect, onTestFinished, test } from 'vitest'
import { createRouter } from '../router.ts'
import { chat } from '../testing/exchange.ts'
import { chatBody, chatEvents, ProviderFailure, scriptedTarget, type Script } from '../testing/scripted-target.ts'
import { createEndpoint, type WebEndpointOptions } from './endpoint.ts'

function setUp(script: Script = { says: chatBody('hello') }, options: WebEndpointOptions = {}) {
  const target = scriptedTarget('one', script)
  const router = createRouter({ targets: [target], retry: false, newId: () => 'call-1' })
  return { target, router, endpoint: createEndpoint(router, options) }
}

function post(path: string, body: unknown = chat('auto'), init: RequestInit = {}): Request {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return new Request(`https://host.test${path}`, { method: 'POST', body: text, headers: { 'content-type': 'application/json' }, ...init })
}

const stream = chat('auto', { stream: true })

test.each([
  '/v1/chat/completions',
  '/chat/completions',
  '/api/ai/v1/chat/completions?api-version=1',
  '/openai/deployments/one/chat/completions',
])('is found at %s', async path => {
  const { endpoint } = setUp()
  const response = await endpoint(post(path))
  expect(response.status).toBe(200)
  expect(await response.text()).toBe(chatBody('hello')[0])
  expect(response.headers.get('content-length')).toBe(String(chatBody('hello')[0]!.length))
})

test('is found below its basePath alone, where it has one', async () => {
  const { endpoint } = setUp({ says: chatBody('hello') }, { basePath: '/v1/' })
  expect((await endpoint(post('/v1/chat/completions'))).status).toBe(200)
  for (const path of ['/chat/completions', '/v2/chat/completions', '/v1/x/chat/completions', '/v1']) {
    expect((await endpoint(post(path))).status).toBe(404)
  }
  expect(() => setUp({}, { basePath: 'v1' })).toThrow('basePath')
})

test('a path that is none is answered as OpenAI would', async () => {
  const { endpoint } = setUp()
  const response = await endpoint(post('/v1/images/generations'))
  expect([response.status, response.headers.get('x-request-id')]).toEqual([404, 'call-1'])
  expect(await response.json()).toMatchObject({ error: { code: 'unknown_url', type: 'invalid_request_error', param: null } })
  const wrong = await endpoint(new Request('https://host.test/v1/chat/completions'))
  expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'POST'])
})

test('HEAD tells what GET would, without its body', async () => {
  const { endpoint } = setUp()
  const response = await endpoint(new Request('https://host.test/v1/models', { method: 'HEAD' }))
  expect([response.status, await response.text()]).toEqual([200, ''])
})

test.each([
  [
    'by its length',
    (text: string) => ({ body: text, headers: { 'content-type': 'application/json', 'content-length': String(text.length) } }),
  ],
  ['as it is read', (text: string) => ({ body: Readable.toWeb(Readable.from([Buffer.from(text)])), duplex: 'half' })],
])('a body that is too long is refused %s', async (_, init) => {
  const { endpoint, target } = setUp({ says: chatBody('hello') }, { maxBodyBytes: 100 })
  const long = JSON.stringify(chat('auto', { metadata: { long: 'x'.repeat(100) } }))
  const response = await endpoint(post('/v1/chat/completions', long, init(long) as RequestInit))
  expect(response.status).toBe(413)
  expect(await response.json()).toMatchObject({ error: { code: 'request_too_large' } })
  expect(target.calls).toEqual([])
})

test('letters that were cut between two reads are put together again', async () => {
  const { endpoint, target } = setUp()
  const bytes = Buffer.from(JSON.stringify(chat('auto', { user: 'Zoë 🙂' })))
  const body = Readable.toWeb(Readable.from(Array.from(bytes, byte => Buffer.of(byte))))
  const request = post('/v1/chat/completions', '', { body: body as unknown as BodyInit, duplex: 'half' } as RequestInit)
  expect((await endpoint(request)).status).toBe(200)
  expect(target.calls[0]!.body['user']).toBe('Zoë 🙂')
})

test('what a function among the options throws is a 500 that says nothing, or the refusal that it is', async () => {
  const refuse = (error: Error) => () => {
    throw error
  }
  const warned = once(process, 'warning')
  const broken = await setUp({}, { tenant: refuse(new Error('no database')) }).endpoint(post('/v1/chat/completions'))
  expect([broken.status, await broken.text()]).toEqual([500, expect.not.stringContaining('database')])
  expect(await warned).toMatchObject([{ message: 'no database' }])
  const refused = await setUp({}, { tenant: refuse(Object.assign(new Error('Members only.'), { status: 403 })) }).endpoint(
    post('/v1/chat/completions'),
  )
  expect([refused.status, await refused.text()]).toEqual([403, expect.stringContaining('Members only.')])
})

test('options that are functions are given the request', async () => {
  const { endpoint, router } = setUp({ says: chatBody('hello') }, { tenant: request => request.headers.get('x-user') ?? undefined })
  const told = new Promise(resolve => router.on('receipt', resolve))
  await endpoint(post('/v1/chat/completions', chat('auto'), { headers: { 'content-type': 'application/json', 'x-user': 'anna' } }))
  expect(await told).toMatchObject({ tenant: 'anna' })
})

test('a reader that cancels cancels the provider', async () => {
  const { endpoint, target } = setUp({ says: chatEvents('hel', 'lo').slice(0, 2), hangs: true })
  const reader = (await endpoint(post('/v1/chat/completions', stream))).body!.getReader()
  await reader.read()
  await reader.cancel()
  expect(target.signals[0]!.aborted).toBe(true)
})

test('a request that is aborted cancels the provider, and breaks its body off', async () => {
  const { endpoint, target } = setUp({ says: chatEvents('hel', 'lo').slice(0, 2), hangs: true })
  const client = new AbortController()
  const response = await endpoint(post('/v1/chat/completions', stream, { signal: client.signal }))
  const reader = response.body!.getReader()
  await reader.read()
  await reader.read()
  const third = reader.read()
  client.abort()
  await expect(third).rejects.toThrow('aborted')
  expect(target.signals[0]!.aborted).toBe(true)
})

/** The endpoint behind a real server, which carries web requests and responses by hand. */
async function serve(endpoint: (request: Request) => Promise<Response>): Promise<string> {
  const carry = async (req: IncomingMessage, res: ServerResponse) => {
    const left = new AbortController()
    res.on('close', () => left.abort())
    const body = req.method === 'POST' ? (Readable.toWeb(req) as unknown as BodyInit) : null
    const headers = Object.entries(req.headers).map(([name, value]): [string, string] => [name, String(value)])
    const init = { method: req.method!, headers, body, duplex: 'half', signal: left.signal }
    const response = await endpoint(new Request(`http://host.test${req.url}`, init))
    res.writeHead(response.status, Object.fromEntries(response.headers))
    if (response.body === null) res.end()
    else await pipeline(Readable.fromWeb(response.body as never), res).catch(() => {})
  }
  const server = createServer((req, res) => void carry(req, res))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
}

test('the openai SDK talks to it over a socket: whole, streamed, parsed, refused', async () => {
  const { endpoint } = setUp({ says: chatEvents('hel', 'lo') })
  const client = new OpenAI({ apiKey: 'unused', baseURL: await serve(endpoint), maxRetries: 0 })
  const helper = client.chat.completions.stream({ model: 'auto', messages: [{ role: 'user', content: 'hi' }] })
  expect(await helper.finalContent()).toBe('hello')
  await expect(client.chat.completions.create({ model: 'none', messages: [{ role: 'user', content: 'hi' }] })).rejects.toMatchObject({
    status: 404,
    code: 'model_not_found',
    requestID: 'call-1',
  })
})

test('the SDK hears of an answer that breaks off', async () => {
  const { endpoint } = setUp({ says: chatEvents('hel', 'lo').slice(0, 3), fails: new ProviderFailure(500, { message: 'down' }) })
  const client = new OpenAI({ apiKey: 'unused', baseURL: await serve(endpoint), maxRetries: 0 })
  const chunks = await client.chat.completions.create({ model: 'auto', messages: [{ role: 'user', content: 'hi' }], stream: true })
  let text = ''
  const read = async () => {
    for await (const chunk of chunks) text += chunk.choices[0]?.delta.content ?? ''
  }
  await expect(read()).rejects.toMatchObject({ code: 'stream_interrupted' })
  expect(text).toBe('hello')
})

test('a client of the SDK that breaks off its loop cancels the provider', async () => {
  const { endpoint, target } = setUp({ says: chatEvents('hel', 'lo').slice(0, 3), hangs: true })
  const client = new OpenAI({ apiKey: 'unused', baseURL: await serve(endpoint), maxRetries: 0 })
  const chunks = await client.chat.completions.create({ model: 'auto', messages: [{ role: 'user', content: 'hi' }], stream: true })
  for await (const chunk of chunks) if (chunk.choices[0]?.delta.content === 'lo') break
  const [signal] = target.signals
  if (!signal!.aborted) await once(signal!, 'abort')
  expect(signal!.aborted).toBe(true)
})
