import { toUsd, type NanoUsd } from '@routewise/core'
import type { WireRouter } from '@routewise/http'

/** What was spent since the start. */
export interface Spent {
  costUsd: number
  /** Dearest first; attempts that failed or lost a race are paid for, too. */
  models: readonly { model: string; attempts: number; costUsd: number }[]
}

/** Adds up what a router's calls cost. */
export function createSpending(router: WireRouter): () => Spent {
  const byModel = new Map<string, { attempts: number; nanoUsd: NanoUsd }>()
  router.on('attempt', ({ attempt: { model, costNanoUsd } }) => {
    const sum = byModel.get(model) ?? { attempts: 0, nanoUsd: 0 }
    byModel.set(model, { attempts: sum.attempts + 1, nanoUsd: sum.nanoUsd + (costNanoUsd ?? 0) })
  })
  return () => ({
    costUsd: toUsd([...byModel.values()].reduce((total, { nanoUsd }) => total + nanoUsd, 0)),
    models: [...byModel]
      .map(([model, { attempts, nanoUsd }]) => ({ model, attempts, costUsd: toUsd(nanoUsd) }))
      .toSorted((a, b) => b.costUsd - a.costUsd),
  })
}
