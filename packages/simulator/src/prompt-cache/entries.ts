import { LRUCache } from 'lru-cache'

/** What one machine of a provider remembers of prompts: hashes of prefixes, until they expire. */
export interface CacheEntries {
  has(hash: number, nowMs: number): boolean
  put(hash: number, expiresAtMs: number): void
}

/** All entries of a simulator, in spaces that never see each other. The oldest go first when `maxEntries` is reached. */
export function createEntries(maxEntries: number): (space: string) => CacheEntries {
  const expiry = new LRUCache<string, number>({ max: maxEntries })
  return space => ({
    has: (hash, nowMs) => (expiry.get(`${space}/${hash}`) ?? -Infinity) > nowMs,
    put(hash, expiresAtMs) {
      const key = `${space}/${hash}`
      // A short-lived write never shortens the life of a longer one.
      expiry.set(key, Math.max(expiresAtMs, expiry.get(key) ?? -Infinity))
    },
  })
}
