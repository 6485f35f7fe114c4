// A router among other providers: in a registry, and as the provider that plain names such as 'auto' mean.
//   npx -y pnpm@12 example ai-sdk-registry
import { createAnthropic } from '@ai-sdk/anthropic'
import { createOpenAI } from '@ai-sdk/openai'
import { best, byTask, cheapest, createRouted, receiptOf } from '@routewise/ai-sdk'
import { startSimulator } from '@routewise/simulator'
import { createProviderRegistry, generateText, type LanguageModel } from 'ai'

// Simulated providers, so that this runs without keys. With keys: `import { openai } from '@ai-sdk/openai'`, and so on.
await using sim = await startSimulator({ providers: ['openai', 'anthropic'], timeScale: 50 })
const openai = createOpenAI({ apiKey: 'offline', baseURL: sim.url('openai') })
const anthropic = createAnthropic({ apiKey: 'offline', baseURL: `${sim.url('anthropic')}/v1` })

const router = createRouted({
  models: { small: openai('gpt-6-luna'), strong: anthropic('claude-opus-5-5') },
  policy: byTask({ code: best(), default: cheapest() }),
})

async function ask(name: string, model: LanguageModel) {
  const { finalStep } = await generateText({ model, prompt: 'Good morning! How are you?' })
  const receipt = receiptOf(finalStep)
  const by = receipt === undefined ? 'no router' : `${receipt.target}, task ${receipt.task}, $${receipt.costUsd}`
  console.log(`${name.padEnd(20)} ${finalStep.response.modelId.padEnd(16)} ${by}`)
}

// A registry splits at its first separator, so the router's own names may hold one.
const registry = createProviderRegistry({ router, openai })
await ask('router:auto', registry.languageModel('router:auto'))
await ask('router:auto:code', registry.languageModel('router:auto:code'))
await ask('router:strong', registry.languageModel('router:strong'))
await ask('openai:gpt-6-luna', registry.languageModel('openai:gpt-6-luna'))

// With a default provider a name alone is a model, everywhere in the app.
globalThis.AI_SDK_DEFAULT_PROVIDER = router
await ask('auto', 'auto')
await ask('auto:code', 'auto:code')
