import type { CacheEntries } from './entries.ts'
import type { CachePlan, CacheQuestion } from './rule.ts'

const DEFAULT_LOOKBACK = 20

/**
 * Only what ends at a breakpoint is written. A read walks back from each breakpoint over block ends, the breakpoint being the first,
 * to find what an earlier request wrote. What is below the minimum is silently left alone.
 * In automatic mode the last block is a breakpoint too.
 */
export function planBreakpoints({ rule, sequence, mode, ttl, ttlOf, nowMs }: CacheQuestion, entries: CacheEntries): CachePlan {
  const { blocks } = sequence
  const marked = blocks.flatMap((block, index) => {
    const implicit = mode === 'automatic' && index === blocks.length - 1
    if (block.marker === undefined && !implicit) return []
    return [{ index, ...block, ttl: block.marker === undefined ? ttl : ttlOf(block.marker.ttl) }]
  })
  const breakpoints = marked.slice(-(rule.maxWrites ?? marked.length))
  const lookback = rule.lookback ?? DEFAULT_LOOKBACK

  let read: { tokens: number; hash: number } | undefined
  for (const breakpoint of breakpoints) {
    const oldest = Math.max(0, breakpoint.index - lookback + 1)
    const found = blocks
      .slice(oldest, breakpoint.index + 1)
      .findLast(block => block.tokens >= rule.minTokens && entries.has(block.hash, nowMs))
    if (found !== undefined && found.tokens > (read?.tokens ?? 0)) read = found
  }

  const writes = breakpoints.filter(breakpoint => breakpoint.tokens >= rule.minTokens)
  const writeTokensByTtl: Record<string, number> = {}
  let covered = read?.tokens ?? 0
  for (const write of writes) {
    if (write.tokens <= covered) continue
    if (write.ttl.asked) writeTokensByTtl[write.ttl.id] = (writeTokensByTtl[write.ttl.id] ?? 0) + write.tokens - covered
    covered = write.tokens
  }
  return {
    readTokens: read?.tokens ?? 0,
    writeTokens: covered - (read?.tokens ?? 0),
    writeTokensByTtl,
    commit() {
      // A hit starts the lifetime anew; both clocks start with the request.
      if (read !== undefined && ttl.sliding) entries.put(read.hash, nowMs + ttl.seconds * 1000)
      for (const write of writes) entries.put(write.hash, nowMs + write.ttl.seconds * 1000)
    },
  }
}
