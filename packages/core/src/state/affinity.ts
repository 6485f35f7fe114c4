import { createLru } from '../lru.ts'
import type { PrefixBlock } from '../types.ts'

/** Messages that may have been added since the last answer: parallel tool calls each add a result. */
const WALK_BLOCKS = 64

/** Remembers which target answered a conversation, by the hash of what it had read. Bounded: `max` conversations. */
export function createAffinityTable({ max = 10_000 }: { max?: number } = {}) {
  const answered = createLru<number, string>(max)
  return {
    /** Id of the target that answered the newest known prefix of this prompt. */
    find(prefix: readonly PrefixBlock[]): string | undefined {
      for (let at = prefix.length - 1; at >= Math.max(0, prefix.length - WALK_BLOCKS); at -= 1) {
        const target = answered.get(prefix[at]!.hash)
        if (target !== undefined) return target
      }
      return undefined
    },
    remember(prefix: readonly PrefixBlock[], target: string): void {
      const last = prefix.at(-1)
      if (last !== undefined) answered.set(last.hash, target)
    },
  }
}

export type AffinityTable = ReturnType<typeof createAffinityTable>
