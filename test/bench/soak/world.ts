import { ChatAnthropic } from '@langchain/anthropic'
import type { AIMessageChunk } from '@langchain/core/messages'
import { ChatGoogleGenerativeAI } from '@langchain/google-genai'
import { ChatOpenAI } from '@langchain/openai'
import { cheapest, type Receipt, RoutedChatModel, type RoutedChatModelOptions } from '@routewise/langchain'
import { startSimulator } from '@routewise/simulator'
import { type Leftovers, watchLeftovers } from './leftovers.ts'

const apiKey = 'soak'
/** How long what is left may take to go. */
const GRACE_MS = 1_000

/** Fast providers, a routed model over them, and a watch on what stays behind. Every prompt is the label of its requests on the bill. */
export async function startSoak(options: Partial<RoutedChatModelOptions>) {
  const watch = watchLeftovers()
  const sim = await startSimulator({
    providers: ['openai', 'google', 'anthropic'],
    latency: {
      default: { baseMs: 4, msPerInputToken: 0, sigma: 0.5, stragglerShare: 0, outputTokensPerSecond: 20_000 },
    },
    label: ({ prompt }) => prompt,
    requestRows: 0,
  })
  const model = new RoutedChatModel({
    models: {
      luna: new ChatOpenAI({ model: 'gpt-6-luna', apiKey, configuration: { baseURL: sim.url('openai') } }),
      flash: new ChatGoogleGenerativeAI({ model: 'gemini-3.8-flash', apiKey, baseUrl: sim.url('google') }),
      haiku: new ChatAnthropic({ model: 'claude-haiku-4-5', apiKey, anthropicApiUrl: sim.url('anthropic') }),
    },
    policy: cheapest(),
    clock: watch.clock,
    valueOfTimeUsdPerSecond: 1,
    retry: { budget: 1, burst: 1_000 },
    ...options,
  })
  /** Receipts by the prompt of their call, which every call gives as its session. */
  const receipts = new Map<string, Receipt>()
  model.router.on('receipt', receipt => void receipts.set(receipt.session!, receipt))
  const optionsOf = (session: string, signal = watch.signal) => ({ signal, routing: { session } })

  return {
    sim,
    model,
    receipts,
    invoke: (prompt: string, signal?: AbortSignal) => model.invoke(prompt, optionsOf(prompt, signal)),
    async stream(prompt: string, signal?: AbortSignal, isEnough: (chunk: AIMessageChunk) => boolean = () => false): Promise<void> {
      for await (const chunk of await model.stream(prompt, optionsOf(prompt, signal))) if (isEnough(chunk)) return
    },
    /** Waits until all that was begun has ended, at most as long as it may take, and closes the providers. */
    async end(atOnce: number): Promise<Leftovers & { sockets: number }> {
      const sockets = () => {
        // A client keeps as many sockets to a provider as it has calls at once, and opens one in place of each it had to cut.
        const idle = sim.providers.map(provider => Math.max(0, sim.connections(provider) - sim.openRequests - atOnce - 1))
        return sim.openRequests + idle.reduce((sum, count) => sum + count, 0)
      }
      const count = () => ({ ...watch.count(), sockets: sockets() })
      for (let left = count(), waitedMs = 0; waitedMs < GRACE_MS && Object.values(left).some(Boolean); left = count(), waitedMs += 10)
        await new Promise(resolve => setTimeout(resolve, 10))
      const left = count()
      await sim.settled()
      await sim.close()
      watch.dispose()
      return left
    },
  }
}

export type Soak = Awaited<ReturnType<typeof startSoak>>

/** Makes calls 0 to `count - 1`, so many at once. */
export async function inParallel(count: number, atOnce: number, call: (number: number) => Promise<unknown>): Promise<void> {
  const numbers = Array.from({ length: count }, (_, number) => number).values()
  const worker = async () => {
    for (const number of numbers) await call(number)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}
