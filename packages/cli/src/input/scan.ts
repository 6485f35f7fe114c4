import { createHash } from 'node:crypto'
import { InputError } from './input-error.ts'
import { parseRow } from './parse-row.ts'
import { createPriceSolver, type PriceSolver } from './solve-price.ts'
import { readLines } from './read-lines.ts'
import type { Row } from './row.ts'

/** What is known of one model in rows with recorded outcomes. */
export interface ScannedModel {
  id: string
  /** Rows in which it has an outcome. */
  rows: number
  /** Mean tokens, where they were recorded. */
  inputTokens: number | undefined
  outputTokens: number | undefined
  solver: PriceSolver
}

/** What one reading of the whole file tells. Of each row only a number is kept. */
export interface Scan {
  path: string
  rows: number
  /** Rows that have recorded outcomes. */
  recorded: number
  turns: number
  bad: { count: number; first: readonly { line: number; problem: string }[] }
  models: readonly ScannedModel[]
  /** Place of a row in an order drawn by the seed, from 0 up to, not including, 1. */
  draw(line: number): number
  /** Draws of all good rows, in ascending order. */
  draws: Float64Array
}

const SHOWN_PROBLEMS = 5
/** Bytes of a hash that make a number without loss. */
const DRAW_BYTES = 6

/**
 * Reads the whole file once. @throws InputError if it cannot be read, holds no row, mixes rows with and without recorded outcomes,
 * or, unless `skipBad`, has a line that cannot be used.
 */
export async function scanInput(
  path: string,
  { seed, skipBad, signal }: { seed: number; skipBad: boolean; signal: AbortSignal },
): Promise<Scan> {
  const draw = (line: number) => drawOf(seed, line)
  const draws: number[] = []
  const models = new Map<string, ReturnType<typeof newModel>>()
  const first: { line: number; problem: string }[] = []
  let badCount = 0
  let recorded = 0
  let turns = 0
  for await (const line of readLines(path, { signal })) {
    const row = 'problem' in line ? line : parseRow(line.number, line.text)
    if ('problem' in row) {
      badCount += 1
      if (first.length < SHOWN_PROBLEMS) first.push({ line: line.number, problem: row.problem })
      continue
    }
    draws.push(draw(row.line))
    turns += row.turns.length
    if (row.outcomes === undefined) continue
    recorded += 1
    addOutcomes(models, row.outcomes)
  }
  const bad = { count: badCount, first }
  if (badCount > 0 && !skipBad) throw new InputError(`${describeBad(path, bad)}\nPass --skip-bad to leave them out.`)
  if (draws.length === 0) throw new InputError(badCount > 0 ? `${describeBad(path, bad)}\nNo good line is left.` : `${path} holds no rows.`)
  if (recorded > 0 && recorded < draws.length) {
    throw new InputError(
      `${path}: ${recorded} rows have recorded outcomes (\`out\`) and ${draws.length - recorded} have none. Split the file.`,
    )
  }
  const scanned = [...models].map(([id, { rows, input, output, solver }]): ScannedModel => ({
    id,
    rows,
    inputTokens: input.count === 0 ? undefined : input.sum / input.count,
    outputTokens: output.count === 0 ? undefined : output.sum / output.count,
    solver,
  }))
  return { path, rows: draws.length, recorded, turns, bad, models: scanned, draw, draws: Float64Array.from(draws).sort() }
}

/** Good rows of a scanned file, in its order; of outcomes, those of `models` only. */
export async function* readRows(
  scan: Scan,
  { models, keep, signal }: { models?: ReadonlySet<string> | undefined; keep(line: number): boolean; signal: AbortSignal },
): AsyncGenerator<Row, void, void> {
  for await (const line of readLines(scan.path, { signal })) {
    if ('problem' in line || !keep(line.number)) continue
    const row = parseRow(line.number, line.text, models)
    if (!('problem' in row)) yield row
  }
}

/** The first bad lines with their reasons, and how many there are. */
export function describeBad(path: string, { count, first }: Scan['bad']): string {
  const lines = first.map(({ line, problem }) => `  line ${line}: ${problem}`)
  const more = count > first.length ? [`  … and ${count - first.length} more`] : []
  return [`${path}: ${count} ${count === 1 ? 'line' : 'lines'} cannot be used:`, ...lines, ...more].join('\n')
}

function drawOf(seed: number, line: number): number {
  const digest = createHash('sha256').update(`${seed} ${line}`).digest()
  return digest.readUIntBE(0, DRAW_BYTES) / 2 ** (8 * DRAW_BYTES)
}

const newModel = () => ({ rows: 0, input: { sum: 0, count: 0 }, output: { sum: 0, count: 0 }, solver: createPriceSolver() })

function addOutcomes(models: Map<string, ReturnType<typeof newModel>>, outcomes: NonNullable<Row['outcomes']>): void {
  for (const [id, { inputTokens, outputTokens, costUsd }] of outcomes) {
    const model = models.get(id) ?? newModel()
    models.set(id, model)
    model.rows += 1
    if (inputTokens !== undefined) {
      model.input.sum += inputTokens
      model.input.count += 1
    }
    if (outputTokens !== undefined) {
      model.output.sum += outputTokens
      model.output.count += 1
    }
    // A cost of 0 says that nobody was billed, not what a token costs.
    if (inputTokens !== undefined && outputTokens !== undefined && costUsd) model.solver.add(inputTokens, outputTokens, costUsd)
  }
}
