import * as z from 'zod'

/** Limits that policies share. `quality` and `firstTokenMs` are wishes, `maxUsd` is a wall. */
export const limitShape = {
  /** Least expected share of good answers, 0 to 1. Where no candidate reaches it, the best are taken. */
  quality: z.number().min(0).max(1).optional(),
  /** Longest expected time to the first token. Where no candidate keeps it, it is waived. */
  firstTokenMs: z.number().positive().optional(),
  /** Highest expected cost of the call; dearer candidates are not called at all. */
  maxUsd: z.number().positive().optional(),
}
