import type { Receipt } from '@routewise/core'
import type { TurnRecord } from './run.ts'

/** The call most worth reading so far: one that survived a failure, read from a prompt cache, and had a choice. */
export function createReceiptPick() {
  let best: { receipt: Receipt; turn: string; interest: number } | undefined
  return {
    offer({ id, failure, receipts }: TurnRecord): void {
      if (failure !== undefined) return
      for (const receipt of receipts) {
        const interest = interestOf(receipt)
        if (best === undefined || interest > best.interest) best = { receipt, turn: id, interest }
      }
    },
    best: () => best,
  }
}

function interestOf({ attempts, usage, considered, target }: Receipt): number {
  const [first, second] = attempts
  const rescued = first?.end.type === 'failed' && second?.end.type === 'answered' ? 4 : 0
  const hedged = second?.reason === 'hedge' && second.target === target ? 3 : 0
  const cached = usage.cacheReadTokens > 0 ? 2 : 0
  const choice = considered.filter(({ rank }) => rank !== undefined).length / Math.max(1, considered.length)
  // Two attempts tell the story; five bury it.
  return rescued + hedged + cached + choice - Math.max(0, attempts.length - 2)
}
