import { createMemoryStore, type Store } from '@routewise/core'
import type { SimulatedClock } from './clock.ts'
import type { SeededRandom } from './random.ts'

/** A shared store as it is to behave; shares are of all its answers. */
export interface StorePlan {
  delayMs: number
  failShare: number
  /** Never answers. */
  hangShare: number
}

/** A store behind a network that is slow, and loses what is asked of it. */
export function createStore(
  { delayMs, failShare, hangShare }: StorePlan,
  { clock, random }: { clock: SimulatedClock; random: SeededRandom },
): Store {
  const memory = createMemoryStore({ clock })
  const travel = (): Promise<void> =>
    new Promise((resolve, reject) => {
      if (random.chance(hangShare)) return
      const fails = random.chance(failShare)
      clock.after(delayMs, () => (fails ? reject(new Error('The store is away.')) : resolve()))
    })
  return {
    get: async key => {
      await travel()
      return memory.get(key)
    },
    set: async (key, value, options) => {
      await travel()
      return memory.set(key, value, options)
    },
    add: async (key, amount, options) => {
      await travel()
      return memory.add(key, amount, options)
    },
    delete: async key => {
      await travel()
      return memory.delete(key)
    },
  }
}
