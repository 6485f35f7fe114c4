import type { Clock } from '@routewise/core'

const MINUTE_MS = 60_000

/** A limit on requests that refills evenly, as the providers' own do; `undefined` is none. */
export function createRateLimit(clock: Clock, perMinute: number | undefined) {
  if (perMinute === undefined) return { take: () => undefined, headers: () => undefined }
  const refillMs = MINUTE_MS / perMinute
  let left = perMinute
  let at = 0
  const refill = (): void => {
    left = Math.min(perMinute, left + (clock.now() - at) / refillMs)
    at = clock.now()
  }
  return {
    /** `undefined` when there is one left, which is then gone; else the milliseconds until there is. */
    take(): number | undefined {
      refill()
      if (left < 1) return Math.ceil((1 - left) * refillMs)
      left -= 1
      return undefined
    },
    /** On OpenAI's wire. */
    headers(): Record<string, string> {
      refill()
      return {
        'x-ratelimit-limit-requests': String(perMinute),
        'x-ratelimit-remaining-requests': String(Math.floor(left)),
        'x-ratelimit-reset-requests': `${((perMinute - left) * refillMs) / 1_000}s`,
      }
    },
  }
}
