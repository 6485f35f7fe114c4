import { type PicoRates, priced } from '../money/schedule.ts'
import type { Outlook } from '../conversations/conversations.ts'
import type { Habit } from '../conversations/habits.ts'
import { isAutomatic } from '../cache-table/rule.ts'
import type { Candidate } from '../types.ts'

const USD_PER_PICO = 1e-12
/** Calls that are looked ahead at most: a switch that has not paid for itself by then is weighed again at each of them. */
const HORIZON_CALLS = 48
const USUAL_SECONDS = 300
/** Steps in which a prompt that passes the edge of a price tier is looked at. */
const PARTS = 8

/** What is known of the calls that follow, beside what each candidate expects of this one. */
export interface Foresight {
  outlook: Outlook
  /** Tokens, `o200k`, of this prompt. */
  inputTokens: number
  wallMs: number
  /** The caller has marked the end of this prompt, and will mark those that follow. */
  marksEnd: boolean
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
  /** Index of the candidate that gets the other calls; -1: all go here. */
  standIn: number
  others: Visits
  /** If another target altogether answers this call. */
  elsewhereUsd: number
}

const NO_VISITS: Visits = { warmUsd: 0, catchUpUsd: 0 }

/**
 * Gives each candidate its `conversationCostUsd`: this call at it, and those that are expected to follow, on the best way there is from
 * there. They stay with it or go on where they have been before, which has to catch up then; calls that a target was seen to be passed
 * over for go to whoever stood in. With nothing known of calls to follow it is the cost of this call.
 * Source of the switching rule: N = (w − r)·P ÷ (cost at A − cost at B), both warm.
 */
export function foresee(candidates: readonly Candidate[], foresight: Foresight): void {
  const ahead = aheadOf(foresight)
  if (ahead === undefined) return
  const courses: Course[] = []
  for (const candidate of candidates) courses.push(courseOf(candidate, candidates, ahead))
  for (let at = 0; at < candidates.length; at += 1) {
    const { own, others } = courses[at]!
    let followingUsd = own.warmUsd + others.warmUsd + others.catchUpUsd
    for (let to = 0; to < candidates.length; to += 1) {
      const course = courses[to]!
      if (!course.isOpen || to === at) continue
      const usd = course.elsewhereUsd - (course.standIn === at ? course.others.catchUpUsd : 0)
      if (usd < followingUsd) followingUsd = usd
    }
    candidates[at]!.conversationCostUsd = candidates[at]!.expectedCostUsd + followingUsd
  }
}

/** Dollars that the following calls are expected to lose when a target is not asked now and what it holds of the conversation cools. */
export function coolingUsd(candidate: Candidate, foresight: Foresight): number {
  const ahead = aheadOf(foresight)
  const rates = priced(candidate.card, foresight.wallMs, candidate.inputTokens)?.pico
  if (ahead === undefined || rates === undefined) return 0
  const { found, foundLater, ttlId } = warmthOf(candidate, 1, ahead)
  const comes = ahead.calls / (1 + ahead.calls)
  return comes * (writePico(rates, found, ttlId) - rates.cacheRead) * (found - foundLater) * heldTokens(candidate) * USD_PER_PICO
}

/** What is the same for all candidates. */
interface Ahead extends Foresight {
  calls: number
  /** Of the calls that follow, the share that comes within so many milliseconds. */
  within(ms: number): number
}

function aheadOf(foresight: Foresight): Ahead | undefined {
  const { outlook } = foresight
  const calls = Math.min(HORIZON_CALLS, outlook.calls)
  const follows = outlook.followsWithin(Number.POSITIVE_INFINITY)
  if (!(calls > 0) || !(follows > 0)) return undefined
  // Most lifetimes are one of a few.
  const known = new Map<number, number>()
  const within = (ms: number): number => {
    let share = known.get(ms)
    if (share === undefined) known.set(ms, (share = outlook.followsWithin(ms) / follows))
    return share
  }
  return { ...foresight, calls, within }
}

function courseOf(candidate: Candidate, candidates: readonly Candidate[], ahead: Ahead): Course {
  const habit = ahead.habitOf(candidate.id)
  const isOpen = habit?.isWeighed === true
  const standIn = habit?.standIn === undefined ? -1 : candidates.findIndex(({ id }) => id === habit.standIn)
  const share = standIn < 0 ? 1 : 1 - habit!.passedOver
  const own = visits(candidate, share, ahead)
  const others = standIn < 0 ? NO_VISITS : visits(candidates[standIn]!, 1 - share, ahead)
  return { isOpen, own, standIn, others, elsewhereUsd: own.warmUsd + own.catchUpUsd + others.warmUsd + others.catchUpUsd }
}

/** What a share of the following calls costs at one target. */
function visits(candidate: Candidate, share: number, ahead: Ahead): Visits {
  const { calls, wallMs } = ahead
  const { card, inputTokens: first, outputTokens } = candidate
  const count = calls * share
  const rates = priced(card, wallMs, first)?.pico
  if (rates === undefined || !(count > 0)) return NO_VISITS
  const { found, foundLater, ttlId } = warmthOf(candidate, share, ahead)
  const perCall = ahead.outlook.tokensPerCall * (first / Math.max(1, ahead.inputTokens))
  const end = first + perCall * calls
  // Since the visit before, the calls between have added theirs.
  const added = perCall * Math.min(1 / share, calls)
  const last = priced(card, wallMs, end)?.pico ?? rates
  let pico = 0
  if (last === rates) pico = visitPico(rates, (first + end) / 2, added, found, ttlId) + rates.output * outputTokens
  else {
    // The prompt grows past the edge of a price tier.
    for (let part = 0; part < PARTS; part += 1) {
      const size = first + ((part + 0.5) / PARTS) * (end - first)
      const there = priced(card, wallMs, size)?.pico ?? rates
      pico += (visitPico(there, size, added, found, ttlId) + there.output * outputTokens) / PARTS
    }
  }
  const missed = Math.max(0, found * first - foundLater * heldTokens(candidate))
  return {
    warmUsd: count * pico * USD_PER_PICO,
    // Not every conversation has a call to come: as many as have so many on average go on by chance.
    catchUpUsd: (count / (1 + count)) * (writePico(rates, found, ttlId) - rates.cacheRead) * missed * USD_PER_PICO,
  }
}

/** The prompt of one call of which all but what was added is found with a certain probability; the rest is written. */
function visitPico(rates: PicoRates, size: number, added: number, found: number, ttlId: string | undefined): number {
  const read = found * Math.max(0, size - added)
  return rates.cacheRead * read + writePico(rates, found, ttlId) * (size - read)
}

function writePico(rates: PicoRates, found: number, ttlId: string | undefined): number {
  if (found === 0) return rates.input
  return (ttlId === undefined ? undefined : rates.cacheWriteByTtl[ttlId]) ?? rates.cacheWrite
}

const heldTokens = ({ cache, cacheReadTokens }: Candidate): number => cache?.heldTokens ?? cacheReadTokens

interface Warmth {
  /** Share of the following calls that find what this call reads, and of those that find what is held, if this call goes elsewhere. */
  found: number
  foundLater: number
  /** Lifetime of what is written; `undefined`: the default. */
  ttlId: string | undefined
}

const COLD: Warmth = { found: 0, foundLater: 0, ttlId: undefined }

/** How long a target is warm for a share of the following calls: the pause between them is as many times longer. */
function warmthOf(candidate: Candidate, share: number, { hitRatioOf, within, marksEnd }: Ahead): Warmth {
  if (!holds(candidate, marksEnd)) return COLD
  const { ttls } = candidate.card.cache
  const { cache, cachePlan } = candidate
  const asked = cachePlan?.ttl ?? cachePlan?.breakpoints.at(-1)?.ttl
  const ttl = asked === undefined ? ttls[0] : ttls.find(({ id }) => id === asked)
  const ratio = hitRatioOf(candidate.id)
  const found = ratio * within((ttl?.seconds ?? USUAL_SECONDS) * 1_000 * share)
  const leftMs = cache === undefined || cache.heldTokens === 0 ? 0 : cache.ttlMs - cache.idleMs
  return { found, foundLater: leftMs > 0 ? Math.min(found, ratio * within(leftMs * share)) : 0, ttlId: asked }
}

/** The cache will hold what this target reads: by itself, or because somebody marks it. */
function holds({ card: { cache }, cachePlan, cacheReadTokens, cacheWriteTokens }: Candidate, marksEnd: boolean): boolean {
  if (cache.kind === 'none' || cache.kind === 'object') return false
  return isAutomatic(cache) || marksEnd || cacheReadTokens + cacheWriteTokens > 0 || (cachePlan?.breakpoints.length ?? 0) > 0
}
