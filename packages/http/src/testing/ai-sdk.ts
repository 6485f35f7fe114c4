import { createAnthropic } from '@ai-sdk/anthropic'
import { createGoogle } from '@ai-sdk/google'
import { createOpenAI } from '@ai-sdk/openai'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import type { LanguageModel } from '@routewise/ai-sdk/target'
import type { Json, Receipt } from '@routewise/core'
import { startSimulator, type Simulator, type SimulatorOptions } from '@routewise/simulator'
import { newTrace } from '../call.ts'
import { createRouter, type WireRouter } from '../router.ts'
import { aiSdkTarget } from '../ai-sdk/target.ts'

const apiKey = 'test'

/** A simulator in fast time, and the models of provider packages that call it as their users set them up. */
export async function simulated(options: SimulatorOptions = {}) {
  const sim: Simulator = await startSimulator({ timeScale: 200, ...options })
  return {
    sim,
    openai: (model = 'gpt-6-luna') => createOpenAI({ apiKey, baseURL: sim.url('openai') }).chat(model),
    responses: (model = 'gpt-6-luna') => createOpenAI({ apiKey, baseURL: sim.url('openai') }).responses(model),
    anthropic: (model = 'claude-opus-5-5') => createAnthropic({ apiKey, baseURL: `${sim.url('anthropic')}/v1` })(model),
    google: (model = 'gemini-3.8-flash') => createGoogle({ apiKey, baseURL: `${sim.url('google')}/v1beta` })(model),
    moonshot: (model = 'kimi-k3') =>
      createOpenAICompatible({ name: 'moonshotai', apiKey, baseURL: sim.url('moonshotai'), includeUsage: true }).chatModel(model),
  }
}

export type Simulated = Awaited<ReturnType<typeof simulated>>

/** A router with these models alone. */
export const routerOf = (...models: readonly LanguageModel[]): WireRouter =>
  createRouter({ targets: models.map(model => aiSdkTarget(model)), hedge: false })

/** The text of what a chat request is answered with, and the receipt. */
export async function ask(router: WireRouter, body: Json, signal?: AbortSignal): Promise<{ text: string; receipt: Receipt }> {
  const steps = router.run({ api: 'chat', body, stream: body['stream'] === true, trace: newTrace(router.clock.now()) }, { signal })
  const decoder = new TextDecoder()
  let text = ''
  for (;;) {
    const { done, value } = await steps.next()
    if (done === true) return { text, receipt: value }
    text += decoder.decode(value.bytes)
  }
}

/** The events of a stream. */
export const eventsIn = (text: string): readonly Json[] =>
  text
    .split('\n\n')
    .filter(event => event.startsWith('data: '))
    .map(event => JSON.parse(event.slice('data: '.length)) as Json)
