import type { CacheRule, Random } from '@routewise/core'
import { LRUCache } from 'lru-cache'

const WINDOW_MS = 60_000
// Servers among which requests without a key are spread, where the cache belongs to one server.
const SERVERS = 4

/** Chooses the machine that a request lands on, which decides the cache it can read. */
export type ChooseMachine = (rule: CacheRule, space: string, headHash: number, key: string | undefined, nowMs: number) => string

/**
 * Requests of one prefix and key stay on one machine up to the soft rate of the rule (OpenAI: about 15 per minute), then spill to the next.
 * Where the cache belongs to a server (xAI), requests without a key land on any.
 */
export function createMachines(random: Random): ChooseMachine {
  const recent = new LRUCache<string, number[]>({ max: 10_000 })
  return (rule, space, headHash, key, nowMs) => {
    if (rule.scope === 'server' && key === undefined) return `server-${Math.floor(random() * SERVERS)}`
    const home = key === undefined ? '' : `key-${key}/`
    const limit = rule.key?.softRequestsPerMinute
    if (limit === undefined) return home
    // With cache markers the rate counts for all of a key, before them for each prefix under it.
    const lane = rule.kind === 'breakpoints' && key !== undefined ? `${space}/${home}` : `${space}/${home}${headHash}`
    const times = recent.get(lane) ?? []
    while ((times[0] ?? Infinity) <= nowMs - WINDOW_MS) times.shift()
    const machine = Math.floor(times.length / limit)
    times.push(nowMs)
    recent.set(lane, times)
    return `${home}${machine}`
  }
}
