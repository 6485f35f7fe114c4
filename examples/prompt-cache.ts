// What breaks a prompt cache, and how it is mended: the lint over recorded requests, and live in a router.
//   npx -y pnpm@12 example prompt-cache
import { createOpenAI } from '@ai-sdk/openai'
import { createRouted, findModel, lintPrefix, trimHistory } from '@routewise/ai-sdk'
import { startSimulator } from '@routewise/simulator'
import { generateText, type ModelMessage } from 'ai'

const rules = Array.from({ length: 400 }, (_, at) => `Rule ${at}: be exact, be kind, and say where a figure comes from.`).join('\n')

// Simulated providers, so that this runs without keys. With keys: `import { openai } from '@ai-sdk/openai'`.
await using sim = await startSimulator({ providers: ['openai'], timeScale: 50 })
const routed = createRouted({
  models: [createOpenAI({ apiKey: 'offline', baseURL: sim.url('openai') }).chat('gpt-6-sol')],
  promptCache: { lint: true },
})
routed.on('lint', ({ reason, place, lostTokens, mend }) => {
  console.log(`live:   ${reason.type} in ${place.type}: ${lostTokens} tokens. ${mend}`)
})

const chat = async (system: (turn: number) => string, limit: (messages: ModelMessage[]) => ModelMessage[]) => {
  const messages: ModelMessage[] = []
  const sent = []
  for (let turn = 0; turn < 3; turn += 1) {
    messages.push({ role: 'user', content: `Question ${turn}: where is my parcel?` })
    const prompt = limit(messages)
    sent.push({
      blocks: [
        { role: 'system' as const, texts: [system(turn)] },
        ...prompt.map(({ role, content }) => ({ role, texts: [typeof content === 'string' ? content : JSON.stringify(content)] })),
      ],
    })
    const { text } = await generateText({ model: routed('auto'), system: system(turn), messages: prompt })
    messages.push({ role: 'assistant', content: text })
  }
  const report = lintPrefix(sent, { card: findModel('gpt-6-sol'), requestsPerDay: 10_000, wallMs: Date.now() })
  const share = Math.round((100 * report.readableTokens) / report.inputTokens)
  console.log(`report: ${share} % cacheable, $${(report.usdPerDay ?? 0).toFixed(2)} a day lost at 10,000 requests\n`)
}

console.log('A time at the head of the system prompt:')
await chat(
  turn => `Now: 2026-11-22T10:0${turn}:00Z\n${rules}`,
  messages => messages,
)
console.log('The rules alone, and a history that is cut in large steps:')
await chat(
  () => rules,
  messages => trimHistory(messages, { maxTokens: 8_000 }),
)
