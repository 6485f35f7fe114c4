import type { NanoUsd, Usage } from '@routewise/core'
import { toUsd } from '@routewise/core'

/** How a request ended, as the provider saw it. */
export type RequestEnd =
  /** The client got all of it. */
  | 'answered'
  /** An HTTP error: nothing is charged. */
  | 'failed'
  /** The client went away. */
  | 'cancelled'
  /** A fault ended it after status 200: cut socket, error event, end without a terminal event. */
  | 'interrupted'

/** One request on a provider's bill. Times are milliseconds of provider time since the simulator started. */
export interface LedgerRow {
  id: string
  provider: string
  model: string
  /** The API key. */
  account: string
  stream: boolean
  startMs: number
  /** As drawn by the latency law, from the start; absent when no token came. */
  firstTokenMs?: number
  endMs: number
  end: RequestEnd
  status: number
  usage: Usage
  /** `undefined`: the catalog has no price for the model. */
  costNanoUsd: NanoUsd | undefined
  /** Name that the option `label` gave the request. */
  label?: string
  /** Fault that struck the request. */
  fault?: string
  /** Whether the model was right, where the recording says what right is. */
  right?: boolean
}

/** What one model has cost so far. */
export interface ModelTotal {
  provider: string
  model: string
  requests: number
  costNanoUsd: NanoUsd
}

/** The true bill: what the providers charge. */
export interface Bill {
  /** The latest requests, oldest first; at most `ledgerRows`. */
  readonly rows: readonly LedgerRow[]
  /** Of all requests, also those whose rows are gone. */
  readonly totalNanoUsd: NanoUsd
  readonly totalUsd: number
  readonly requests: number
  readonly byModel: readonly ModelTotal[]
  clear(): void
}

export interface Ledger {
  bill: Bill
  add(row: LedgerRow): void
}

export function createLedger({ maxRows }: { maxRows: number }): Ledger {
  let rows: LedgerRow[] = []
  let totals = new Map<string, ModelTotal>()
  const sum = (pick: (total: ModelTotal) => number) => [...totals.values()].reduce((all, total) => all + pick(total), 0)
  const trim = (slack: number) => {
    if (rows.length > maxRows + slack) rows = rows.slice(-maxRows)
  }
  return {
    bill: {
      get rows() {
        trim(0)
        return rows
      },
      get totalNanoUsd() {
        return sum(total => total.costNanoUsd)
      },
      get totalUsd() {
        return toUsd(sum(total => total.costNanoUsd))
      },
      get requests() {
        return sum(total => total.requests)
      },
      get byModel() {
        return [...totals.values()]
      },
      clear() {
        rows = []
        totals = new Map()
      },
    },
    add(row) {
      rows.push(row)
      // Dropped in batches, so that a full ledger costs no copy per request.
      trim(maxRows)
      const key = `${row.provider}/${row.model}`
      const total = totals.get(key) ?? { provider: row.provider, model: row.model, requests: 0, costNanoUsd: 0 }
      totals.set(key, { ...total, requests: total.requests + 1, costNanoUsd: total.costNanoUsd + (row.costNanoUsd ?? 0) })
    },
  }
}
