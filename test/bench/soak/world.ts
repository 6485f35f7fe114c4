import { fork } from 'node:child_process'
import { once } from 'node:events'
import { ChatAnthropic } from '@langchain/anthropic'
import type { AIMessageChunk } from '@langchain/core/messages'
import { ChatGoogleGenerativeAI } from '@langchain/google-genai'
import { ChatOpenAI } from '@langchain/openai'
import { cheapest, type Receipt, RoutedChatModel, type RoutedChatModelOptions } from '@routewise/langchain'
import type { Fault, LedgerRow } from '@routewise/simulator'
import { type Leftovers, watchLeftovers } from './leftovers.ts'
import type { Sight, Started } from './providers.ts'

// Left alone, a bare model goes on to retry what its caller has left.
const own = { apiKey: 'soak', maxRetries: 0 }
/** How long what is left may take to go. */
const GRACE_MS = 1_000
const LATENCY = { baseMs: 4, msPerInputToken: 0, sigma: 0.5, stragglerShare: 0, outputTokensPerSecond: 5_000 }

/** What was left when all calls had ended. */
export interface Ended extends Leftovers {
  /** With a request on them, or beyond what a client keeps. */
  sockets: number
  rows: readonly LedgerRow[]
}

/** Fast providers, a routed model over them, and a watch on what stays behind. Every prompt is the label of its requests on the bill. */
export async function startSoak(faults: readonly Fault[], options: Partial<RoutedChatModelOptions>) {
  const watch = watchLeftovers()
  const settings = { providers: ['openai', 'google', 'anthropic'], latency: { default: LATENCY }, faults }
  const providers = fork(new URL('providers.ts', import.meta.url), [JSON.stringify(settings)], {
    execArgv: ['--conditions=@routewise/source'],
    serialization: 'advanced',
  })
  const [{ origins, beganMs }] = (await once(providers, 'message')) as [Started]
  const look = async (what: 'open' | 'bill'): Promise<Sight> => {
    providers.send(what)
    const [sight] = (await once(providers, 'message')) as [Sight]
    return sight
  }

  const models = {
    luna: new ChatOpenAI({ model: 'gpt-6-luna', ...own, configuration: { baseURL: `${origins['openai']}/v1` } }),
    flash: new ChatGoogleGenerativeAI({ model: 'gemini-3.8-flash', ...own, baseUrl: origins['google']! }),
    haiku: new ChatAnthropic({ model: 'claude-haiku-4-5', ...own, anthropicApiUrl: origins['anthropic']! }),
  }
  const model = new RoutedChatModel({
    models,
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
    models,
    model,
    receipts,
    /** When provider time began, by `wallMs`. */
    beganMs,
    invoke: (prompt: string, signal?: AbortSignal) => model.invoke(prompt, optionsOf(prompt, signal)),
    async stream(prompt: string, signal?: AbortSignal, isEnough: (chunk: AIMessageChunk) => boolean = () => false): Promise<void> {
      for await (const chunk of await model.stream(prompt, optionsOf(prompt, signal))) if (isEnough(chunk)) return
    },
    /** Waits until all that was begun has ended, at most as long as it may take, and stops the providers. */
    async end(atOnce: number): Promise<Ended> {
      const count = async (): Promise<Leftovers & { sockets: number }> => {
        const { openRequests, connections } = await look('open')
        // Node's fetch keeps a socket for each call that it has had at once, and opens another in place of one that it had to cut: that
        // is twice as many, more while the machine is slow to open them, and not more after more calls.
        const spare = Object.values(connections).map(sockets => Math.max(0, sockets - openRequests - 4 * atOnce))
        return { ...watch.count(), sockets: openRequests + spare.reduce((sum, sockets) => sum + sockets, 0) }
      }
      const until = performance.now() + GRACE_MS
      let left = await count()
      while (performance.now() < until && Object.values(left).some(Boolean)) left = await count()
      const { rows } = await look('bill')
      watch.dispose()
      providers.disconnect()
      return { ...left, rows: rows! }
    },
  }
}

/** Makes calls 0 to `count - 1`, so many at once. */
export async function inParallel(count: number, atOnce: number, call: (number: number) => Promise<unknown>): Promise<void> {
  const numbers = Array.from({ length: count }, (_, number) => number).values()
  const worker = async () => {
    for (const number of numbers) await call(number)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}
