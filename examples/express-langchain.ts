// A LangChain chain in an Express handler: it knows nothing of requests, and still its calls have their tenant, session and limits.
//   npx -y pnpm@12 example express-langchain
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { ChatAnthropic } from '@langchain/anthropic'
import { StringOutputParser } from '@langchain/core/output_parsers'
import { ChatPromptTemplate } from '@langchain/core/prompts'
import { ChatOpenAI } from '@langchain/openai'
import { routewise } from '@routewise/express'
import { cheapest, RoutedChatModel } from '@routewise/langchain'
import { startSimulator } from '@routewise/simulator'
import express from 'express'

// Simulated providers, so that this runs without keys. With keys: leave out `apiKey` and the base URLs.
await using sim = await startSimulator({ providers: ['openai', 'anthropic'], timeScale: 50 })

// Made once, for all requests.
const model = new RoutedChatModel({
  models: [
    new ChatOpenAI({ model: 'gpt-6-luna', apiKey: 'offline', configuration: { baseURL: sim.url('openai') } }),
    new ChatAnthropic({ model: 'claude-opus-5-5', apiKey: 'offline', anthropicApiUrl: sim.url('anthropic') }),
  ],
  policy: cheapest({ quality: 0.7 }),
})
const chain = ChatPromptTemplate.fromMessages([
  ['system', 'Translate into {language}.'],
  ['human', '{text}'],
])
  .pipe(model)
  .pipe(new StringOutputParser())

const app = express()
app.use(
  routewise({
    tenant: req => req.get('x-tenant'),
    session: req => req.get('x-session'),
    task: 'translation',
    maxUsd: 0.01,
    deadlineMs: 20_000,
  }),
)
app.get('/translate', async (req, res) => {
  const { text = '' } = req.query
  const languages = ['French', 'Polish', 'Japanese']
  const texts = await chain.batch(languages.map(language => ({ language, text })))
  const { receipts, costUsd } = req.routewise
  res.json({ texts, costUsd, receipts: receipts.map(({ tenant, session, task, model }) => ({ tenant, session, task, model })) })
})
const server = app.listen(0, '127.0.0.1')
await once(server, 'listening')

const headers = { 'x-tenant': 'acme', 'x-session': 'manual-7' }
const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/translate?text=Hold+the+wheel`, { headers })
const { texts, costUsd, receipts } = (await response.json()) as { texts: string[]; costUsd: number; receipts: object[] }
console.log(
  `${texts.length} translations for $${costUsd}, of which the response's headers tell: $${response.headers.get('x-routewise-cost-usd')}`,
)
for (const receipt of receipts) console.log(receipt)
server.close()
server.closeAllConnections()
