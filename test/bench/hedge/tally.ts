import type { Receipt } from '@routewise/core'
import { quantile } from '../figures.ts'
import type { LawRequest } from './law.ts'

/** What came of the requests of one run, or of several that are looked at as one. */
export interface Tally {
  note(request: LawRequest, receipt: Receipt): void
  sum(): Outcome
}

export interface Outcome {
  requests: number
  /** Requests that nobody answered. */
  failed: number
  firstTokenMs: Tail
  /** First token ÷ what was to be expected of the request. */
  slowdown: Tail
  /** Attempts beyond one per request, as a share of the requests. */
  extraLoad: number
  /** Hedges, as a share of the requests. */
  hedges: number
  /** Hedges that answered, as a share of the hedges. */
  hedgesWon: number
  /** Input tokens of the hedges, as a share of those of the requests. */
  extraTokens: number
  /** What the attempts cost that did not answer, as a share of the bill. */
  extraCost: number
}

export interface Tail {
  p50: number
  p95: number
  p99: number
  p999: number
}

export function createTally(): Tally {
  const firstTokenMs: number[] = []
  const slowdown: number[] = []
  let requests = 0
  let attempts = 0
  let hedges = 0
  let won = 0
  let tokens = 0
  let hedgeTokens = 0
  let paid = 0
  let wasted = 0

  return {
    note({ inputTokens, expectedMs }, receipt) {
      requests += 1
      attempts += receipt.attempts.length
      tokens += inputTokens
      for (const { reason, end, costNanoUsd = 0 } of receipt.attempts) {
        const answered = end.type === 'answered'
        if (answered) paid += costNanoUsd
        else wasted += costNanoUsd
        if (reason !== 'hedge') continue
        hedges += 1
        hedgeTokens += inputTokens
        if (answered) won += 1
      }
      if (receipt.target === undefined || receipt.firstTokenMs === undefined) return
      firstTokenMs.push(receipt.firstTokenMs)
      slowdown.push(receipt.firstTokenMs / expectedMs)
    },
    sum: () => ({
      requests,
      failed: requests - firstTokenMs.length,
      firstTokenMs: tailOf(firstTokenMs),
      slowdown: tailOf(slowdown),
      extraLoad: attempts / requests - 1,
      hedges: hedges / requests,
      hedgesWon: hedges === 0 ? 0 : won / hedges,
      extraTokens: hedgeTokens / tokens,
      extraCost: wasted / (paid + wasted),
    }),
  }
}

function tailOf(values: readonly number[]): Tail {
  const sorted = Float64Array.from(values).sort()
  const at = (q: number) => quantile(sorted, q)
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), p999: at(0.999) }
}
