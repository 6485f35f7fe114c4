// An Express app whose users each have a budget: whatever model calls a handler makes, they are its user's, and their costs come with the response.
//   npx -y pnpm@12 example express-app
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createAnthropic } from '@ai-sdk/anthropic'
import { routewise } from '@routewise/express'
import { cheapest, createRouter, openaiTarget, routedFetch } from '@routewise/http'
import { aiSdkTarget } from '@routewise/http/ai-sdk'
import { startSimulator } from '@routewise/simulator'
import express, { type ErrorRequestHandler } from 'express'
import OpenAI, { APIError } from 'openai'

// Simulated providers, so that this runs without keys. With keys: their own base URLs, and `import { anthropic } from '@ai-sdk/anthropic'`.
await using sim = await startSimulator({ providers: ['openai', 'anthropic'], timeScale: 50 })
const anthropic = createAnthropic({ apiKey: 'offline', baseURL: `${sim.url('anthropic')}/v1` })

/** One for the whole app: it learns from every call. */
const router = createRouter({
  targets: [
    openaiTarget({ baseURL: sim.url('openai'), apiKey: 'offline', model: 'gpt-6-luna' }),
    aiSdkTarget(anthropic('claude-opus-5-5')),
  ],
  policy: cheapest({ quality: 0.7 }),
})
const openai = new OpenAI({ apiKey: 'routed', fetch: routedFetch(router), maxRetries: 0 })

const app = express()
app.use(express.json({ limit: '1mb' }))
// Every routed call made while a request is answered has its tenant and keeps its limit; who leaves cancels what is on its way.
app.use(routewise({ tenant: req => req.get('x-user'), maxUsd: req => (req.get('x-plan') === 'free' ? 0.000_01 : 0.05) }))

app.post('/summaries', async (req, res) => {
  const { texts } = req.body as { texts: string[] }
  const summaries = await Promise.all(texts.map(summarize))
  const { receipts, costUsd } = req.routewise
  res.json({ summaries, costUsd, calls: receipts.map(({ model, tenant, usage }) => ({ model, tenant, tokens: usage.outputTokens })) })
})

async function summarize(text: string): Promise<string | null | undefined> {
  const { choices } = await openai.chat.completions.create({
    model: 'auto:summarization',
    messages: [
      { role: 'system', content: 'Summarize the text in one sentence.' },
      { role: 'user', content: text },
    ],
  })
  return choices[0]?.message.content
}

const onError: ErrorRequestHandler = (error, _req, res, next) => {
  if (!(error instanceof APIError)) return next(error)
  res.status(error.status ?? 500).json({ error: error.code, message: error.message })
}
app.use(onError)

const server = app.listen(0, '127.0.0.1')
await once(server, 'listening')
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/summaries`

const texts = ['The parcel left on Monday and arrives on Thursday.', 'The thermostat goes dark, and starts afresh.']
for (const [user, plan] of [
  ['ada', 'paid'],
  ['bob', 'free'],
] as const) {
  const headers = { 'content-type': 'application/json', 'x-user': user, 'x-plan': plan }
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ texts }) })
  const { summaries = [], ...rest } = (await response.json()) as { summaries?: string[] }
  console.log(
    `${user} (${plan}): ${response.status}, ${summaries.length} summaries, $${response.headers.get('x-routewise-cost-usd') ?? 0} by the headers`,
  )
  console.log(rest)
}
server.close()
server.closeAllConnections()
