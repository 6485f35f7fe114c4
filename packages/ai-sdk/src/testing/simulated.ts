import { createAnthropic } from '@ai-sdk/anthropic'
import { createDeepSeek } from '@ai-sdk/deepseek'
import { createGoogle } from '@ai-sdk/google'
import { createGroq } from '@ai-sdk/groq'
import { createMistral } from '@ai-sdk/mistral'
import { createOpenAI } from '@ai-sdk/openai'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { createXai } from '@ai-sdk/xai'
import { startSimulator, type Simulator, type SimulatorOptions } from '@routewise/simulator'

const apiKey = 'test'

/** A simulator in fast time, and the models of eight provider packages that call it as their users set them up. */
export async function simulated(options: SimulatorOptions = {}) {
  const sim: Simulator = await startSimulator({ timeScale: 200, ...options })
  return {
    sim,
    openai: (model = 'gpt-6-luna') => createOpenAI({ apiKey, baseURL: sim.url('openai') }).chat(model),
    responses: (model = 'gpt-6-luna') => createOpenAI({ apiKey, baseURL: sim.url('openai') }).responses(model),
    anthropic: (model = 'claude-opus-5-5') => createAnthropic({ apiKey, baseURL: `${sim.url('anthropic')}/v1` })(model),
    google: (model = 'gemini-3.8-flash') => createGoogle({ apiKey, baseURL: `${sim.url('google')}/v1beta` })(model),
    mistral: (model = 'mistral-small-2603') => createMistral({ apiKey, baseURL: `${sim.url('mistral')}/v1` })(model),
    deepseek: (model = 'deepseek-v4-flash') => createDeepSeek({ apiKey, baseURL: sim.url('deepseek') })(model),
    xai: (model = 'grok-4.6') => createXai({ apiKey, baseURL: sim.url('xai') })(model),
    groq: (model = 'openai/gpt-oss-20b') => createGroq({ apiKey, baseURL: `${sim.url('groq')}/openai/v1` })(model),
    moonshot: (model = 'kimi-k3') =>
      createOpenAICompatible({ name: 'moonshotai', apiKey, baseURL: sim.url('moonshotai'), includeUsage: true }).chatModel(model),
  }
}

export type Simulated = Awaited<ReturnType<typeof simulated>>
