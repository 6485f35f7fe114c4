import type { Clock } from '../clock.ts'
import { chain, EMPTY_PREFIX } from '../describe/prefix.ts'
import { measureText } from '../describe/tokens.ts'
import type { CacheRule, Features, TargetFacts } from '../types.ts'
import { createRequestCounts } from './request-counts.ts'
import { createShards, OWN_KEY } from './shards.ts'
import { sharedPrefix, sharedTokens, stablePrefix } from '../conversations/stable-prefix.ts'

/** What providers route by where no key is given: about the first 256 tokens. Source: OpenAI's guide to prompt caching. */
const ROUTED_BY_TOKENS = 256

type KeyedTarget = Pick<TargetFacts, 'id' | 'card' | 'account'>

/** What is the same of a prompt for all targets. */
interface Beginning {
  features: Features | undefined
  conversation: number
  /** Hash and `o200k` tokens of tools and system. */
  shared: number
  sharedTokens: number
}

/** Under what a request comes to a provider's machines. */
interface Lane {
  target: KeyedTarget | undefined
  features: Features | undefined
  /** The key that the router sets. */
  key: string | undefined
  /** Under which its requests are counted. */
  counter: number
  /** What is spread over shards; `undefined`: nothing is. */
  head: number | undefined
}

/**
 * Makes routing keys for providers' prompt caches: one for each beginning that many conversations share, several where it is asked for
 * more often than one machine takes, and one for each conversation where nothing long enough is shared or caches belong to servers. Keys
 * are hashes of chains that begin with the tenant, so no two tenants share one and no text can be read from them. Bounded.
 */
export function createRoutingKeys(clock: Pick<Clock, 'now'>, { sets = true }: { sets?: boolean } = {}) {
  const caches = new Map<string, number>()
  const counts = createRequestCounts(clock)
  const shards = createShards(clock)
  let beginning: Beginning = { features: undefined, conversation: EMPTY_PREFIX, shared: EMPTY_PREFIX, sharedTokens: 0 }
  let lane = NO_LANE
  let named = { name: 0, key: '' }

  const cacheOf = ({ id, card, account = '' }: KeyedTarget): number => {
    const known = caches.get(id)
    if (known !== undefined) return known
    const cache = measureText(`${card.provider}/${card.id}/${account}`).hash
    caches.set(id, cache)
    return cache
  }

  function beginningOf(features: Features): Beginning {
    if (beginning.features === features) return beginning
    const { prefix } = features
    beginning = { features, conversation: stablePrefix(prefix), shared: sharedPrefix(prefix), sharedTokens: sharedTokens(prefix) }
    return beginning
  }

  /** Twenty targets of one decision mostly have the same key. */
  function keyNamed(name: number): string {
    if (named.name !== name) named = { name, key: `rw-${name.toString(36)}` }
    return named.key
  }

  // Asked for twice or thrice in a row, and of no use after the next request.
  function laneOf(target: KeyedTarget, features: Features): Lane {
    if (lane.target !== target || lane.features !== features) lane = findLane(target, features)
    return lane
  }

  function findLane(target: KeyedTarget, features: Features): Lane {
    const { cache: rule, tokenFactor } = target.card
    const cache = cacheOf(target)
    const { conversation, shared, sharedTokens: tokens } = beginningOf(features)
    if (features.cacheKey !== undefined) return plainLane(target, features, chain(measureText(features.cacheKey).hash, cache))
    if (!sets || rule.key === undefined || features.prefix.length === 0) {
      return plainLane(target, features, chain(tokens < ROUTED_BY_TOKENS ? conversation : shared, cache))
    }
    const isShared = shared !== EMPTY_PREFIX && tokens * tokenFactor >= rule.minTokens && !belongsToServer(rule)
    const head = isShared && rule.key.softRequestsPerMinute !== undefined ? chain(shared, cache) : undefined
    const shard = head !== undefined ? shards.shardFor(head, conversation) : isShared ? 0 : OWN_KEY
    const name = shard === OWN_KEY ? chain(conversation, OWN_SEED) : chain(shared, shard + 1)
    return { target, features, key: keyNamed(name), counter: chain(name, cache), head }
  }

  return {
    /** Key of this prompt, at most 14 characters; `undefined` where the provider has none, and where the caller has set his own. */
    keyFor: (target: KeyedTarget, features: Features): string | undefined => laneOf(target, features).key,
    /** Requests of the last 60 seconds under the key of this prompt, whoever has set it; without one, of those that begin alike. */
    requestsPerMinute: (target: KeyedTarget, features: Features): number => counts.count(laneOf(target, features).counter),
    /** A request with this prompt is on its way. */
    sent(target: KeyedTarget, features: Features): void {
      const { key: rule } = target.card.cache
      if (rule === undefined) return
      const { counter, head } = laneOf(target, features)
      counts.add(counter)
      if (head !== undefined && rule.softRequestsPerMinute !== undefined) {
        shards.sent(head, beginningOf(features).conversation, rule.softRequestsPerMinute)
      }
      lane = NO_LANE
    },
  }
}

const OWN_SEED = 0x0517
const NO_LANE: Lane = { target: undefined, features: undefined, key: undefined, counter: 0, head: undefined }

const plainLane = (target: KeyedTarget, features: Features, counter: number): Lane => ({
  target,
  features,
  key: undefined,
  counter,
  head: undefined,
})

/** A key stands for a conversation there: all that have it meet one server. Source: docs.x.ai, maximizing cache hits. */
const belongsToServer = ({ scope, key }: CacheRule): boolean => scope === 'server' && key?.softRequestsPerMinute === undefined
