import type { CacheRule } from '../types.ts'

/** Reads of which a common measure is taken for the provider's step. */
const MIN_READS = 3
/** A smaller common measure is chance. */
const MIN_STEP = 16

/** Steps in which a cache is read, in the model's tokens: the rule's, else what all that was reported is a multiple of; 1 as long as that is open. */
export function createCacheStep({ kind, stepTokens = 1 }: CacheRule) {
  let measure = 0
  let reads = 0
  return {
    tokens(): number {
      if (stepTokens > 1 || kind !== 'auto-prefix') return stepTokens
      return reads >= MIN_READS && measure >= MIN_STEP ? measure : 1
    },
    /** So many tokens were read from the cache. */
    observe(tokens: number): void {
      if (tokens <= 0 || measure === 1) return
      reads += 1
      measure = commonMeasure(measure, tokens)
    },
  }
}

function commonMeasure(a: number, b: number): number {
  while (b > 0) [a, b] = [b, a % b]
  return a
}
