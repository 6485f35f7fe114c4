import { createServer, request as httpRequest, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createRouter, openaiTarget } from '@routewise/http'
import { startSimulator } from '@routewise/simulator'
import compression from 'compression'
import cors from 'cors'
import express, { type RequestHandler } from 'express'
import { rateLimit } from 'express-rate-limit'
import express4 from 'express4'
import helmet from 'helmet'
import OpenAI from 'openai'
import { expect, onTestFinished, test } from 'vitest'
import { openaiEndpoint, routewise } from './index.ts'

async function listen(listener: Parameters<typeof createServer>[1]): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const routerFor = (baseURL: string) =>
  createRouter({ targets: [openaiTarget({ baseURL, apiKey: 'test', model: 'gpt-6-luna' })], hedge: false, retry: false })

async function start(before: readonly RequestHandler[], make: typeof express = express) {
  const sim = await startSimulator({
    providers: ['openai'],
    timeScale: 100,
    recordings: { match: ({ prompt }) => ({ answer: { text: prompt } }) },
  })
  onTestFinished(() => sim.close())
  const app = make()
  for (const each of before) app.use(each)
  app.use('/v1', openaiEndpoint(routerFor(sim.url('openai'))))
  app.use((_req, res) => void res.status(404).send("the app's own"))
  const origin = await listen(app)
  const client = new OpenAI({ baseURL: `${origin}/v1`, apiKey: 'test', maxRetries: 0 })
  const ask = async (prompt: string) => await client.chat.completions.create(chat(prompt)).withResponse()
  return { sim, origin, client, ask }
}

const chat = (content: string) => ({ model: 'auto', messages: [{ role: 'user' as const, content }] })

const around: readonly (readonly [name: string, before: (make: typeof express) => RequestHandler[]])[] = [
  [
    'compression, helmet, cors, a rate limit and the scope',
    () => [compression(), helmet(), cors(), rateLimit({ limit: 100 }), routewise()],
  ],
  ['parsers of every kind', make => [make.json(), make.urlencoded({ extended: true }), make.text(), make.raw()]],
  ['a parser that leaves JSON alone', make => [make.urlencoded({ extended: true })]],
  ['bodies taken as text', make => [make.text({ type: '*/*' })]],
  ['bodies taken as they are', make => [make.raw({ type: '*/*' })]],
]

test.each(
  around.flatMap(([name, before]) => [
    { name: `Express 5: ${name}`, before, make: express },
    { name: `Express 4: ${name}`, before, make: express4 },
  ]),
)('$name: all is answered', async ({ before, make }) => {
  const { client, ask } = await start(before(make), make)
  const { data, response } = await ask('Grüße 🌊')
  expect(data.choices[0]!.message.content).toBe('Grüße 🌊')
  expect(response.headers.get('x-routewise-model')).toBe('gpt-6-luna')
  let said = ''
  for await (const { choices } of await client.chat.completions.create({ ...chat('In pieces, please.'), stream: true }))
    said += choices[0]?.delta.content ?? ''
  expect(said).toBe('In pieces, please.')
  await expect(client.chat.completions.create({ ...chat('Hello'), model: 'gpt-9' })).rejects.toMatchObject({ status: 404 })
})

test('a stream arrives piece by piece through compression', async () => {
  let says: ServerResponse | undefined
  const asked = Promise.withResolvers<void>()
  const provider = await listen((req, res) => {
    req.resume()
    says = res
    asked.resolve()
  })
  const app = express()
    .use(compression({ threshold: 0 }))
    .use('/v1', openaiEndpoint(routerFor(`${provider}/v1`)))
  const origin = await listen(app)
  const headers = { 'content-type': 'application/json', 'accept-encoding': 'gzip, br' }
  const request = httpRequest(`${origin}/v1/chat/completions`, { method: 'POST', headers })
  request.end(JSON.stringify({ ...chat('Hello'), stream: true }))
  await asked.promise
  const word = (content: string) =>
    `data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"${content}"},"finish_reason":null}]}\n\n`
  says!.writeHead(200, { 'content-type': 'text/event-stream' }).write(word('one'))
  const response = await new Promise<AsyncIterable<Buffer> & { headers: object }>(resolve => void request.on('response', resolve))
  const pieces = response[Symbol.asyncIterator]()
  expect(response.headers).not.toHaveProperty('content-encoding')
  expect(String((await pieces.next()).value)).toContain('one')
  says!.write(word('two'))
  expect(String((await pieces.next()).value)).toContain('two')
  request.destroy()
})

test('a preflight is answered by cors, before the endpoint or behind it', async () => {
  const ask = async (origin: string) => {
    const headers = { origin: 'https://app.example', 'access-control-request-method': 'POST' }
    return (await fetch(`${origin}/v1/chat/completions`, { method: 'OPTIONS', headers })).status
  }
  expect(await ask((await start([cors()])).origin)).toBe(204)
  const app = express()
    .use('/v1', openaiEndpoint(routerFor('http://127.0.0.1:1/v1')))
    .use(cors())
  expect(await ask(await listen(app))).toBe(204)
})

test('compressed bodies are answered where the app unpacks them', async () => {
  const { origin } = await start([express.json()])
  const packed = await new Response(
    new Blob([JSON.stringify(chat('Packed.'))]).stream().pipeThrough(new CompressionStream('gzip')),
  ).arrayBuffer()
  const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' }
  const answer = await fetch(`${origin}/v1/chat/completions`, { method: 'POST', headers, body: packed })
  expect(await answer.json()).toMatchObject({ choices: [{ message: { content: 'Packed.' } }] })
})

test.each([
  ['Express 5', express],
  ['Express 4', express4],
])("%s: what a function among the options throws goes to the app's own error handling", async (_name, make) => {
  const fault = new Error('no user')
  const fail = () => {
    throw fault
  }
  const seen: unknown[] = []
  const app = make()
  app.use('/scoped', routewise({ tenant: fail }))
  app.use('/v1', openaiEndpoint(routerFor('http://127.0.0.1:1/v1'), { tenant: async () => Promise.resolve().then(fail) }))
  app.use(((error, _req, res, _next) => {
    seen.push(error)
    res.status(418).end()
  }) satisfies express.ErrorRequestHandler)
  const origin = await listen(app)
  const headers = { 'content-type': 'application/json' }
  const answers = [
    await fetch(`${origin}/scoped`),
    await fetch(`${origin}/v1/chat/completions`, { method: 'POST', headers, body: JSON.stringify(chat('Hello')) }),
  ]
  expect(answers.map(({ status }) => status)).toEqual([418, 418])
  expect(seen).toEqual([fault, fault])
})

test('options that are none are refused when the app is made', () => {
  expect(() => routewise({ tenant: 42 as never })).toThrow('option `tenant` is 42: expected a name, or a function of the request')
  expect(() => routewise({ tenent: 'acme' } as never)).toThrow('unknown option `tenent`')
})
