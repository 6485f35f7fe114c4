import type { ModelCard } from '@routewise/core'
import { InputError } from '../input/input-error.ts'
import type { Row } from '../input/row.ts'
import { describeBad, readRows, type Scan } from '../input/scan.ts'
import { fromRow } from './from-row.ts'
import type { DemoPlan } from './plan.ts'
import { keepsQualityOf, withQuality } from './policies.ts'
import { type RecordedModel, type RecordedModelOptions, recordedModels } from './recorded-models.ts'

export interface RecordedPlanOptions extends RecordedModelOptions {
  limit: number
  /** Share of the rows on which quality is measured; they are left out of both runs. */
  calibrate: number
  /** Share of the flagship's quality to keep. */
  keepQuality: number
}

/** A pool that nobody has named is held to this: more would only be passed over. */
const LARGEST_POOL = 8

/** Quality of models that no calibration row tells of: all alike. */
const UNMEASURED = 0.5

/**
 * Rows with recorded outcomes, answered by replaying them. Quality is measured on rows that are not judged afterwards.
 * @throws InputError if no pool of two models can be put together, or no row is left to judge.
 */
export async function planRecorded(scan: Scan, options: RecordedPlanOptions, signal: AbortSignal): Promise<DemoPlan> {
  const kept = Math.min(options.limit, scan.rows)
  const calibrated = Math.min(kept - 1, Math.round(kept * options.calibrate))
  const edge = calibrated > 0 ? (scan.draws[calibrated - 1] ?? 0) : -1
  const last = scan.draws[kept - 1] ?? 0
  const isCalibration = (line: number) => scan.draw(line) <= edge
  const isJudged = (line: number) => scan.draw(line) > edge && scan.draw(line) <= last

  const all = recordedModels(scan, options)
  const quality = await measureQuality(readRows(scan, { keep: isCalibration, signal }), all)
  const chosen = options.models === undefined ? bestForTheirPrice(all, quality) : all
  const pool = chosen.map(({ card }): ModelCard => withQuality(card, { default: quality.get(card.id) ?? UNMEASURED }))
  const [flagship] = pool
  if (flagship === undefined) throw new InputError('No model is left.')
  const ids = new Set(pool.map(({ id }) => id))
  const judged = (signal: AbortSignal) => completeRows(readRows(scan, { models: ids, keep: isJudged, signal }), ids)
  let turns = 0
  for await (const row of judged(signal)) turns += row.turns.length
  if (turns === 0) throw new InputError(`${scan.path}: no row is left to judge; every model of the pool must have an outcome in it.`)

  return {
    flagship,
    pool,
    skills: {},
    policy: keepsQualityOf(flagship, options.keepQuality),
    source: {
      turns,
      async *open(signal) {
        for await (const row of judged(signal)) yield fromRow(row)
      },
    },
    notes: [
      `${turns} of ${scan.rows} rows of ${scan.path} are judged, by replaying what each model answered, with its tokens and its score.`,
      calibrated > 0
        ? `The router's quality figures are measured on ${calibrated} other rows, drawn by the seed; those are in neither total.`
        : 'No rows were set aside for calibration: the router takes all models for equally good.',
      ...(kept - calibrated > turns ? [`${kept - calibrated - turns} rows are left out: a model of the pool has no outcome there.`] : []),
      ...(scan.bad.count > 0 ? [`Left out: ${describeBad(scan.path, scan.bad)}`] : []),
      `Policy: the cheapest model that keeps ${percent(options.keepQuality)} of the quality of ${flagship.id} (--keep-quality).`,
      `Pool${options.models === undefined ? ` (the dearest of ${all.length} with a known price, and the best for their price; --models names others)` : ''}: ${chosen.map(model => described(model, quality.get(model.card.id))).join('; ')}.`,
    ],
  }
}

async function measureQuality(rows: AsyncIterable<Row>, models: readonly RecordedModel[]): Promise<Map<string, number>> {
  const sums = new Map(models.map(({ card }) => [card.id, { score: 0, rows: 0 }]))
  for await (const { outcomes } of rows) {
    for (const [id, { score }] of outcomes ?? []) {
      const sum = sums.get(id)
      if (sum === undefined || score === undefined) continue
      sum.score += score
      sum.rows += 1
    }
  }
  return new Map([...sums].flatMap(([id, { score, rows: count }]) => (count === 0 ? [] : [[id, score / count]])))
}

/** The dearest, and those that no cheaper one is as good as; of too many the best. */
function bestForTheirPrice(dearestFirst: readonly RecordedModel[], quality: ReadonlyMap<string, number>): RecordedModel[] {
  const [flagship, ...rest] = dearestFirst
  if (flagship === undefined) return []
  const qualityOf = ({ card }: RecordedModel) => quality.get(card.id) ?? 0
  const frontier = rest.filter((model, at) => !rest.some((other, otherAt) => otherAt > at && qualityOf(other) >= qualityOf(model)))
  const best = new Set(frontier.toSorted((a, b) => qualityOf(b) - qualityOf(a)).slice(0, LARGEST_POOL - 1))
  return [flagship, ...frontier.filter(model => best.has(model))]
}

async function* completeRows(rows: AsyncIterable<Row>, models: ReadonlySet<string>): AsyncGenerator<Row, void, void> {
  for await (const row of rows) if (row.outcomes?.size === models.size) yield row
}

const percent = (share: number): string => `${Math.round(share * 1000) / 10} %`

function described({ card, priceFrom }: RecordedModel, quality: number | undefined): string {
  const rates = card.prices.at(-1)?.rates
  const price = rates === undefined ? '' : `$${rates.input}/$${rates.output} per million from ${priceFrom}`
  return `${card.id} (${price}${quality === undefined ? '' : `, ${percent(quality)} right`})`
}
