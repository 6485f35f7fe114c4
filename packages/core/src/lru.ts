import { LRUCache } from 'lru-cache'

/** A map of at most `max` entries, the least recently used going first. It grows as it fills: with `max` itself lru-cache takes all the room at once, which costs every new router milliseconds. */
export const createLru = <Key extends {}, Value extends {}>(max: number): LRUCache<Key, Value> =>
  new LRUCache<Key, Value>({ maxSize: max, sizeCalculation: () => 1 })
