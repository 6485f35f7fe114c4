// The `openai` SDK, routed in process: one option is added, no server, no hop. A provider goes down, and nobody notices.
//   npx -y pnpm@12 example routed-fetch
import { createAnthropic } from '@ai-sdk/anthropic'
import { cheapest, createRouter, openaiTarget, routedFetch } from '@routewise/http'
import { aiSdkTarget } from '@routewise/http/ai-sdk'
import { startSimulator } from '@routewise/simulator'
import OpenAI from 'openai'
import { zodResponseFormat } from 'openai/helpers/zod'
import * as z from 'zod'

// Simulated providers, so that this runs without keys. With keys: their own base URLs, and `import { anthropic } from '@ai-sdk/anthropic'`.
await using sim = await startSimulator({ providers: ['openai', 'anthropic'], timeScale: 50 })
const baseURL = sim.url('openai')
const anthropic = createAnthropic({ apiKey: 'offline', baseURL: `${sim.url('anthropic')}/v1` })

const router = createRouter({
  targets: [openaiTarget({ baseURL, apiKey: 'offline', model: 'gpt-6-luna' }), aiSdkTarget(anthropic('claude-opus-5-5'))],
  policy: cheapest({ quality: 0.7 }),
})

const before = new OpenAI({ apiKey: 'offline', baseURL, maxRetries: 0 })
const after = new OpenAI({ apiKey: 'routed', fetch: routedFetch(router), maxRetries: 0 })

const Ticket = z.object({ category: z.enum(['billing', 'delivery', 'product']), urgent: z.boolean() })
const read = async (client: OpenAI, model: string) => {
  const { choices, model: by } = await client.chat.completions.parse({
    model,
    messages: [{ role: 'user', content: 'My parcel never came, and I leave tomorrow.' }],
    response_format: zodResponseFormat(Ticket, 'ticket'),
  })
  return `${by}: ${JSON.stringify(choices[0]?.message.parsed)}`
}

console.log(`before: ${await read(before, 'gpt-6-luna')}`)
console.log(`after:  ${await read(after, 'auto')}`)

sim.outage('openai')
console.log('\nOpenAI is down.')
console.log(`before: ${await read(before, 'gpt-6-luna').catch((error: Error) => error.message)}`)
router.on('receipt', ({ attempts, costUsd }) => {
  console.log(`receipt: ${attempts.map(({ target, end }) => `${target} ${end.type}`).join(', ')}, $${costUsd}`)
})
console.log(`after:  ${await read(after, 'auto')}`)
