import type { CacheBreakpoint, ModelCard, PrefixBlock } from '../types.ts'
import type { Outlook } from './conversations.ts'
import { shareWithin } from './heads.ts'
import { type CacheUse, type Lifetime, lifetimeFor, longer, NEVER } from './lifetime.ts'
import { isAutomatic } from './rule.ts'

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
  places: MarkerPlaces
  outlook: Outlook
  /** Share of the conversation's calls that come back to this target. */
  comesBack: number
  /** Mean milliseconds between calls with this head. */
  headPauseMs: number
  /** The longest prefix that the cache holds, in `o200k` tokens. */
  heldTokens: number
  tokensPerO200k: number
  wallMs: number
  /** Lifetime that is asked for: `auto`, or the id of one. */
  lifetime: string
}

/** Markers that pay for themselves, and what they make the provider write. */
export interface MarkerPlan {
  breakpoints: readonly CacheBreakpoint[]
  /** Lifetime of what the last of them writes; `undefined`: the default. */
  ttl: string | undefined
  /** `o200k` tokens from the start to the last marker: what is not held of them is written. */
  upToTokens: number
}

const NO_MARKERS: MarkerPlan = { breakpoints: [], ttl: undefined, upToTokens: 0 }

/**
 * Markers at the end of the prompt, for this conversation's next call, and of its head, which others share: where the reads that are
 * expected within the lifetime are worth more than the write's premium (`k > (w − 1) / (1 − r)`), with the card's own prices. What is
 * held already gets a marker where the end is too many blocks on to find it. None where the caller has set his own.
 */
export function planBreakpoints(facts: MarkerFacts): MarkerPlan {
  const { card, places, heldTokens, tokensPerO200k } = facts
  const { prefix, head } = places
  const last = prefix.length - 1
  const { kind, minTokens, maxWrites = 4, lookback = LOOKBACK_BLOCKS } = card.cache
  if (kind !== 'breakpoints' || isAutomatic(card.cache) || places.marked || last < 0) return NO_MARKERS
  const least = minTokens / tokensPerO200k
  if (prefix[last]!.tokens < least) return NO_MARKERS

  const end = lifetimeFor(card, facts.wallMs, conversationUse(facts), facts.lifetime)
  const held = heldTokens < least ? -1 : placeOf(prefix, heldTokens)
  const canMarkHead = head >= 0 && head < last && prefix[head]!.tokens >= least
  const headEnd = canMarkHead ? lifetimeFor(card, facts.wallMs, headUse(facts), facts.lifetime) : NEVER
  // A head that is written anyway costs nothing to be found by.
  const marksHead = canMarkHead && (end.pays || headEnd.pays || held === head)
  const isInSight = end.pays && prefix[last]!.parts - prefix[Math.max(0, held)]!.parts < lookback
  const marksHeld = held >= 0 && held < last && !isInSight && (marksHead ? held > head : true)

  const breakpoints: CacheBreakpoint[] = []
  let upTo = -1
  const mark = (place: number, { id }: Lifetime) => {
    if (breakpoints.length >= maxWrites) return
    const after = places.hasTools ? (place === 0 ? 'tools' : place - 1) : place
    breakpoints.push(id === undefined ? { after } : { after, ttl: id })
    upTo = place
  }
  // What lives longer has to come first.
  if (marksHead) mark(head, end.pays && headEnd.pays ? longer(headEnd, end) : headEnd.pays ? headEnd : end)
  if (marksHeld) mark(held, end)
  if (end.pays || held === last) mark(last, end)
  return upTo < 0 ? NO_MARKERS : { breakpoints, ttl: breakpoints.at(-1)!.ttl, upToTokens: prefix[upTo]!.tokens }
}

/** Lifetime to ask for where the provider caches by itself: only one that is expected to cost less than the default. `undefined`: that. */
export function planLifetime(facts: MarkerFacts): string | undefined {
  const { cache } = facts.card
  if (!isAutomatic(cache) || cache.ttls.length < 2) return undefined
  return lifetimeFor(facts.card, facts.wallMs, conversationUse(facts), facts.lifetime).id
}

/** The next calls of the conversation ask for all of this prompt; those that come back here. */
function conversationUse({ outlook, comesBack, places, heldTokens }: MarkerFacts): CacheUse {
  const times = outlook.calls * comesBack
  const follows = outlook.followsWithin(Number.POSITIVE_INFINITY)
  const later = Math.max(0, times - follows * comesBack)
  const total = Math.max(1, places.prefix.at(-1)?.tokens ?? 0)
  return {
    // The next call comes back or goes elsewhere, and then one of those after it may: as many as have so many to come go on by chance.
    again: follows * (comesBack + ((1 - comesBack) * later) / (1 + later)),
    times,
    // Where every second call comes back, the pause between them is twice as long.
    within: ms => (follows > 0 ? outlook.followsWithin(ms * comesBack) / follows : 0),
    freshShare: Math.max(0, total - heldTokens) / total,
  }
}

/** Whoever begins with the same tools and system asks for them. */
const headUse = ({ headPauseMs }: MarkerFacts): CacheUse => ({
  again: Number.isFinite(headPauseMs) ? 1 : 0,
  times: 1,
  within: ms => shareWithin(ms, headPauseMs),
  freshShare: 0,
})

/** The last block that ends within so many tokens; -1: none does. */
function placeOf(prefix: readonly PrefixBlock[], tokens: number): number {
  let low = -1
  let high = prefix.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (prefix[middle]!.tokens <= tokens) low = middle
    else high = middle - 1
  }
  return low
}
