import { Agent } from 'node:http'
import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import OpenAI from 'openai'
import { expect, onTestFinished, test } from 'vitest'
import { chat, errorOf, type HttpAdapter, type RawRequest, send, sendJson, startWorld } from './http-adapter-world.ts'

const body = JSON.stringify(chat('Hello'))
const nested = (depth: number) => `{"model":"auto","messages":${'['.repeat(depth)}${']'.repeat(depth)}}`

const refusals: readonly (readonly [what: string, request: RawRequest, error: object])[] = [
  ['a method that a path does not know', { method: 'GET' }, { status: 405, code: 'method_not_allowed' }],
  ['a body that is compressed', { body: gzipSync(body), headers: { 'content-encoding': 'gzip' } }, { status: 415 }],
  ['a body that is said to be text', { body, headers: { 'content-type': 'text/plain' } }, { status: 415 }],
  ['a form', { body: 'model=auto', headers: { 'content-type': 'application/x-www-form-urlencoded' } }, { status: 415 }],
  ['no JSON', { body: '{"model":' }, { status: 400 }],
  ['JSON that is no object', { body: '[]' }, { status: 400 }],
  ['nothing', { body: '' }, { status: 400 }],
  ['letters that are no UTF-8', { body: Buffer.from(body.replace('Hello', 'K\u00f6ln'), 'latin1') }, { status: 400 }],
  ['what is nested too deeply', { body: nested(100_000) }, { status: 400 }],
  ['a list that is too long', { body: `{"model":"auto","messages":[${'1,'.repeat(20_000)}1]}` }, { status: 400 }],
  ['a key that would reach every object', { body: '{"model":"auto","__proto__":{"admin":true},"messages":[]}' }, { status: 400 }],
  ['no model', { body: '{"messages":[{"role":"user","content":"Hello"}]}' }, { status: 400, param: 'model' }],
  ['no messages', { body: '{"model":"auto"}' }, { status: 400, param: 'messages' }],
  ['a model that nobody knows', { body: body.replace('auto', 'gpt-9') }, { status: 404, code: 'model_not_found' }],
  ['a body whose header says that it is too long', { body: `${body}${' '.repeat(1_000_000)}` }, { status: 413 }],
  [
    'a body that turns out to be too long',
    { body: `${body}${' '.repeat(1_000_000)}`, headers: { 'transfer-encoding': 'chunked' } },
    { status: 413 },
  ],
]

/** What is not answered, and how that is said. */
export function testRefusals({ mount, parsed, consumed }: HttpAdapter): void {
  test.each(refusals)('%s is refused as OpenAI would, and the connection goes on', async (_what, request, error) => {
    const { sim, origin } = await startWorld(mount)
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    onTestFinished(() => agent.destroy())
    const refused = await send(origin, { ...request, agent })
    expect(refused.headers['content-type']).toBe('application/json')
    expect(refused.headers['x-request-id']).toBeTruthy()
    expect(await errorOf(refused)).toMatchObject({ message: expect.stringMatching(/\w/), type: 'invalid_request_error', ...error })
    expect(sim.requests).toEqual([])
    const answered = await send(origin, { body, agent })
    expect(answered.status).toBe(200)
    await answered.rest()
  })

  if (parsed !== undefined)
    test('a body without end is cut off', async () => {
      const { origin } = await startWorld(mount)
      const { hostname, port } = new URL(origin)
      const socket = connect(Number(port), hostname)
      socket.write('POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n')
      let told = ''
      socket.on('error', () => {}).on('data', (piece: Buffer) => (told += piece.toString()))
      const piece = `10000\r\n${' '.repeat(65_536)}\r\n`
      const say = () => {
        while (!socket.destroyed && socket.write(piece));
      }
      socket.on('drain', say)
      say()
      await new Promise(resolve => socket.on('close', resolve))
      expect(told).toMatch(/^HTTP\/1.1 413 /)
      expect(socket.bytesWritten).toBeLessThan(64 * 2 ** 20)
    })

  test("the openai SDK tells the endpoint's errors by their class", async () => {
    const { client } = await startWorld(mount)
    const ask = (model: string, content = 'Hello') => client.chat.completions.create({ model, messages: [{ role: 'user', content }] })
    await expect(ask('gpt-9')).rejects.toBeInstanceOf(OpenAI.NotFoundError)
    await expect(ask('auto', 'x'.repeat(1_100_000))).rejects.toMatchObject({ status: 413, requestID: expect.any(String) })
  })

  test("other paths are the app's own", async () => {
    const { origin } = await startWorld(mount)
    for (const path of ['/v1/files', '/health', '/v1', '/v1chat/completions'])
      expect({ path, ...(await send(origin, { method: 'GET', path })) }).toMatchObject({ path, status: 404 })
  })

  test('a provider that has enough for now is told with the time to come back', async () => {
    const effect = { type: 'http-error', kind: 'rate-limit', retryAfterMs: 7_000 } as const
    const { origin } = await startWorld(mount, {}, { faults: [{ effect }], timeScale: 1 })
    for (const stream of [false, true]) {
      const answer = await sendJson(origin, chat('Hello', stream))
      expect(answer).toMatchObject({ status: 429, headers: { 'retry-after': '7', 'x-should-retry': 'true' } })
      expect(await errorOf(answer)).toMatchObject({ type: 'rate_limit_error' })
    }
  })

  if (parsed !== undefined)
    test('what a parser has made of strange bodies is refused, too', async () => {
      const { sim, origin } = await startWorld(parsed)
      expect(await send(origin, { body: nested(200) })).toMatchObject({ status: 400 })
      expect(await send(origin, { body: 'model=auto', headers: { 'content-type': 'application/x-www-form-urlencoded' } })).toMatchObject({
        status: 415,
      })
      expect(sim.requests).toEqual([])
    })

  if (consumed !== undefined)
    test('a body that something has read before is told as the fault of the server', async () => {
      const { origin } = await startWorld(consumed)
      expect(await errorOf(await send(origin, { body }))).toMatchObject({ status: 500, code: 'body_already_read' })
    })
}
