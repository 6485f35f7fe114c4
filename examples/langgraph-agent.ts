// A LangGraph agent with tools on a routed model, while one provider is down.
//   npx -y pnpm@12 example langgraph-agent
import { ChatAnthropic } from '@langchain/anthropic'
import { ChatGoogleGenerativeAI } from '@langchain/google-genai'
import type { BaseMessage } from '@langchain/core/messages'
import { tool } from '@langchain/core/tools'
import { ChatOpenAI } from '@langchain/openai'
import { cheapest, receiptOf, RoutedChatModel } from '@routewise/langchain'
import { startSimulator } from '@routewise/simulator'
import { createAgent } from 'langchain'
import * as z from 'zod'

// Simulated providers, so that this runs without keys. With keys: leave out `apiKey` and the base URLs.
await using sim = await startSimulator({ providers: ['openai', 'anthropic', 'google'], timeScale: 50 })

const model = new RoutedChatModel({
  models: [
    new ChatOpenAI({ model: 'gpt-6-luna', apiKey: 'offline', configuration: { baseURL: sim.url('openai') } }),
    new ChatGoogleGenerativeAI({ model: 'gemini-3.8-flash', apiKey: 'offline', baseUrl: sim.url('google') }),
    new ChatAnthropic({ model: 'claude-haiku-4-5', apiKey: 'offline', anthropicApiUrl: sim.url('anthropic') }),
  ],
  policy: cheapest(),
})

const lookUpOrder = tool(({ orderId }) => `Order ${orderId} left the warehouse on Monday and arrives on Thursday.`, {
  name: 'look_up_order',
  description: 'Finds where an order is.',
  schema: z.object({ orderId: z.number().int() }),
})
const agent = createAgent({ model, tools: [lookUpOrder] })

// The cheapest provider is down; the agent does not notice.
sim.outage('openai')
const stream = await agent.stream({ messages: [{ role: 'user', content: 'Where is order 48213?' }] }, { streamMode: 'updates' })
for await (const update of stream) {
  for (const [step, { messages }] of Object.entries(update as Record<string, { messages: BaseMessage[] }>)) {
    for (const message of messages) {
      const receipt = receiptOf(message)
      const attempts = receipt?.attempts.map(({ target, end }) => `${target} ${end.type}`).join(', ')
      console.log(`${step.padEnd(14)} ${receipt === undefined ? message.text : `${attempts}: $${receipt.costUsd}`}`)
    }
  }
}
