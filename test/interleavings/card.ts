import type { ModelCard } from '@routewise/core'
import { scriptedCard } from '@routewise/core/testing'

/** A model that can do everything; the higher its rank, the better and the dearer. */
export const cardOf = (id: string, rank: number): ModelCard =>
  scriptedCard(`model-${id}`, {
    provider: 'modelled',
    prices: [{ rates: { input: 4 ** rank, output: 4 ** rank } }],
    quality: { default: 0.5 + rank / 10 },
    firstToken: { baseMs: 1, msPerInputToken: 0 },
    outputTokensPerSecond: 1_000,
    source: 'modelled',
  })
