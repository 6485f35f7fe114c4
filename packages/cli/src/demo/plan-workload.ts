import { findModel } from '@routewise/catalog'
import type { ModelCard } from '@routewise/core'
import { fromWorkload } from './from-workload.ts'
import type { DemoPlan } from './plan.ts'
import { withQuality } from './policies.ts'
import { scenario } from './scenario.ts'
import type { Workload } from './workload/types.ts'

/** The built-in support desk with the models of the scenario. */
export function planWorkload(workload: Workload, { limit, seed, live = false }: { limit: number; seed: number; live?: boolean }): DemoPlan {
  return {
    ...scenarioModels(),
    // A provider may refuse the marks of another.
    source: fromWorkload(workload, { limit, seed, marked: !live }),
    notes: [
      'The conversations, their right answers and the mistakes are written by hand; an answer is scored by what it says.',
      ...(live
        ? []
        : [
            'How able each simulated model is, is an assumption stated in the scenario. The router knows neither difficulty nor right answers.',
          ]),
      'Conversations come in an order drawn by the seed, the same in both runs; a wrong answer is put right before its conversation goes on.',
    ],
  }
}

/** The scenario's models, the flagship among them, with the quality that its user has set. */
export function scenarioModels(): Pick<DemoPlan, 'flagship' | 'pool' | 'skills' | 'policy'> {
  const pool = scenario.pool.map(({ id, quality }): ModelCard => withQuality(cardOf(id), quality))
  const flagship = pool.find(({ id }) => id === scenario.before)
  if (flagship === undefined) throw new Error(`The scenario's pool lacks ${scenario.before}.`)
  return { flagship, pool, skills: Object.fromEntries(scenario.pool.map(({ id, skill }) => [id, skill])), policy: scenario.policy }
}

function cardOf(id: string): ModelCard {
  const card = findModel(id)
  if (card === undefined || card.inferred !== undefined) throw new Error(`The catalog does not know ${id} of the scenario.`)
  return card
}
