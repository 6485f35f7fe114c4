import { createServer, request as httpRequest, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { bodyParser } from '@koa/bodyparser'
import { Router } from '@koa/router'
import { createRouter, openaiTarget } from '@routewise/http'
import { startSimulator } from '@routewise/simulator'
import Koa from 'koa'
import compress from 'koa-compress'
import OpenAI from 'openai'
import { expect, onTestFinished, test, vi } from 'vitest'
import { openaiEndpoint, routewise } from './index.ts'

async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const serve = (app: Koa): Promise<string> => {
  const answer = app.callback()
  return listen((req, res) => void answer(req, res))
}

const routerFor = (baseURL: string) =>
  createRouter({ targets: [openaiTarget({ baseURL, apiKey: 'test', model: 'gpt-6-luna' })], hedge: false, retry: false })

const chat = (content: string) => ({ model: 'auto', messages: [{ role: 'user' as const, content }] })
const word = (content: string) =>
  `data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"${content}"},"finish_reason":null}]}\n\n`

/** What koa-mount does: the prefix is taken off while the middleware below runs. */
const mounted =
  (prefix: string, below: Koa.Middleware): Koa.Middleware =>
  async (ctx, next) => {
    if (!ctx.path.startsWith(prefix)) return next()
    ctx['mountPath'] = prefix
    ctx.path = ctx.path.slice(prefix.length) || '/'
    await below(ctx, next)
  }

const mounts: readonly (readonly [name: string, mount: (app: Koa, endpoint: typeof openaiEndpoint, baseURL: string) => void])[] = [
  ['by its path', (app, endpoint, baseURL) => app.use(endpoint(routerFor(baseURL)))],
  ['under koa-mount', (app, endpoint, baseURL) => app.use(mounted('/v1', endpoint(routerFor(baseURL))))],
  [
    'on @koa/router',
    (app, endpoint, baseURL) => app.use(new Router().all('/v1/{*path}', endpoint(routerFor(baseURL), { path: '/v1' })).routes()),
  ],
  [
    'behind a parser, a compressor and the scope',
    (app, endpoint, baseURL) =>
      app
        .use(compress())
        .use(routewise())
        .use(bodyParser())
        .use(endpoint(routerFor(baseURL))),
  ],
]

test.each(mounts)('%s: all is answered, and other paths are the app’s own', async (_name, mount) => {
  await using sim = await startSimulator({
    providers: ['openai'],
    timeScale: 100,
    recordings: { match: ({ prompt }) => ({ answer: { text: prompt } }) },
  })
  const app = new Koa()
  mount(app, openaiEndpoint, sim.url('openai'))
  app.use(ctx => (ctx.body = `own ${ctx.originalUrl}`))
  const origin = await serve(app)
  const client = new OpenAI({ baseURL: `${origin}/v1`, apiKey: 'test', maxRetries: 0 })
  const { data, response } = await client.chat.completions.create(chat('Grüße 🌊')).withResponse()
  expect(data.choices[0]!.message.content).toBe('Grüße 🌊')
  expect(response.headers.get('x-routewise-model')).toBe('gpt-6-luna')
  let said = ''
  for await (const { choices } of await client.chat.completions.create({ ...chat('In pieces, please.'), stream: true }))
    said += choices[0]?.delta.content ?? ''
  expect(said).toBe('In pieces, please.')
  expect(await (await fetch(`${origin}/other`)).text()).toBe('own /other')
})

/** An app before a provider whose words the test says, and a stream that has begun. */
async function startStream(before: readonly Koa.Middleware[] = []) {
  const asked = Promise.withResolvers<ServerResponse>()
  const provider = await listen((req, res) => {
    req.resume()
    asked.resolve(res)
  })
  const app = new Koa()
  for (const each of before) app.use(each)
  app.use(openaiEndpoint(routerFor(`${provider}/v1`)))
  const origin = await serve(app)
  const headers = { 'content-type': 'application/json', 'accept-encoding': 'gzip, br' }
  const request = httpRequest(`${origin}/v1/chat/completions`, { method: 'POST', headers })
  request.on('error', () => {})
  request.end(JSON.stringify({ ...chat('Hello'), stream: true }))
  const says = await asked.promise
  says.writeHead(200, { 'content-type': 'text/event-stream' }).write(word('one'))
  const response = await new Promise<AsyncIterable<Buffer> & { headers: Record<string, string> }>(
    resolve => void request.on('response', resolve as never),
  )
  const pieces = response[Symbol.asyncIterator]()
  expect(String((await pieces.next()).value)).toContain('one')
  return { app, request, response, pieces, says }
}

test('a stream arrives piece by piece through koa-compress, with the headers that middleware above adds', async () => {
  const timed: Koa.Middleware = async (ctx, next) => {
    await next()
    ctx.set('x-response-time', '1')
  }
  const { says, pieces, response, request } = await startStream([timed, compress({ threshold: 0 })])
  expect(response.headers).toMatchObject({ 'content-type': 'text/event-stream; charset=utf-8', 'x-response-time': '1' })
  expect(response.headers).not.toHaveProperty('content-encoding')
  says.write(word('two'))
  expect(String((await pieces.next()).value)).toContain('two')
  request.destroy()
})

test('a client that leaves is an error that Koa tells the app, and prints nowhere', async () => {
  const { app, request, says } = await startStream()
  const printed = vi.spyOn(console, 'error').mockImplementation(() => {})
  const heard = new Promise(resolve => app.on('error', resolve))
  const closed = new Promise(resolve => says.once('close', resolve))
  request.destroy()
  await closed
  expect(await heard).toMatchObject({ message: 'The client left.', status: 499, expose: true })
  expect(printed).not.toHaveBeenCalled()
  printed.mockRestore()
})

test('an answer that middleware above replaces, or fails after, is given up', async () => {
  for (const above of [
    async (ctx: Koa.Context, next: Koa.Next) => {
      await next()
      ctx.body = 'another'
    },
    async (_ctx: Koa.Context, next: Koa.Next) => {
      await next()
      throw new Error('too late')
    },
  ]) {
    const closed = Promise.withResolvers<void>()
    const talking = await listen((req, res) => {
      req.resume()
      res.writeHead(200, { 'content-type': 'text/event-stream' }).write(word('one'))
      res.once('close', () => closed.resolve())
    })
    const app = new Koa()
    app.silent = true
    app.use(above).use(openaiEndpoint(routerFor(`${talking}/v1`)))
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch(`${await serve(app)}/v1/chat/completions`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ ...chat('Hello'), stream: true }),
    })
    expect(await answer.text()).not.toContain('one')
    await closed.promise
  }
})

test('what a function among the options throws goes to the middleware above', async () => {
  const app = new Koa()
  app.use(async (ctx, next) => {
    try {
      await next()
    } catch (error) {
      ctx.status = 418
      ctx.body = String(error)
    }
  })
  const fail = () => {
    throw new Error('no user')
  }
  app.use(openaiEndpoint(routerFor('http://127.0.0.1:1/v1'), { tenant: fail }))
  app.use(routewise({ session: fail }))
  const origin = await serve(app)
  const headers = { 'content-type': 'application/json' }
  const answers = [
    await fetch(`${origin}/v1/chat/completions`, { method: 'POST', headers, body: JSON.stringify(chat('Hello')) }),
    await fetch(`${origin}/scoped`),
  ]
  for (const answer of answers) expect([answer.status, await answer.text()]).toEqual([418, 'Error: no user'])
})
