// OpenAI's API over all your models, for any client that speaks it: here the `openai` SDK, which only gets another base URL.
//   npx -y pnpm@12 example openai-endpoint
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createAnthropic } from '@ai-sdk/anthropic'
import { createGoogle } from '@ai-sdk/google'
import { openaiEndpoint } from '@routewise/express'
import { cheapest, createRouter, openaiTarget } from '@routewise/http'
import { aiSdkTarget } from '@routewise/http/ai-sdk'
import { startSimulator } from '@routewise/simulator'
import express from 'express'
import OpenAI from 'openai'

// Simulated providers, so that this runs without keys. With keys: their own base URLs, and `import { anthropic } from '@ai-sdk/anthropic'`.
await using sim = await startSimulator({ providers: ['openai', 'anthropic', 'google'], timeScale: 50 })
const anthropic = createAnthropic({ apiKey: 'offline', baseURL: `${sim.url('anthropic')}/v1` })
const google = createGoogle({ apiKey: 'offline', baseURL: `${sim.url('google')}/v1beta` })

const router = createRouter({
  targets: [
    openaiTarget({ baseURL: sim.url('openai'), apiKey: 'offline', model: 'gpt-6-luna' }),
    aiSdkTarget(google('gemini-3.8-flash')),
    aiSdkTarget(anthropic('claude-opus-5-5')),
  ],
  policy: cheapest({ quality: 0.7 }),
})
const app = express()
app.use('/v1', openaiEndpoint(router, { apiKeys: ['team-key'] }))
const server = app.listen(0, '127.0.0.1')
await once(server, 'listening')

// Any client, in any language.
const client = new OpenAI({ apiKey: 'team-key', baseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1` })
console.log((await client.models.list()).data.map(({ id }) => id).join(', '))

const messages = [{ role: 'user' as const, content: 'Where is my parcel?' }]
const stream = await client.chat.completions.create({ model: 'auto', messages, stream: true, stream_options: { include_usage: true } })
let pieces = 0
for await (const { choices, usage } of stream) {
  if (choices[0]?.delta.content) pieces += 1
  if (usage) console.log(`streamed in ${pieces} pieces, ${usage.completion_tokens} tokens`)
}

// A policy by its name, or one model by its own; what was decided is in the headers.
for (const model of ['auto:cheapest', 'auto:best', 'gemini-3.8-flash']) {
  const { response } = await client.chat.completions.create({ model, messages }).withResponse()
  const fact = (name: string) => response.headers.get(`x-routewise-${name}`)
  console.log(`${model.padEnd(17)} ${fact('model')?.padEnd(17)} $${fact('cost-usd')}, ${fact('attempts')} attempt`)
}
server.close()
server.closeAllConnections()
