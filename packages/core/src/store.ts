import { createLru } from './lru.ts'
import { type Clock, systemClock } from './clock.ts'

/** State that several instances share. Every method may reject: the router treats what it reads here as advice. */
export interface Store {
  get(key: string): Promise<string | undefined>
  set(key: string, value: string, options: { ttlMs: number }): Promise<void>
  /** Adds atomically and returns the new total; the key expires `ttlMs` after its first add. */
  add(key: string, amount: number, options: { ttlMs: number }): Promise<number>
  delete(key: string): Promise<void>
}

/** A store in this process: bounded (`max` keys, default 10,000, least recently used go first). */
export function createMemoryStore({ max = 10_000, clock = systemClock }: { max?: number; clock?: Pick<Clock, 'now'> } = {}): Store {
  const entries = createLru<string, { value: string; until: number }>(max)
  const live = (key: string) => {
    const entry = entries.get(key)
    if (entry === undefined || clock.now() < entry.until) return entry
    entries.delete(key)
    return undefined
  }
  return {
    get: async key => live(key)?.value,
    set: async (key, value, { ttlMs }) => {
      entries.set(key, { value, until: clock.now() + ttlMs })
    },
    add: async (key, amount, { ttlMs }) => {
      const entry = live(key)
      const total = Number(entry?.value ?? 0) + amount
      entries.set(key, { value: String(total), until: entry?.until ?? clock.now() + ttlMs })
      return total
    },
    delete: async key => {
      entries.delete(key)
    },
  }
}
