/** Hedges that may be saved up while nothing is slow. */
const MAX_SAVED = 10

/** Lets a share of calls be hedged, so that a slow provider cannot double the bill: every call deposits `share`, a hedge takes 1. */
export function createHedgeBudget(share: number) {
  let saved = 0
  return {
    deposit(): void {
      saved = Math.min(MAX_SAVED, saved + share)
    },
    /** Takes one hedge, if there is one. */
    take(): boolean {
      if (saved < 1 - 1e-9) return false
      saved -= 1
      return true
    },
  }
}
