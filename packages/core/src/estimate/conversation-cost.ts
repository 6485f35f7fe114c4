import { type PicoRates, priced } from '../money/schedule.ts'
import type { Outlook } from '../prompt-cache/conversations.ts'
import type { Habit } from '../prompt-cache/habits.ts'
import { isAutomatic } from '../prompt-cache/rule.ts'
import type { CacheTtl, Candidate } from '../types.ts'

const USD_PER_PICO = 1e-12
/** Calls that are looked ahead at most: a switch that has not paid for itself by then is weighed again at each of them. */
const HORIZON_CALLS = 32

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
function visits(candidate: Candidate, share: number, { outlook, inputTokens, wallMs, hitRatioOf }: Foresight): Visits {
  const calls = Math.min(HORIZON_CALLS, outlook.calls)
  const count = calls * share
  const first = candidate.inputTokens
  const rates = priced(candidate.card, wallMs, first)?.pico
  if (rates === undefined || !(count > 0)) return NO_VISITS
  const perCall = outlook.tokensPerCall * (first / Math.max(1, inputTokens))
  const end = first + perCall * calls
  // Since the visit before, the calls between have added theirs.
  const added = perCall * Math.min(1 / share, calls)
  const ttl = lifetimeOf(candidate)
  const found = holds(candidate) ? hitRatioOf(candidate.id) * comesWithin(outlook, (ttl?.seconds ?? 300) * 1_000 * share) : 0
  const writeOf = (pico: PicoRates) =>
    found === 0 ? pico.input : ((ttl === undefined ? undefined : pico.cacheWriteByTtl[ttl.id]) ?? pico.cacheWrite)
  const usd = (pico: PicoRates, size: number) => {
    const fresh = Math.min(size, added)
    const read = found * (size - fresh)
    return pico.cacheRead * read + writeOf(pico) * (size - read) + pico.output * candidate.outputTokens
  }
  const last = priced(candidate.card, wallMs, end)?.pico ?? rates
  const each = last === rates ? usd(rates, (first + end) / 2) : acrossTheCliff(candidate, usd, first, end, wallMs)
  // Not every conversation has a call to come: as many as have so many on average go on by chance.
  const comes = count / (1 + count)
  return {
    warmUsd: count * each * USD_PER_PICO,
    catchUpUsd: comes * found * (writeOf(rates) - rates.cacheRead) * Math.max(0, first - candidate.cacheReadTokens) * USD_PER_PICO,
  }
}

/** Of the calls that follow, the share that comes within so many milliseconds. */
const comesWithin = (outlook: Outlook, ms: number): number => {
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
