// A LangChain chain before and after: one constructor is swapped, everything else stays.
//   npx -y pnpm@12 example langchain-swap
import { ChatAnthropic } from '@langchain/anthropic'
import type { BaseChatModel } from '@langchain/core/language_models/chat_models'
import { StringOutputParser } from '@langchain/core/output_parsers'
import { ChatPromptTemplate } from '@langchain/core/prompts'
import { ChatOpenAI } from '@langchain/openai'
import { cheapest, receiptOf, RoutedChatModel } from '@routewise/langchain'
import { startSimulator } from '@routewise/simulator'

// Simulated providers, so that this runs without keys. With keys: leave out `apiKey` and the base URLs.
await using sim = await startSimulator({ providers: ['openai', 'anthropic'], timeScale: 50 })

const flagship = () => new ChatAnthropic({ model: 'claude-opus-5-5', apiKey: 'offline', anthropicApiUrl: sim.url('anthropic') })
const small = () => new ChatOpenAI({ model: 'gpt-6-luna', apiKey: 'offline', configuration: { baseURL: sim.url('openai') } })

const prompt = ChatPromptTemplate.fromMessages([
  ['system', 'You are a support agent. Answer in two sentences.'],
  ['human', '{question}'],
])
const answer = async (model: BaseChatModel, question: string) => {
  let text = ''
  for await (const piece of await prompt.pipe(model).pipe(new StringOutputParser()).stream({ question })) text += piece
  return text
}

const before = flagship()
const after = new RoutedChatModel({ models: [small(), flagship()], policy: cheapest({ quality: 0.8 }) })

const questions = ['Where is my parcel?', 'How do I reset the thermostat?', 'Can I still return an order from last week?']
for (const [name, model] of Object.entries({ before, after })) {
  const spentBefore = sim.bill.totalNanoUsd
  for (const question of questions) await answer(model, question)
  await sim.settled()
  console.log(`${name.padEnd(6)} ${questions.length} answers for $${((sim.bill.totalNanoUsd - spentBefore) / 1e9).toFixed(6)}`)
}

// Every answer says who gave it and what it cost.
const receipt = receiptOf(await after.invoke(questions[0]!))
console.log(
  `answered by ${receipt?.model} for $${receipt?.costUsd}, considered: ${receipt?.considered.map(({ target }) => target).join(', ')}`,
)
