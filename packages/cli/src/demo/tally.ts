import type { NanoUsd, Receipt } from '@routewise/core'
import { toUsd } from '@routewise/core'
import type { LedgerRow } from '@routewise/simulator'
import { type Percentiles, percentiles } from './percentiles.ts'
import type { TurnRecord } from './run.ts'

/** Figures of some turns of one run. */
export interface Figures {
  turns: number
  /** From the providers' bill. */
  usd: number
  /** Mean quality of the answered turns; `null`: nobody can tell. */
  score: number | null
  /** Turns without an answer. */
  failed: number
  /** Provider milliseconds, over all answered calls. */
  firstTokenMs: Percentiles
  /** Share of the input tokens that the providers read from their prompt caches. */
  cachedShare: number | null
  /** Requests that providers were sent. */
  requests: number
  /** Attempts that failed, and of these those whose turn was answered all the same. */
  failures: { met: number; survived: number }
}

/** What is kept of one turn. */
export interface TurnSum {
  task: string
  failed: boolean
  score: number | undefined
  nanoUsd: NanoUsd
}

interface Bucket {
  turns: number
  nanoUsd: NanoUsd
  scores: number
  scored: number
  failed: number
  firstTokens: number[]
  inputTokens: number
  cacheReadTokens: number
  requests: number
  met: number
  survived: number
}

/** Adds up one run, turn by turn: per task and in all. */
export function createTally() {
  const tasks = new Map<string, Bucket>()
  const turns = new Map<string, TurnSum>()
  let receiptsNanoUsd = 0
  let unnamedNanoUsd = 0

  const bucketOf = (task: string): Bucket => {
    const known = tasks.get(task)
    if (known !== undefined) return known
    const fresh = emptyBucket()
    tasks.set(task, fresh)
    return fresh
  }

  return {
    turn({ id, task, failure, score, firstTokenMs, receipts }: TurnRecord): void {
      const bucket = bucketOf(task)
      const failed = failure !== undefined
      turns.set(id, { task, failed, score, nanoUsd: 0 })
      bucket.turns += 1
      if (failed) bucket.failed += 1
      if (score !== undefined) {
        bucket.scores += score
        bucket.scored += 1
      }
      bucket.firstTokens.push(...firstTokenMs)
      // A run without a router makes one attempt per call: what fails there fails the turn.
      const met = receipts.length === 0 ? Number(failed) : receipts.reduce((sum, receipt) => sum + failuresOf(receipt), 0)
      bucket.met += met
      if (!failed) bucket.survived += met
      receiptsNanoUsd += receipts.reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0)
    },
    /** Adds a request of the providers' bill, or of the receipts where there is no such bill. */
    request({ label, usage, costNanoUsd }: Pick<LedgerRow, 'label' | 'usage' | 'costNanoUsd'>): void {
      const cost = costNanoUsd ?? 0
      const turn = label === undefined ? undefined : turns.get(label)
      if (turn === undefined) {
        unnamedNanoUsd += cost
        return
      }
      turn.nanoUsd += cost
      const bucket = bucketOf(turn.task)
      bucket.nanoUsd += cost
      bucket.requests += 1
      bucket.inputTokens += usage.inputTokens
      bucket.cacheReadTokens += usage.cacheReadTokens
    },
    /** Sum of all receipts, to be compared with the bill. */
    receiptsNanoUsd: () => receiptsNanoUsd,
    /** Billed to no turn that is known. */
    unnamedNanoUsd: () => unnamedNanoUsd,
    tasks: (): ReadonlyMap<string, Figures> => new Map([...tasks].map(([task, bucket]) => [task, figuresOf(bucket)])),
    turns: (): ReadonlyMap<string, TurnSum> => turns,
    total: (): Figures => figuresOf([...tasks.values()].reduce(merged, { ...emptyBucket(), nanoUsd: unnamedNanoUsd })),
  }
}

export type Tally = ReturnType<typeof createTally>

/** Attempts of a call that failed, whether or not another took over. */
export const failuresOf = ({ attempts }: Receipt): number =>
  attempts.filter(({ end }) => end.type === 'failed' || end.type === 'interrupted').length

const emptyBucket = (): Bucket => ({
  turns: 0,
  nanoUsd: 0,
  scores: 0,
  scored: 0,
  failed: 0,
  firstTokens: [],
  inputTokens: 0,
  cacheReadTokens: 0,
  requests: 0,
  met: 0,
  survived: 0,
})

const figuresOf = (bucket: Bucket): Figures => ({
  turns: bucket.turns,
  usd: toUsd(bucket.nanoUsd),
  score: bucket.scored === 0 ? null : bucket.scores / bucket.scored,
  failed: bucket.failed,
  firstTokenMs: percentiles(bucket.firstTokens),
  cachedShare: bucket.inputTokens === 0 ? null : bucket.cacheReadTokens / bucket.inputTokens,
  requests: bucket.requests,
  failures: { met: bucket.met, survived: bucket.survived },
})

const merged = (a: Bucket, b: Bucket): Bucket => ({
  turns: a.turns + b.turns,
  nanoUsd: a.nanoUsd + b.nanoUsd,
  scores: a.scores + b.scores,
  scored: a.scored + b.scored,
  failed: a.failed + b.failed,
  firstTokens: [...a.firstTokens, ...b.firstTokens],
  inputTokens: a.inputTokens + b.inputTokens,
  cacheReadTokens: a.cacheReadTokens + b.cacheReadTokens,
  requests: a.requests + b.requests,
  met: a.met + b.met,
  survived: a.survived + b.survived,
})
