import type { Clock } from '../clock.ts'
import { createLru } from '../lru.ts'
import type { Features, PrefixBlock } from '../types.ts'

/** Messages that may have been added since the last answer: parallel tool calls each add a result. */
const WALK_BLOCKS = 64

/** A conversation as its calls have shown it. */
export interface Conversation {
  /** Target that answered last. */
  target: string
  /** Calls answered so far. */
  calls: number
  /** When the last of them was answered. */
  at: number
}

/** What is expected of a conversation after the call at hand. */
export interface Outlook {
  /** Calls that are expected to follow. */
  calls: number
  /** Tokens, `o200k`, that each adds to the prompt. */
  tokensPerCall: number
  /** Probability that a call follows within so many milliseconds. */
  followsWithin(ms: number): number
}

const NOTHING_KNOWN: Outlook = { calls: 0, tokensPerCall: 0, followsWithin: () => 1 }

/** Knows conversations by the hashes of what was read in them. Bounded: `max` conversations. */
export function createConversations({ now }: Pick<Clock, 'now'>, { max = 10_000 }: { max?: number } = {}) {
  const answered = createLru<number, Conversation>(max)

  return {
    /** The conversation that this prompt goes on with. */
    find(prefix: readonly PrefixBlock[]): Conversation | undefined {
      for (let at = prefix.length - 1; at >= Math.max(0, prefix.length - WALK_BLOCKS); at -= 1) {
        const conversation = answered.get(prefix[at]!.hash)
        if (conversation !== undefined) return conversation
      }
      return undefined
    },
    /** Notes that a target has answered this prompt. */
    remember({ prefix }: Features, target: string): void {
      const last = prefix.at(-1)
      if (last === undefined) return
      const calls = (this.find(prefix)?.calls ?? 0) + 1
      answered.set(last.hash, { target, calls, at: now() })
    },
    /** What is to be expected of a conversation of this kind. */
    outlook(_conversation: Conversation | undefined, _features: Features): Outlook {
      return NOTHING_KNOWN
    },
  }
}

export type Conversations = ReturnType<typeof createConversations>
