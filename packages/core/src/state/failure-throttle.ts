import type { Clock } from '../clock.ts'
import { perTarget } from './per-target.ts'

/** Counted in tenths of gRPC's tokens, so that they stay whole numbers: 10 at first and at most, a success gives 0.1, a failure takes 1. */
const MAX_TENTHS = 100
const SUCCESS_TENTHS = 1
const FAILURE_TENTHS = 10
/** gRPC's tokens come back by successes alone. A target that is only ever hedged to would be blocked for good: here time heals, too. */
const HEAL_MS_PER_TENTH = 1_000

/**
 * Says when a target fails so often that asking it more than once would make its trouble worse: then hedges and retries are blocked,
 * first attempts are not. Bounded. Source: gRPC A6, "Throttling Retry Attempts and Hedged RPCs".
 */
export function createFailureThrottle({ now }: Pick<Clock, 'now'>) {
  const states = perTarget(() => ({ tenths: MAX_TENTHS, healedAt: now() }))
  const healed = (target: string) => {
    const state = states(target)
    if (state.tenths === MAX_TENTHS) return state
    const tenths = Math.floor((now() - state.healedAt) / HEAL_MS_PER_TENTH)
    state.tenths = Math.min(MAX_TENTHS, state.tenths + tenths)
    state.healedAt += tenths * HEAL_MS_PER_TENTH
    return state
  }
  return {
    succeeded(target: string): void {
      const state = healed(target)
      state.tenths = Math.min(MAX_TENTHS, state.tenths + SUCCESS_TENTHS)
    },
    failed(target: string): void {
      const state = healed(target)
      if (state.tenths === MAX_TENTHS) state.healedAt = now()
      state.tenths = Math.max(0, state.tenths - FAILURE_TENTHS)
    },
    /** Half of the tokens are gone. */
    isBlocked: (target: string): boolean => healed(target).tenths <= MAX_TENTHS / 2,
  }
}
