import type { CacheEntries } from './entries.ts'
import type { CachePlan, CacheQuestion } from './rule.ts'

/**
 * Every prompt is matched by its longest known prefix in full steps, from the minimum on.
 * The last token is always computed, so a prompt is never read whole.
 */
export function planAutoPrefix({ rule, sequence, ttl, nowMs, billsWrites }: CacheQuestion, entries: CacheEntries): CachePlan {
  const cacheable = sequence.steps.filter(step => step.tokens >= rule.minTokens && step.tokens < sequence.tokens)
  const read = cacheable.findLast(step => entries.has(step.hash, nowMs))?.tokens ?? 0
  const end = cacheable.at(-1)?.tokens ?? 0
  return {
    readTokens: read,
    writeTokens: billsWrites ? end - read : 0,
    writeTokensByTtl: billsWrites && ttl.asked && end > read ? { [ttl.id]: end - read } : {},
    commit() {
      for (const step of cacheable) {
        if (rule.ttls[0]?.sliding === false && step.tokens <= read) continue
        entries.put(step.hash, nowMs + ttl.seconds * 1000)
      }
    },
  }
}
