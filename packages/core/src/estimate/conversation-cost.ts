import { type PicoRates, priced } from '../money/schedule.ts'
import type { Outlook } from '../prompt-cache/conversations.ts'
import type { Habit } from '../prompt-cache/habits.ts'
import { isAutomatic } from '../prompt-cache/rule.ts'
import type { CacheTtl, Candidate } from '../types.ts'

const USD_PER_PICO = 1e-12
/** Calls that are looked ahead at most: a switch that has not paid for itself by then is weighed again at each of them. */
const HORIZON_CALLS = 48
const USUAL_SECONDS = 300

/** What is known of the calls that follow, beside what each candidate expects of this one. */
export interface Foresight {
  outlook: Outlook
  /** Tokens, `o200k`, of this prompt. */
  inputTokens: number
  wallMs: number
  habitOf(target: string): Habit | undefined
  /** Of what a target's cache should hold, the share that its responses confirm. */
  hitRatioOf(target: string): number
}

/** What the following calls cost at one target, in dollars. */
interface Visits {
  /** If it has read this prompt. */
  warmUsd: number
  /** What is added if it has not, and finds only what it holds now. */
  catchUpUsd: number
}

/** A way in which the conversation may go on: at one target, but for the calls that it is not good enough for. */
interface Course {
  /** Conversations go on there, as has been seen. */
  isOpen: boolean
  own: Visits
  standIn: string | undefined
  others: Visits
}

const NO_VISITS: Visits = { warmUsd: 0, catchUpUsd: 0 }

/**
 * Gives each candidate its `conversationCostUsd`: this call at it, and those that are expected to follow, on the best way there is from
 * there. They stay with it or go on where they have been before, which has to catch up then; calls that a target was seen to be passed
 * over for go to whoever stood in. With nothing known of calls to follow it is the cost of this call.
 * Source of the switching rule: N = (w − r)·P ÷ (cost at A − cost at B), both warm.
 */
export function foresee(candidates: readonly Candidate[], foresight: Foresight): void {
  if (!(foresight.outlook.calls > 0)) return
  const courses = candidates.map(candidate => courseOf(candidate, candidates, foresight))
  for (let at = 0; at < candidates.length; at += 1) {
    const { own, others } = courses[at]!
    let followingUsd = own.warmUsd + others.warmUsd + others.catchUpUsd
    for (let to = 0; to < candidates.length; to += 1) {
      const course = courses[to]!
      if (to === at || !course.isOpen) continue
      const isStandIn = course.standIn === candidates[at]!.id
      const usd = course.own.warmUsd + course.own.catchUpUsd + course.others.warmUsd + (isStandIn ? 0 : course.others.catchUpUsd)
      if (usd < followingUsd) followingUsd = usd
    }
    candidates[at]!.conversationCostUsd = candidates[at]!.expectedCostUsd + followingUsd
  }
}

function courseOf(candidate: Candidate, candidates: readonly Candidate[], foresight: Foresight): Course {
  const habit = foresight.habitOf(candidate.id)
  const standIn = habit?.standIn === undefined ? undefined : candidates.find(({ id }) => id === habit.standIn)
  const share = standIn === undefined ? 1 : 1 - habit!.passedOver
  return {
    isOpen: habit?.isWeighed === true,
    own: visits(candidate, share, foresight),
    standIn: standIn?.id,
    others: standIn === undefined ? NO_VISITS : visits(standIn, 1 - share, foresight),
  }
}

/** What a share of the following calls costs at one target. */
function visits(candidate: Candidate, share: number, foresight: Foresight): Visits {
  const { outlook, inputTokens, wallMs } = foresight
  const warmth = warmthOf(candidate, share, foresight)
  if (warmth === undefined) return NO_VISITS
  const { rates, found, foundLater, writeOf, comes } = warmth
  const calls = Math.min(HORIZON_CALLS, outlook.calls)
  const first = candidate.inputTokens
  const perCall = outlook.tokensPerCall * (first / Math.max(1, inputTokens))
  const end = first + perCall * calls
  // Since the visit before, the calls between have added theirs.
  const added = perCall * Math.min(1 / share, calls)
  const usd = (pico: PicoRates, size: number) => {
    const read = found * Math.max(0, size - added)
    return pico.cacheRead * read + writeOf(pico) * (size - read) + pico.output * candidate.outputTokens
  }
  const last = priced(candidate.card, wallMs, end)?.pico ?? rates
  const each = last === rates ? usd(rates, (first + end) / 2) : acrossTheCliff(candidate, usd, first, end, wallMs)
  const missed = Math.max(0, found * first - foundLater * heldTokens(candidate))
  return {
    warmUsd: calls * share * each * USD_PER_PICO,
    catchUpUsd: comes * (writeOf(rates) - rates.cacheRead) * missed * USD_PER_PICO,
  }
}

/** Dollars that the following calls are expected to lose when a target is not asked now and what it holds of the conversation cools. */
export function coolingUsd(candidate: Candidate, foresight: Foresight): number {
  const warmth = warmthOf(candidate, 1, foresight)
  if (warmth === undefined) return 0
  const { rates, found, foundLater, writeOf, comes } = warmth
  return comes * (writeOf(rates) - rates.cacheRead) * Math.max(0, found - foundLater) * heldTokens(candidate) * USD_PER_PICO
}

const heldTokens = ({ cache, cacheReadTokens }: Candidate): number => cache?.heldTokens ?? cacheReadTokens

interface Warmth {
  rates: PicoRates
  /** Share of the following calls that find what this call reads, and of those that find what is held, if this call goes elsewhere. */
  found: number
  foundLater: number
  writeOf(pico: PicoRates): number
  /** Probability that there is such a call at all. */
  comes: number
}

/** How long a target is warm for a share of the following calls; `undefined`: there are none, or its price is not known. */
function warmthOf(candidate: Candidate, share: number, { outlook, wallMs, hitRatioOf }: Foresight): Warmth | undefined {
  const count = Math.min(HORIZON_CALLS, outlook.calls) * share
  const rates = priced(candidate.card, wallMs, candidate.inputTokens)?.pico
  if (rates === undefined || !(count > 0)) return undefined
  const ttl = lifetimeOf(candidate)
  const ratio = holds(candidate) ? hitRatioOf(candidate.id) : 0
  const { idleMs = 0, ttlMs = 0 } = candidate.cache ?? {}
  // Where a share of the calls comes here, the pause between them is as many times longer.
  const found = ratio * comesWithin(outlook, (ttl?.seconds ?? USUAL_SECONDS) * 1_000 * share)
  const foundLater = Math.min(found, ratio * comesWithin(outlook, Math.max(0, ttlMs - idleMs) * share))
  const writeOf = (pico: PicoRates) =>
    ratio === 0 ? pico.input : ((ttl === undefined ? undefined : pico.cacheWriteByTtl[ttl.id]) ?? pico.cacheWrite)
  // Not every conversation has a call to come: as many as have so many on average go on by chance.
  return { rates, found, foundLater, writeOf, comes: count / (1 + count) }
}

/** Of the calls that follow, the share that comes within so many milliseconds. */
function comesWithin(outlook: Outlook, ms: number): number {
  const follows = outlook.followsWithin(Number.POSITIVE_INFINITY)
  return follows > 0 ? outlook.followsWithin(ms) / follows : 0
}

/** The mean over a prompt that grows past the edge of a price tier. */
function acrossTheCliff(
  { card }: Candidate,
  usd: (pico: PicoRates, size: number) => number,
  first: number,
  end: number,
  wallMs: number,
): number {
  let sum = 0
  for (let part = 0; part < 8; part += 1) {
    const size = first + ((part + 0.5) / 8) * (end - first)
    const rates = priced(card, wallMs, size)
    if (rates !== undefined) sum += usd(rates.pico, size) / 8
  }
  return sum
}

/** The cache will hold what this target reads: by itself, or because somebody marks it. */
function holds({ card: { cache }, cachePlan, cacheReadTokens, cacheWriteTokens }: Candidate): boolean {
  if (cache.kind === 'none' || cache.kind === 'object') return false
  return isAutomatic(cache) || cacheReadTokens + cacheWriteTokens > 0 || (cachePlan?.breakpoints.length ?? 0) > 0
}

/** Lifetime of what this call writes; the first of a card is the provider's default. */
function lifetimeOf({ card: { cache }, cachePlan }: Candidate): CacheTtl | undefined {
  const id = cachePlan?.ttl ?? cachePlan?.breakpoints.at(-1)?.ttl
  return cache.ttls.find(ttl => ttl.id === id) ?? cache.ttls[0]
}
