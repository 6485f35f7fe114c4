import { perTarget } from './per-target.ts'

/** Counted in tenths of gRPC's tokens, so that they stay whole numbers: 10 at first and at most, a success gives 0.1, a failure takes 1. */
const MAX_TENTHS = 100
const SUCCESS_TENTHS = 1
const FAILURE_TENTHS = 10

/**
 * Says when a target fails so often that asking it more than once would make its trouble worse: then hedges and retries are blocked,
 * first attempts are not. Bounded. Source: gRPC A6, "Throttling Retry Attempts and Hedged RPCs".
 */
export function createFailureThrottle() {
  const states = perTarget(() => ({ tenths: MAX_TENTHS }))
  return {
    succeeded(target: string): void {
      const state = states(target)
      state.tenths = Math.min(MAX_TENTHS, state.tenths + SUCCESS_TENTHS)
    },
    failed(target: string): void {
      const state = states(target)
      state.tenths = Math.max(0, state.tenths - FAILURE_TENTHS)
    },
    /** Half of the tokens are gone. */
    isBlocked: (target: string): boolean => states(target).tenths <= MAX_TENTHS / 2,
  }
}
