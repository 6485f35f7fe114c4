import type { AttemptReceipt, Candidate, Features } from '../types.ts'

/** Why less was read from a cache than could have been. */
export type CollapseCause =
  | 'tools-changed'
  | 'system-changed'
  | 'first-message-changed'
  | 'history-changed'
  | 'key-missing'
  | 'key-overloaded'
  | 'expired'
  | 'evicted'

/** A conversation's prompt was cached before, and most of it is not any more. */
export interface CacheCollapse {
  /** Id of the call's receipt. */
  id: string
  target: string
  model: string
  tenant?: string
  session?: string
  cause: CollapseCause
  /** Tokens that could have been read from the cache, and those that were. */
  expectedTokens: number
  cachedTokens: number
  /** What reading the rest anew has cost over reading it from the cache. */
  costUsd: number
}

/** Compares what a response says of its cache with what the conversation had there before. */
export function createCollapseWatch() {
  return {
    /** Notes the call; tells of a collapse where it was one. */
    observe(_candidate: Candidate, _features: Features, _attempt: AttemptReceipt): Omit<CacheCollapse, 'id'> | undefined {
      return undefined
    },
  }
}
