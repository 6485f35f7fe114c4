import { startSimulator, type SimulatorOptions } from '@routewise/simulator'
import { onTestFinished } from 'vitest'
import { openaiEmbeddingTarget, openaiTarget } from '../openai/target.ts'
import type { WireRouterOptions } from '../options.ts'
import { createRouter } from '../router.ts'

const apiKey = 'test'

/** A simulator in fast time, and a router over a cheap and a dear model, and one for embeddings, that answer there. */
export async function simulated(options: SimulatorOptions = {}, routing: Partial<WireRouterOptions> = {}) {
  const sim = await startSimulator({ timeScale: 200, ...options })
  onTestFinished(() => sim.close())
  const baseURL = sim.url('openai')
  const router = createRouter({
    targets: [
      openaiTarget({ id: 'small', baseURL, apiKey, model: 'gpt-6-luna' }),
      openaiTarget({ id: 'strong', baseURL: `${sim.url('mistral')}/v1`, apiKey, model: 'mistral-small-2603', flavour: 'mistral' }),
    ],
    embeddings: [openaiEmbeddingTarget({ baseURL, apiKey, model: 'text-embedding-3-small' })],
    ...routing,
  })
  return { sim, router }
}
