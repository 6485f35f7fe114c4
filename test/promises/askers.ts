import type { LanguageModelV4 } from '@ai-sdk/provider'
import { createRouted } from '@routewise/ai-sdk'
import { type Receipt, RoutedChatModel, type RoutedChatModelOptions } from '@routewise/langchain'
import { generateText, streamText } from 'ai'
import { aiSdkWires } from './ai-sdk-wires.ts'
import { wires } from './wires.ts'

/** One who asks a routed model, as applications of a framework do. */
export interface Asker {
  whole(prompt: string, signal?: AbortSignal): Promise<string>
  /** Piece by piece. Throws what the answer ends in, if that is not its end. */
  say(prompt: string, signal?: AbortSignal): AsyncIterable<string>
  /** The same by the model's own stream, which may be left in the middle: in the AI SDK only a signal ends a `streamText`. */
  listen(prompt: string): AsyncIterable<string>
  receipts: readonly Receipt[]
}

type Options = Omit<Partial<RoutedChatModelOptions>, 'models'>

/** A framework and one of the protocols that it speaks. */
export interface AskerWire {
  name: string
  provider: string
  /** Asks a router with one model, at a server, `http://host:port`. */
  open(origin: string, options?: Options): Asker
}

function langChainAsker(models: RoutedChatModelOptions['models'], options: Options): Asker {
  const model = new RoutedChatModel({ models, ...options })
  const receipts: Receipt[] = []
  model.router.on('receipt', receipt => receipts.push(receipt))
  async function* say(prompt: string, signal?: AbortSignal) {
    for await (const { text } of await model.stream(prompt, signal && { signal })) if (text !== '') yield text
  }
  return { whole: async (prompt, signal) => (await model.invoke(prompt, signal && { signal })).text, say, listen: say, receipts }
}

function aiSdkAsker(models: readonly LanguageModelV4[], options: Options): Asker {
  const routed = createRouted({ models, ...options })
  const model = routed('auto')
  const receipts: Receipt[] = []
  routed.on('receipt', receipt => receipts.push(receipt))
  const settings = (prompt: string, signal: AbortSignal | undefined) => ({ model, prompt, ...(signal && { abortSignal: signal }) })
  return {
    whole: async (prompt, signal) => (await generateText(settings(prompt, signal))).text,
    async *say(prompt, signal) {
      for await (const part of streamText({ ...settings(prompt, signal), onError: () => undefined }).stream) {
        if (part.type === 'text-delta') yield part.text
        else if (part.type === 'error') throw part.error
        else if (part.type === 'abort') throw signal?.reason
      }
    },
    async *listen(prompt) {
      const { stream } = await model.doStream({ prompt: [{ role: 'user', content: [{ type: 'text', text: prompt }] }] })
      for await (const part of stream) {
        if (part.type === 'text-delta' && part.delta !== '') yield part.delta
        else if (part.type === 'error') throw part.error
      }
    },
    receipts,
  }
}

/** Every wire of every framework. */
export const askerWires: readonly AskerWire[] = [
  ...wires.map(({ name, provider, open }): AskerWire => ({
    name: `LangChain, ${name}`,
    provider,
    open: (origin, options = {}) => langChainAsker([open(origin)], options),
  })),
  ...aiSdkWires.map(({ name, provider, open }): AskerWire => ({
    name: `AI SDK, ${name}`,
    provider,
    open: (origin, options = {}) => aiSdkAsker([open(origin)], options),
  })),
]
