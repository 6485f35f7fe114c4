/** Price of one more attempt, in tokens. A breakdown costs more, since it is likelier to last than a limit. Source: AWS SDK. */
const COST = { hedge: 10, throttled: 10, transient: 14 } as const
/** What `burst` and `budget` count in. */
const TOKENS = 10
/** Sums of shares may fall short by their rounding. */
const ROUNDING = 1e-9

export type RetryKind = keyof typeof COST

/**
 * One purse for retries and hedges together: it starts full with `burst` of them, and every answered call deposits `budget` of one.
 * So in any stretch of time there are at most `budget` × answered calls + `burst`, and none for long where nothing is answered.
 */
export function createRetryBudget({ budget, burst }: { budget: number; burst: number }) {
  const full = burst * TOKENS
  let tokens = full
  // A small purse must not be too small for what costs most.
  const costOf = (kind: RetryKind) => Math.min(COST[kind], full)
  const has = (kind: RetryKind): boolean => tokens >= costOf(kind) - ROUNDING
  return {
    /** A call was answered. */
    answered(): void {
      tokens = Math.min(full, tokens + budget * TOKENS)
    },
    /** Whether `take` would succeed. */
    has,
    /** Pays for one, if there is enough. */
    take(kind: RetryKind): boolean {
      if (!has(kind)) return false
      tokens -= costOf(kind)
      return true
    },
  }
}

export type RetryBudget = ReturnType<typeof createRetryBudget>
