// A Koa app that streams a routed answer to a browser, and beside it OpenAI's API for any other client. Who leaves is no longer paid for.
//   npx -y pnpm@12 example koa-app
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { createAnthropic } from '@ai-sdk/anthropic'
import { cheapest, createRouter, openaiTarget, routedFetch } from '@routewise/http'
import { aiSdkTarget } from '@routewise/http/ai-sdk'
import { openaiEndpoint, routewise } from '@routewise/koa'
import { startSimulator } from '@routewise/simulator'
import Koa from 'koa'
import OpenAI from 'openai'

// Simulated providers, so that this runs without keys. With keys: their own base URLs, and `import { anthropic } from '@ai-sdk/anthropic'`.
await using sim = await startSimulator({ providers: ['openai', 'anthropic'], timeScale: 5 })
const anthropic = createAnthropic({ apiKey: 'offline', baseURL: `${sim.url('anthropic')}/v1` })

const router = createRouter({
  targets: [
    openaiTarget({ baseURL: sim.url('openai'), apiKey: 'offline', model: 'gpt-6-luna' }),
    aiSdkTarget(anthropic('claude-opus-5-5')),
  ],
  policy: cheapest({ quality: 0.7 }),
})
router.on('receipt', ({ session, model = 'nobody', attempts, costUsd }) => {
  console.log(`${session}: ${attempts.map(({ end }) => end.type).join(', ')} by ${model}, $${costUsd}`)
})
const openai = new OpenAI({ apiKey: 'routed', fetch: routedFetch(router), maxRetries: 0 })

const app = new Koa()
// Koa tells who has left before the end as an error.
app.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') console.error(error)
})
// Context for every routed call below; where the client leaves, the provider is told to stop.
app.use(routewise({ session: ctx => ctx.get('x-chat') || undefined }))
app.use(openaiEndpoint(router, { path: '/v1' }))
app.use(async ctx => {
  const stream = await openai.chat.completions.create({
    model: 'auto',
    stream: true,
    messages: [{ role: 'user', content: String(ctx.query['q']) }],
  })
  ctx.type = 'text/plain'
  ctx.body = Readable.from(textOf(stream))
})

async function* textOf(stream: AsyncIterable<OpenAI.ChatCompletionChunk>): AsyncGenerator<string, void, void> {
  for await (const { choices } of stream) yield choices[0]?.delta.content ?? ''
}

const server = app.listen(0, '127.0.0.1')
await once(server, 'listening')
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
const ask = (chat: string, signal?: AbortSignal) =>
  fetch(`${url}/chat?q=How+do+I+reset+the+thermostat`, { headers: { 'x-chat': chat }, signal: signal ?? null })

const whole = await (await ask('stays')).text()
console.log(`stays: read ${whole.split(' ').length} words`)

const leaving = new AbortController()
const reader = (await ask('leaves', leaving.signal)).body!.getReader()
await reader.read()
leaving.abort()
await sim.settled()
console.log(`leaves: ${sim.openRequests} requests are open at the providers`)

const client = new OpenAI({ apiKey: 'any', baseURL: `${url}/v1`, defaultHeaders: { 'x-chat': 'another-client' } })
const { choices } = await client.chat.completions.create({ model: 'auto:best', messages: [{ role: 'user', content: 'Hello' }] })
console.log(`another client: ${choices[0]?.finish_reason}`)
server.close()
server.closeAllConnections()
