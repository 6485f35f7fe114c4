// A chat with a tool, streamed, while a provider goes down in the middle of it: nobody notices.
//   npx -y pnpm@12 example ai-sdk-chat
import { createAnthropic } from '@ai-sdk/anthropic'
import { createOpenAI } from '@ai-sdk/openai'
import { cheapest, createRouted, receiptOf } from '@routewise/ai-sdk'
import { startSimulator } from '@routewise/simulator'
import { isStepCount, streamText, tool } from 'ai'
import * as z from 'zod'

// Simulated providers, so that this runs without keys. With keys: `import { openai } from '@ai-sdk/openai'`, and so on.
await using sim = await startSimulator({
  providers: ['openai', 'anthropic'],
  timeScale: 50,
  recordings: {
    match: ({ turn }) =>
      turn === 'user'
        ? { answer: { toolCalls: [{ name: 'lookUpOrder', input: { orderId: 48213 } }] } }
        : { answer: { text: 'Order 48213 left the warehouse on Monday and arrives on Thursday.' } },
  },
})
const openai = createOpenAI({ apiKey: 'offline', baseURL: sim.url('openai') })
const anthropic = createAnthropic({ apiKey: 'offline', baseURL: `${sim.url('anthropic')}/v1` })

const routed = createRouted({
  models: { small: openai('gpt-6-luna'), strong: anthropic('claude-opus-5-5') },
  policy: cheapest(),
})

const result = streamText({
  model: routed('auto'),
  prompt: 'Where is order 48213?',
  tools: {
    lookUpOrder: tool({
      description: 'Finds where an order is.',
      inputSchema: z.object({ orderId: z.number().int() }),
      execute: ({ orderId }) => {
        // While the tool works, the provider that asked for it goes down.
        sim.outage('openai')
        return { orderId, left: 'Monday', arrives: 'Thursday' }
      },
    }),
  },
  stopWhen: isStepCount(5),
})
for await (const part of result.stream) {
  if (part.type === 'text-delta') process.stdout.write(part.text)
  if (part.type === 'tool-result') console.log(`${part.toolName} says ${JSON.stringify(part.output)}`)
}

console.log('\n')
for (const { stepNumber, providerMetadata } of await result.steps) {
  const receipt = receiptOf(providerMetadata)
  const attempts = receipt?.attempts.map(({ target, reason, end }) => `${target} (${reason}) ${end.type}`)
  console.log(`step ${stepNumber + 1}: ${attempts?.join(', ')}: $${receipt?.costUsd}`)
}
