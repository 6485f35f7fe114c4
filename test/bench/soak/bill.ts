import type { Receipt } from '@routewise/langchain'
import type { LedgerRow } from '@routewise/simulator'

/** How a router's own books differ from its providers' bill. */
export interface BillCheck {
  /** Of attempts whose usage the provider has told, or which it refused. */
  differenceNanoUsd: number
  /** What nobody was told: attempts that were cut off or given up. As a share of what the providers charge for them. */
  estimatedRatio: number
  /** Requests on the bill that no receipt knows of, and answers that are on no bill. */
  unmatched: number
}

/** Compares receipts with the bill, request by request; both are known by their prompt. */
export function checkBill(receipts: ReadonlyMap<string, Receipt>, rows: readonly LedgerRow[]): BillCheck {
  const billed = new Map<string, LedgerRow[]>()
  for (const row of rows) {
    const key = `${row.label} ${row.model}`
    billed.set(key, [...(billed.get(key) ?? []), row])
  }
  let differenceNanoUsd = 0
  let estimatedNanoUsd = 0
  let chargedNanoUsd = 0
  let unmatched = rows.length
  for (const [prompt, { attempts }] of receipts) {
    for (const { model, usageSource, costNanoUsd, end } of attempts) {
      const row = billed.get(`${prompt} ${model}`)?.shift()
      if (row === undefined) {
        // Whoever is given up before its request has left is on no bill.
        if (end.type === 'answered') unmatched += 1
        continue
      }
      unmatched -= 1
      if (usageSource === 'estimated') {
        estimatedNanoUsd += costNanoUsd!
        chargedNanoUsd += row.costNanoUsd!
      } else {
        differenceNanoUsd += Math.abs(costNanoUsd! - row.costNanoUsd!)
      }
    }
  }
  return { differenceNanoUsd, estimatedRatio: chargedNanoUsd === 0 ? 1 : estimatedNanoUsd / chargedNanoUsd, unmatched }
}
