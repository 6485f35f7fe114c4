import type { Wishes } from '../types.ts'
import type { AttemptOptions } from './attempt.ts'

/** What the call of an attempt is prepared with; `undefined`: nothing beside the target. */
export function wishesOf<Call, Chunk>({ candidate, logprobs }: AttemptOptions<Call, Chunk>): Wishes | undefined {
  const { cachePlan: cache } = candidate
  if (logprobs !== true && cache === undefined) return undefined
  return logprobs === true ? { logprobs, cache } : { cache }
}
