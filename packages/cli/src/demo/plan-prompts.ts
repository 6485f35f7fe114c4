import { findModel } from '@routewise/catalog'
import { type ModelCard, ratesAt } from '@routewise/core'
import { InputError } from '../input/input-error.ts'
import { describeBad, readRows, type Scan } from '../input/scan.ts'
import type { Price } from '../input/solve-price.ts'
import { fromRow } from './from-row.ts'
import type { DemoPlan } from './plan.ts'
import { scenarioModels } from './plan-workload.ts'
import { keepsQualityOf, withQuality } from './policies.ts'

export interface PromptPlanOptions {
  limit: number
  models: readonly string[] | undefined
  prices: ReadonlyMap<string, Price>
  keepQuality: number
  /** Real models will answer: what was recorded is left aside. */
  live?: boolean
  wallMs: number
}

/** A call of this size compares the prices of models that nobody has called yet. */
const USUAL_TOKENS = { input: 1_000, output: 300 }

/** Prompts, messages or conversations of the user's own, for which nobody has told good answers from bad. */
export async function planPrompts(scan: Scan, options: PromptPlanOptions, signal: AbortSignal): Promise<DemoPlan> {
  const { limit, models, live = false } = options
  const kept = Math.min(limit, scan.rows)
  const last = scan.draws[kept - 1] ?? 0
  const keep = (line: number) => scan.draw(line) <= last
  const turns = kept === scan.rows ? scan.turns : await countTurns(scan, keep, signal)
  const chosen = models === undefined ? scenarioPool(options) : namedModels(models, options)
  return {
    ...chosen,
    source: {
      turns,
      async *open(signal) {
        for await (const row of readRows(scan, { keep, signal })) yield fromRow(row, { live })
      },
    },
    notes: [
      `${kept} of ${scan.rows} rows of ${scan.path}${kept < scan.rows ? ', drawn by the seed' : ''}.`,
      ...(scan.bad.count > 0 ? [`Left out: ${describeBad(scan.path, scan.bad)}`] : []),
      `Policy: the cheapest model that keeps ${Math.round(options.keepQuality * 1000) / 10} % of the quality of ${chosen.flagship.id} (--keep-quality), by figures that are assumptions: ${chosen.pool.map(({ id, quality }) => `${id} ${quality.default}`).join(', ')}.`,
      'Nobody has judged answers to these prompts: there is no score, and none is made up.',
      ...(live ? [] : ["Answers are synthetic, or the transcript's own where it has some."]),
    ],
  }
}

/** The scenario's models by their overall quality: what they reach at the desk's tasks says little of other prompts. */
function scenarioPool({ keepQuality }: PromptPlanOptions): Omit<DemoPlan, 'source' | 'notes'> {
  const { flagship: desk, pool: desks, skills } = scenarioModels()
  const pool = desks.map(card => withQuality(card, { default: card.quality.default }))
  const flagship = pool.find(({ id }) => id === desk.id) ?? desk
  return { flagship, pool, skills, policy: keepsQualityOf(flagship, keepQuality) }
}

async function countTurns(scan: Scan, keep: (line: number) => boolean, signal: AbortSignal): Promise<number> {
  let turns = 0
  for await (const row of readRows(scan, { keep, signal })) turns += row.turns.length
  return turns
}

function namedModels(ids: readonly string[], { prices, keepQuality, wallMs }: PromptPlanOptions): Omit<DemoPlan, 'source' | 'notes'> {
  const pool = ids.map(id => knownModel(id, prices)).toSorted((a, b) => usualCost(b, wallMs) - usualCost(a, wallMs))
  const [flagship] = pool
  if (flagship === undefined || pool.length < 2) throw new InputError('--models needs two models at least.')
  return { flagship, pool, skills: {}, policy: keepsQualityOf(flagship, keepQuality) }
}

function knownModel(id: string, prices: ReadonlyMap<string, Price>): ModelCard {
  const card = findModel(id)
  const price = prices.get(id)
  if (card === undefined || card.inferred !== undefined) {
    const hint = card?.inferred === undefined ? '' : ` It is like "${card.inferred}".`
    throw new InputError(`The catalog does not know "${id}".${hint} \`routewise prices\` lists the models it knows.`)
  }
  if (price !== undefined) return { ...card, prices: [{ rates: price }] }
  if (card.prices.length === 0) throw new InputError(`No price is known for "${id}". Give it: --price "${id}=0.5,1.5"`)
  return card
}

function usualCost(card: ModelCard, wallMs: number): number {
  const rates = ratesAt(card, wallMs, USUAL_TOKENS.input)
  return rates === undefined ? 0 : (USUAL_TOKENS.input * rates.input + USUAL_TOKENS.output * rates.output) * card.tokenFactor
}
