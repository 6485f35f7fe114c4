import type { Clock } from '../clock.ts'
import { chain } from '../describe/prefix.ts'
import { createLru } from '../lru.ts'
import { createDecayingCount, type DecayingCount } from './decaying-count.ts'

/** The conversation has a key to itself. */
export const OWN_KEY = -1
/** Keys that one beginning is spread over at most. */
const MAX_SHARDS = 1_024
/** Fewer shards only when a quarter would do: what is cached under the others is lost. */
const SHRINK_FACTOR = 4
/** Weight of the newest request in how closely a conversation's requests follow each other. */
const LEARNING_RATE = 0.02
/** Standard deviations that a shard's requests may be above their mean. */
const DEVIATIONS = 2

interface Head {
  requests: DecayingCount
  shards: number
  /** Requests of the last minute that a request has of its own conversation, itself included. */
  burst: number
}

interface Conversation {
  requests: DecayingCount
  shard: number
}

/**
 * Spreads the conversations that share a beginning over several routing keys, so that none is asked for more often than one machine
 * takes. One key for many keeps their common beginning cached once; where conversations ask so fast that a few would fill a machine,
 * each gets a key of its own. A conversation keeps its key. Bounded: 2,000 beginnings, 20,000 conversations.
 */
export function createShards({ now }: Pick<Clock, 'now'>) {
  const heads = createLru<number, Head>(2_000)
  const conversations = createLru<number, Conversation>(20_000)

  const shardFor = (head: number, conversation: number): number => {
    const known = conversations.peek(chain(head, conversation))
    if (known !== undefined) return known.shard
    const shards = heads.peek(head)?.shards ?? 1
    return shards === OWN_KEY ? OWN_KEY : chain(conversation, head) % shards
  }

  return {
    /** Number of the key that a conversation uses; {@link OWN_KEY}: none that it shares. */
    shardFor,
    /** A request of the conversation is on its way to a cache where a key takes `limit` requests a minute. */
    sent(head: number, conversation: number, limit: number): void {
      const time = now()
      const id = chain(head, conversation)
      const known = heads.get(head) ?? { requests: createDecayingCount(), shards: 1, burst: 1 }
      const own = conversations.get(id) ?? { requests: createDecayingCount(), shard: shardFor(head, conversation) }
      const rate = known.requests.add(time)
      known.burst += LEARNING_RATE * (own.requests.add(time) - known.burst)
      const wanted = shardsFor(rate, known.burst, limit)
      const shrinks = wanted !== OWN_KEY && wanted < known.shards
      if (!shrinks || wanted * SHRINK_FACTOR <= known.shards) known.shards = wanted
      heads.set(head, known)
      conversations.set(id, own)
    },
  }
}

/**
 * Shards, a power of two, for so many requests a minute which come `burst` to a conversation. Their number under one key is then
 * distributed about as a compound Poisson's, whose variance is its mean times `burst`: its mean and two deviations are to be below the limit.
 */
function shardsFor(requestsPerMinute: number, burst: number, limit: number): number {
  const deviation = (DEVIATIONS / 2) * Math.sqrt(burst)
  const mean = (Math.sqrt(deviation ** 2 + limit) - deviation) ** 2
  // Less than one conversation to a key on average: keys of their own never meet, and cost no more.
  if (mean < burst) return OWN_KEY
  let shards = 1
  while (shards < MAX_SHARDS && requestsPerMinute / shards > mean) shards *= 2
  return shards
}
