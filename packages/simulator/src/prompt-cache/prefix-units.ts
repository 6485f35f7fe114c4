import type { CacheEntries } from './entries.ts'
import type { CachePlan, CacheQuestion } from './rule.ts'

/**
 * A request hits only where it fully matches a stored unit. Units end with the user's input, with the model's output, and where two
 * requests were seen to part (so the third request with a common prefix is the first to hit).
 * Source: api-docs.deepseek.com/guides/kv_cache.
 */
export function planPrefixUnits({ rule, sequence, ttl, nowMs }: CacheQuestion, entries: CacheEntries, sightings: CacheEntries): CachePlan {
  const longEnough = (prefix: { tokens: number }) => prefix.tokens >= rule.minTokens && prefix.tokens < sequence.tokens
  const inBlocks = sequence.blocks.findLast(block => longEnough(block) && entries.has(block.hash, nowMs))
  const inSteps = sequence.steps.findLast(step => longEnough(step) && entries.has(step.hash, nowMs))
  const read = (inBlocks?.tokens ?? 0) >= (inSteps?.tokens ?? 0) ? inBlocks : inSteps
  const readTokens = read?.tokens ?? 0
  return {
    readTokens,
    writeTokens: 0,
    writeTokensByTtl: {},
    commit(withOutput) {
      const expiresAtMs = nowMs + ttl.seconds * 1000
      const unit = (prefix: { tokens: number; hash: number } | undefined) => {
        if (prefix !== undefined && prefix.tokens >= rule.minTokens) entries.put(prefix.hash, expiresAtMs)
      }
      // A hit starts the lifetime anew.
      if (ttl.sliding) unit(read)
      unit(sequence.blocks.at(-1))
      unit(withOutput?.blocks.at(-1))
      // What a unit already covers is no parting: the request goes on from there.
      unit(sequence.steps.findLast(step => step.tokens > readTokens && sightings.has(step.hash, nowMs)))
      for (const step of sequence.steps) sightings.put(step.hash, expiresAtMs)
    },
  }
}
