// Structured output from whichever model is cheapest: one schema, three vendors' ways of asking for it.
//   npx -y pnpm@12 example structured-output
import { ChatAnthropic } from '@langchain/anthropic'
import { ChatGoogleGenerativeAI } from '@langchain/google-genai'
import { ChatOpenAI } from '@langchain/openai'
import { cheapest, receiptOf, RoutedChatModel } from '@routewise/langchain'
import { startSimulator } from '@routewise/simulator'
import * as z from 'zod'

// Simulated providers, so that this runs without keys. With keys: leave out `apiKey` and the base URLs.
await using sim = await startSimulator({ providers: ['openai', 'anthropic', 'google'], timeScale: 50 })

const models = {
  luna: new ChatOpenAI({ model: 'gpt-6-luna', apiKey: 'offline', configuration: { baseURL: sim.url('openai') } }),
  flash: new ChatGoogleGenerativeAI({ model: 'gemini-3.8-flash', apiKey: 'offline', baseUrl: sim.url('google') }),
  haiku: new ChatAnthropic({ model: 'claude-haiku-4-5', apiKey: 'offline', anthropicApiUrl: sim.url('anthropic') }),
}
const Ticket = z.object({
  category: z.enum(['delivery', 'returns', 'billing', 'device']),
  urgent: z.boolean(),
  orderNumbers: z.array(z.string()),
})
const mail = 'Order 48213 was due on Friday and is still not here. I leave on holiday tomorrow!'

for (const only of Object.keys(models)) {
  const model = new RoutedChatModel({ models, policy: cheapest(), allow: [only] })
  const { parsed, raw } = await model.withStructuredOutput(Ticket, { includeRaw: true }).invoke(mail)
  console.log(`${only.padEnd(6)} ${JSON.stringify(parsed).slice(0, 90)}…  $${receiptOf(raw)?.costUsd}`)
}
