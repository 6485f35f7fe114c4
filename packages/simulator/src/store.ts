import { LRUCache } from 'lru-cache'
import type { ServerStore } from './types.ts'

/** What a vendor remembers between requests: the 2,000 things used last. */
export function createServerStore(): ServerStore {
  const things = new LRUCache<string, { value: unknown }>({ max: 2_000 })
  return {
    get: id => things.get(id)?.value,
    set(id, value) {
      things.set(id, { value })
    },
    delete(id) {
      things.delete(id)
    },
  }
}
