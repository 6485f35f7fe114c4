import type { Clock } from '../clock.ts'
import { perTarget } from './per-target.ts'
import type { RateLimit, RateLimits } from './rate-limits.ts'

/** What a response said is believed for a minute, the longest window but a day's: a target must not be left alone on old news. */
const BELIEVED_MS = 60_000

/** A provider's token bucket as far as it can be seen from here. */
interface Bucket {
  limit: number
  /** What is left, at `at`. */
  level: number
  at: number
  refillPerMs: number
  believedUntil: number
}

/**
 * Knows when a target would answer with a 429: from what its last response said is left of its rate limits, what has refilled since
 * and what was sent since. Targets whose headers were never seen are never held back. Bounded.
 */
export function createPacing({ now }: Pick<Clock, 'now'>) {
  const buckets = perTarget(() => ({ requests: undefined as Bucket | undefined, tokens: undefined as Bucket | undefined }))

  return {
    /** Takes in what a response says. It goes before our own reckoning: others may share the limit, and providers count differently. */
    observe(target: string, { requests, tokens }: RateLimits): void {
      const known = buckets(target)
      const time = now()
      if (requests !== undefined) known.requests = bucketOf(requests, time)
      if (tokens !== undefined) known.tokens = bucketOf(tokens, time)
    },
    /** A request of so many input tokens is being sent. */
    spend(target: string, inputTokens: number): void {
      const { requests, tokens } = buckets(target)
      const time = now()
      if (requests !== undefined) drain(requests, 1, time)
      if (tokens !== undefined) drain(tokens, inputTokens, time)
    },
    /** A request of so many input tokens, sent now, would be one too many. */
    isSpent(target: string, inputTokens: number): boolean {
      const { requests, tokens } = buckets(target)
      if (requests === undefined && tokens === undefined) return false
      const time = now()
      return lacks(requests, 1, time) || lacks(tokens, inputTokens, time)
    },
  }
}

function bucketOf({ limit, remaining, resetMs }: RateLimit, at: number): Bucket {
  // Where the limit is not told, nothing is known of the refill but when it is complete.
  if (limit === undefined) return { limit: Number.POSITIVE_INFINITY, level: remaining, at, refillPerMs: 0, believedUntil: at + resetMs }
  const isFull = resetMs === 0 || remaining >= limit
  return {
    limit,
    level: isFull ? limit : remaining,
    at,
    // What was full shows no refill: until the next response only what is sent counts.
    refillPerMs: isFull ? 0 : (limit - remaining) / resetMs,
    believedUntil: at + Math.max(resetMs, BELIEVED_MS),
  }
}

const levelAt = ({ limit, level, at, refillPerMs }: Bucket, time: number): number => Math.min(limit, level + refillPerMs * (time - at))

function drain(bucket: Bucket, amount: number, time: number): void {
  bucket.level = Math.max(0, levelAt(bucket, time) - amount)
  bucket.at = time
}

function lacks(bucket: Bucket | undefined, amount: number, time: number): boolean {
  if (bucket === undefined || time >= bucket.believedUntil) return false
  // What is larger than the whole limit has to be tried some time: when nothing else is in its way.
  return levelAt(bucket, time) < Math.min(amount, bucket.limit)
}
