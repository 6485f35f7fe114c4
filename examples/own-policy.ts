// A policy of one's own: a pure function over the candidates and their expected numbers.
//   npx -y pnpm@12 example own-policy
import { ChatAnthropic } from '@langchain/anthropic'
import { ChatOpenAI } from '@langchain/openai'
import { cheapest, pipe, type Policy, receiptOf, RoutedChatModel } from '@routewise/langchain'
import { startSimulator } from '@routewise/simulator'

// Simulated providers, so that this runs without keys. With keys: leave out `apiKey` and the base URLs.
await using sim = await startSimulator({ providers: ['openai', 'anthropic'], timeScale: 50 })

/** Long prompts only to models that have a third of their window left; everybody in Europe if anybody is. */
const european: Policy = candidates => {
  const roomy = candidates.filter(({ inputTokens, card }) => inputTokens < card.contextTokens * 0.67)
  const inEurope = roomy.filter(({ tags }) => tags.includes('eu'))
  return inEurope.length > 0 ? inEurope : roomy
}

const model = new RoutedChatModel({
  models: [
    { model: new ChatOpenAI({ model: 'gpt-6-luna', apiKey: 'offline', configuration: { baseURL: sim.url('openai') } }), tags: ['us'] },
    { model: new ChatAnthropic({ model: 'claude-sonnet-5', apiKey: 'offline', anthropicApiUrl: sim.url('anthropic') }), tags: ['eu'] },
    { model: new ChatAnthropic({ model: 'claude-haiku-4-5', apiKey: 'offline', anthropicApiUrl: sim.url('anthropic') }), tags: ['eu'] },
  ],
  policy: pipe(european, cheapest()),
})

// What would be done, and why, without calling anybody.
for (const { target, rank, excluded, expectedCostUsd } of model.decide('Summarise the attached contract.').considered) {
  console.log(`${target.padEnd(18)} ${rank === undefined ? excluded : `#${rank}`}  expected $${expectedCostUsd?.toFixed(6)}`)
}
const answer = await model.invoke('Summarise the attached contract.')
console.log(`answered by ${receiptOf(answer)?.model}`)
