import type { NanoUsd, Receipt } from '@routewise/core'
import { toUsd } from '@routewise/core'
import type { FaceName } from './faces.ts'
import type { Figures, Tally } from './tally.ts'

/** One of the two runs. */
export interface Side extends Figures {
  model: string
}

/** What the demo has found; `--json` prints it. */
export interface DemoReport {
  /** What the app is written on. */
  face: FaceName
  before: Side
  after: Side & {
    /** Who answered, and what each model cost, dearest first. */
    models: readonly { model: string; requests: number; usd: number }[]
    /** The receipts' own sum. */
    receiptsUsd: number
    /** What the providers billed less the receipts' sum, in billionths of a dollar. */
    billMinusReceiptsNanoUsd: NanoUsd
  }
  /** Cost after ÷ cost before. */
  usdRatio: number | null
  /** Only the turns that both runs answered, so that failures flatter neither. */
  answeredByBoth: {
    turns: number
    before: { usd: number; score: number | null }
    after: { usd: number; score: number | null }
    usdRatio: number | null
  }
  tasks: readonly { task: string; turns: number; before: Figures; after: Figures; usdRatio: number | null }[]
  /** A call worth reading in full. */
  receipt: Receipt | undefined
  /** What the flagship would have charged for the tokens of that call, in its own tokens. */
  receiptFlagshipUsd: number | undefined
  seed: number
  timeScale: number
  /** What a reader must know to judge the figures. */
  notes: readonly string[]
  seconds: number
}

export const ratio = (after: number, before: number): number | null => (before > 0 ? after / before : null)

/** Per task, in the order of their cost before. */
export function taskRows(before: Tally, after: Tally): DemoReport['tasks'] {
  const afterTasks = after.tasks()
  return [...before.tasks()]
    .flatMap(([task, figures]) => {
      const other = afterTasks.get(task)
      return other === undefined
        ? []
        : [{ task, turns: figures.turns, before: figures, after: other, usdRatio: ratio(other.usd, figures.usd) }]
    })
    .toSorted((a, b) => b.before.usd - a.before.usd)
}

/** Cost and quality on the turns that neither run failed. */
export function answeredByBoth(before: Tally, after: Tally): DemoReport['answeredByBoth'] {
  const others = after.turns()
  const sums = { turns: 0, scored: 0, before: { nanoUsd: 0, score: 0 }, after: { nanoUsd: 0, score: 0 } }
  for (const [id, turn] of before.turns()) {
    const other = others.get(id)
    if (other === undefined || turn.failed || other.failed) continue
    sums.turns += 1
    sums.before.nanoUsd += turn.nanoUsd
    sums.after.nanoUsd += other.nanoUsd
    if (turn.score === undefined || other.score === undefined) continue
    sums.scored += 1
    sums.before.score += turn.score
    sums.after.score += other.score
  }
  const side = ({ nanoUsd, score }: { nanoUsd: number; score: number }) => ({
    usd: toUsd(nanoUsd),
    score: sums.scored === 0 ? null : score / sums.scored,
  })
  return {
    turns: sums.turns,
    before: side(sums.before),
    after: side(sums.after),
    usdRatio: ratio(sums.after.nanoUsd, sums.before.nanoUsd),
  }
}
