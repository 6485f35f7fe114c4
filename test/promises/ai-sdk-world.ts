import { cheapest, createRouted, type Receipt, type RoutedOptions } from '@routewise/ai-sdk'
import { type SimulatorOptions, startSimulator } from '@routewise/simulator'
import { onTestFinished } from 'vitest'
import { aiSdkWires } from './ai-sdk-wires.ts'

/** Three vendors on loopback, in fast time, and a routed model of the AI SDK over them that starts with OpenAI's. */
export async function startAiSdkWorld(options: Partial<RoutedOptions> = {}, simulator: SimulatorOptions = {}) {
  const sim = await startSimulator({ providers: ['openai', 'anthropic', 'google'], timeScale: 50, ...simulator })
  onTestFinished(() => sim.close())
  const [luna, , haiku, flash] = aiSdkWires.map(({ provider, open }) => open(sim.origin(provider)))
  const models = { luna: luna!, flash: flash!, haiku: haiku! }
  const routed = createRouted({ models, policy: cheapest(), ...options })
  const receipts: Receipt[] = []
  routed.on('receipt', receipt => receipts.push(receipt))
  return { sim, routed, model: routed('auto'), models, receipts }
}
