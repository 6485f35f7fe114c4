// Cheap model first, a judge, and a better model where the answer is poor: nobody sees the draft.
//   npx -y pnpm@12 example cascade
import { ChatAnthropic } from '@langchain/anthropic'
import { ChatOpenAI } from '@langchain/openai'
import { all, cheapest, judgeWith, receiptOf, RoutedChatModel, sound } from '@routewise/langchain'
import { startSimulator } from '@routewise/simulator'

// Simulated providers, so that this runs without keys: the small model knows one of the two answers.
await using sim = await startSimulator({
  providers: ['openai', 'anthropic'],
  timeScale: 50,
  recordings: {
    match: ({ model, prompt }) => {
      const isSmall = model === 'gpt-6-luna'
      if (prompt.includes('capital')) return { answer: { text: 'Paris.' } }
      return { answer: { text: isSmall ? 'I am not sure.' : 'The 14th of July 1789.' } }
    },
  },
})

const model = new RoutedChatModel({
  models: [
    new ChatOpenAI({ model: 'gpt-6-luna', apiKey: 'offline', configuration: { baseURL: sim.url('openai') } }),
    new ChatAnthropic({ model: 'claude-opus-5-5', apiKey: 'offline', anthropicApiUrl: sim.url('anthropic') }),
  ],
  policy: cheapest(),
  // `sound()`: whole, not refused, valid where the call asks for JSON or tools. The second is our own.
  judge: all(
    sound(),
    judgeWith('decided', ({ text }) => !text.toLowerCase().includes('not sure')),
  ),
})

for (const question of ['What is the capital of France?', 'When was the Bastille stormed?']) {
  let text = ''
  let receipt
  for await (const chunk of await model.stream(question)) {
    text += chunk.text
    receipt = receiptOf(chunk) ?? receipt
  }
  const steps = receipt?.attempts.map(
    ({ model: asked, reason, verdict }) => `${asked} (${reason}${verdict ? `, ${verdict.accepted ? 'accepted' : verdict.reason}` : ''})`,
  )
  console.log(`${text.padEnd(24)} ${steps?.join(' → ')}, $${receipt?.costUsd}`)
}
