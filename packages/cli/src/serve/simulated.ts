import { createAnthropic } from '@ai-sdk/anthropic'
import { createGoogle } from '@ai-sdk/google'
import { openaiEmbeddingTarget, openaiTarget, type RoutewiseConfig } from '@routewise/http'
import { aiSdkTarget } from '@routewise/http/ai-sdk'
import { startSimulator } from '@routewise/simulator'

const API_KEY = 'sk-simulated'

/** What is served where nobody has configured anything: models of three simulated providers, at their real pace. */
export async function startSimulated(): Promise<{ config: RoutewiseConfig } & AsyncDisposable> {
  const simulator = await startSimulator({ providers: ['openai', 'anthropic', 'google'] })
  const openai = { baseURL: simulator.url('openai'), apiKey: API_KEY }
  const anthropic = createAnthropic({ apiKey: API_KEY, baseURL: `${simulator.url('anthropic')}/v1` })
  const google = createGoogle({ apiKey: API_KEY, baseURL: `${simulator.url('google')}/v1beta` })
  return {
    config: {
      targets: [
        openaiTarget({ ...openai, model: 'gpt-6-luna' }),
        openaiTarget({ ...openai, model: 'gpt-6-sol' }),
        aiSdkTarget(anthropic('claude-haiku-4-5')),
        aiSdkTarget(anthropic('claude-opus-5-5')),
        aiSdkTarget(google('gemini-3.8-flash')),
      ],
      embeddings: [openaiEmbeddingTarget({ ...openai, model: 'text-embedding-3-small' })],
    },
    [Symbol.asyncDispose]: () => simulator.close(),
  }
}
