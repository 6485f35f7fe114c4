/** Sums of shares may fall short by their rounding. */
const ROUNDING = 1e-9

/**
 * Lets a share of calls be hedged, so that a slow provider cannot double the bill: every call deposits `budget`, a hedge takes 1.
 * Nothing is given in advance, and at most `burst` are saved up.
 */
export function createHedgeBudget({ budget, burst }: { budget: number; burst: number }) {
  let saved = 0
  const has = (): boolean => saved >= 1 - ROUNDING
  return {
    /** A call was made. */
    deposit(): void {
      saved = Math.min(burst, saved + budget)
    },
    /** Whether `take` would succeed. */
    has,
    /** Takes one hedge, if there is one. */
    take(): boolean {
      if (!has()) return false
      saved -= 1
      return true
    },
  }
}

export type HedgeBudget = ReturnType<typeof createHedgeBudget>
