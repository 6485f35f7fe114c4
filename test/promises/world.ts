import { ChatAnthropic } from '@langchain/anthropic'
import { ChatGoogleGenerativeAI } from '@langchain/google-genai'
import { ChatOpenAI } from '@langchain/openai'
import { cheapest, type Receipt, RoutedChatModel, type RoutedChatModelOptions } from '@routewise/langchain'
import { type SimulatorOptions, startSimulator } from '@routewise/simulator'
import { onTestFinished } from 'vitest'

/** Three vendors on loopback, in fast time, and a routed model over them that starts with OpenAI's. */
export async function startWorld(options: Partial<RoutedChatModelOptions> = {}, simulator: SimulatorOptions = {}) {
  const sim = await startSimulator({ providers: ['openai', 'anthropic', 'google'], timeScale: 50, ...simulator })
  onTestFinished(() => sim.close())
  const model = new RoutedChatModel({
    models: {
      luna: new ChatOpenAI({ model: 'gpt-6-luna', apiKey: 'test', configuration: { baseURL: sim.url('openai') } }),
      flash: new ChatGoogleGenerativeAI({ model: 'gemini-3.8-flash', apiKey: 'test', baseUrl: sim.url('google') }),
      haiku: new ChatAnthropic({ model: 'claude-haiku-4-5', apiKey: 'test', anthropicApiUrl: sim.url('anthropic') }),
    },
    policy: cheapest(),
    ...options,
  })
  const receipts: Receipt[] = []
  model.router.on('receipt', receipt => receipts.push(receipt))
  return { sim, model, receipts }
}
