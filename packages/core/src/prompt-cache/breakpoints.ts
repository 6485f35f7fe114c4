import type { CacheBreakpoint, ModelCard, PrefixBlock } from '../types.ts'
import type { Outlook } from '../conversations/conversations.ts'
import { shareWithin } from '../conversations/heads.ts'
import { type CacheUse, type Lifetime, lifetimeFor, longer, NEVER } from './lifetime.ts'
import { isAutomatic } from '../cache-table/rule.ts'

/** Providers name no other number: Anthropic, Bedrock and Qwen all look back over so many blocks. */
const LOOKBACK_BLOCKS = 20

/** Where markers can be, the same for all targets. */
export interface MarkerPlaces {
  prefix: readonly PrefixBlock[]
  /** Tools come before the first message, as a block of their own. */
  hasTools: boolean
  /** Place in `prefix` of the last block of tools and system; -1: there is none. */
  head: number
  /** The caller has set a marker of his own. */
  marked: boolean
}

export function markerPlaces(prefix: readonly PrefixBlock[]): MarkerPlaces {
  let head = -1
  while (head + 1 < prefix.length && isHead(prefix[head + 1]!)) head += 1
  return { prefix, hasTools: prefix[0]?.role === 'tools', head, marked: prefix.some(({ marked }) => marked) }
}

const isHead = ({ role }: PrefixBlock): boolean => role === 'tools' || role === 'system'

/** What is known of one target's cache before its markers are placed. */
export interface MarkerFacts {
  card: ModelCard
  moment: MarkerMoment
  /** Share of the conversation's calls that come back to this target. */
  comesBack: number
  /** Index of the last block of the longest prefix that the cache holds; -1: it holds nothing. */
  held: number
  /** Shorter prefixes are not cached, in the model's own tokens. */
  minTokens: number
  tokensPerO200k: number
  /** Lifetime that is asked for: `auto`, or the id of one. */
  lifetime: string
}

/** What is the same for all targets of a decision. */
export interface MarkerMoment {
  readonly places: MarkerPlaces
  readonly outlook: Outlook
  /** Mean milliseconds between calls with this head. */
  readonly headPauseMs: number
  readonly wallMs: number
  /** The last use that was worked out: that of most targets is the same. */
  lastUse?: { comesBack: number; held: number; use: CacheUse } | undefined
}

export const NO_MARKERS: readonly CacheBreakpoint[] = []

/**
 * Markers at the end of the prompt, for this conversation's next call, and of its head, which others share: where the reads that are
 * expected within the lifetime are worth more than the write's premium (`k > (w − 1) / (1 − r)`), with the card's own prices. What is
 * held already gets a marker where the end is too many blocks on to find it. None where the caller has set his own.
 */
export function planBreakpoints(facts: MarkerFacts): readonly CacheBreakpoint[] {
  const { card, moment, held, minTokens, tokensPerO200k, lifetime } = facts
  const { places, wallMs } = moment
  const { prefix, head } = places
  const last = prefix.length - 1
  const { kind, maxWrites = 4, lookback = LOOKBACK_BLOCKS } = card.cache
  if (kind !== 'breakpoints' || isAutomatic(card.cache) || places.marked || last < 0) return NO_MARKERS
  const least = minTokens / tokensPerO200k
  if (prefix[last]!.tokens < least) return NO_MARKERS

  // Of most calls nobody expects a next one.
  const end = isAwaited(facts) ? lifetimeFor(card, wallMs, conversationUse(facts), lifetime) : NEVER
  const canMarkHead = head >= 0 && head < last && prefix[head]!.tokens >= least
  const headEnd = canMarkHead ? lifetimeFor(card, wallMs, headUse(moment), lifetime) : NEVER
  // A head that is written anyway costs nothing to be found by.
  const marksHead = canMarkHead && (end.pays || headEnd.pays || held === head)
  const isInSight = end.pays && prefix[last]!.parts - prefix[Math.max(0, held)]!.parts < lookback
  const marksHeld = held >= 0 && held < last && !isInSight && (marksHead ? held > head : true)

  const breakpoints: CacheBreakpoint[] = []
  const mark = (place: number, { id }: Lifetime) => {
    const after = places.hasTools ? (place === 0 ? 'tools' : place - 1) : place
    breakpoints.push(id === undefined ? { after } : { after, ttl: id })
  }
  // What lives longer has to come first.
  if (marksHead) mark(head, end.pays && headEnd.pays ? longer(headEnd, end) : headEnd.pays ? headEnd : end)
  if (marksHeld) mark(held, end)
  if (end.pays || held === last) mark(last, end)
  // Where there are too few, the end is worth most.
  return breakpoints.length > maxWrites ? breakpoints.slice(-maxWrites) : breakpoints
}

/** Lifetime to ask for where the provider caches by itself: only one that is expected to cost less than the default. `undefined`: that. */
export function planLifetime(facts: MarkerFacts): string | undefined {
  const { cache } = facts.card
  if (!isAutomatic(cache) || cache.ttls.length < 2 || !isAwaited(facts)) return undefined
  return lifetimeFor(facts.card, facts.moment.wallMs, conversationUse(facts), facts.lifetime).id
}

/** There is something to weigh: calls that are expected to follow, or a lifetime that is asked for whatever follows. */
const isAwaited = ({ moment, lifetime }: MarkerFacts): boolean => moment.outlook.calls > 0 || lifetime !== 'auto'

/** The next calls of the conversation ask for all of this prompt; those that come back here. */
function conversationUse({ moment, comesBack, held }: MarkerFacts): CacheUse {
  const { lastUse } = moment
  if (lastUse !== undefined && lastUse.comesBack === comesBack && lastUse.held === held) return lastUse.use
  const use = useOf(moment, comesBack, held)
  moment.lastUse = { comesBack, held, use }
  return use
}

function useOf({ outlook, places }: MarkerMoment, comesBack: number, held: number): CacheUse {
  const times = outlook.calls * comesBack
  const follows = outlook.followsWithin(Number.POSITIVE_INFINITY)
  const later = Math.max(0, times - follows * comesBack)
  const total = Math.max(1, places.prefix.at(-1)?.tokens ?? 0)
  const known = new Map<number, number>()
  const within = (ms: number): number => {
    let share = known.get(ms)
    if (share === undefined) known.set(ms, (share = follows > 0 ? outlook.followsWithin(ms * comesBack) / follows : 0))
    return share
  }
  return {
    // The next call comes back or goes elsewhere, and then one of those after it may: as many as have so many to come go on by chance.
    again: follows * (comesBack + ((1 - comesBack) * later) / (1 + later)),
    times,
    // Where every second call comes back, the pause between them is twice as long.
    within,
    freshShare: Math.max(0, total - (places.prefix[held]?.tokens ?? 0)) / total,
    addedShare: outlook.tokensPerCall / Math.max(comesBack, 0.01) / total,
  }
}

/** Whoever begins with the same tools and system asks for them. */
const headUse = ({ headPauseMs }: MarkerMoment): CacheUse => ({
  again: Number.isFinite(headPauseMs) ? 1 : 0,
  times: 1,
  within: ms => shareWithin(ms, headPauseMs),
  freshShare: 0,
  addedShare: 0,
})
