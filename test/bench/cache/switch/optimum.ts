import { costOf, type ModelCard, type Rates } from '@routewise/core'
import type { Fleet, FleetModel } from './fleets.ts'
import { outputOf, START_MS, type Step, type Talk, tokensOf } from './play.ts'

/** What one model's cache holds of the conversation, in its own tokens, and the last turn that finds it. */
interface Held {
  tokens: number
  untilTurn: number
}

/** A way through the conversation up to some turn. */
interface Way {
  usd: number
  held: readonly Held[]
}

const FEW_WAYS = 20
const SAME_USD = 1e-12
const NOTHING: Held = { tokens: 0, untilTurn: -1 }

/**
 * The least that one conversation can cost, its whole future being known: which model answers each turn, and, where the caller sets the
 * markers, what is written and for how long. Dynamic programming over (turn, what each model's cache holds and until when); a way is
 * left out only where another, having paid to bring its caches up to the same, is no dearer. Five things are taken more lightly than
 * providers do, each of which can only make it cheaper: a read may look back over any number of blocks, a marker may stand anywhere
 * before the end, of an answer everything is held where units end with it, what is added to a longer-lived prefix lives as long, and
 * what conversations begin with in common is always held.
 */
export function optimum(fleet: Fleet, steps: readonly Step[]): number {
  const least = leastFrom(fleet, steps)
  // The best of a few ways is a bound: what cannot come below it any more need not be followed.
  return search(fleet, steps, least, search(fleet, steps, least, Number.POSITIVE_INFINITY, FEW_WAYS))
}

function search({ models }: Fleet, steps: readonly Step[], least: readonly number[], boundUsd: number, maxWays = Infinity): number {
  const premiums = models.map(({ card }) => dearestGap(card))
  let ways: Way[] = [{ usd: 0, held: models.map(() => NOTHING) }]
  for (let turn = 0; turn < steps.length; turn += 1) {
    const next: Way[] = []
    for (const way of ways) {
      for (let at = 0; at < models.length; at += 1) {
        if (steps[turn]!.hard && !models[at]!.strong) continue
        for (const onward of taken(way, at, models, steps, turn))
          if (onward.usd + least[turn + 1]! <= boundUsd + SAME_USD) next.push(onward)
      }
    }
    ways = undominated(next, premiums, turn).slice(0, maxWays)
  }
  return Math.min(...ways.map(({ usd }) => usd))
}

/** What the turns from each on cost at least: every one at the cheapest model that may have it, which has just read all that came before. */
function leastFrom({ models }: Fleet, steps: readonly Step[]): readonly number[] {
  const least = [0]
  for (let turn = steps.length - 1; turn >= 0; turn -= 1) {
    const { hard, talk } = steps[turn]!
    const costs = models.flatMap(({ card, strong }, at) => {
      if (hard && !strong) return []
      const tokens = turn === 0 ? 0 : tokensOf(talk, { ...steps[turn]!.turn, messages: Math.max(1, steps[turn]!.turn.messages - 1) }, card)
      const held = models.map((_, other) => (other === at ? { tokens, untilTurn: turn } : NOTHING))
      return taken({ usd: 0, held }, at, models, steps, turn).map(({ usd }) => usd)
    })
    least.unshift(least[0]! + Math.min(...costs))
  }
  return least
}

/** The ways on when this model answers. */
function taken(way: Way, at: number, models: readonly FleetModel[], steps: readonly Step[], now: number): Way[] {
  const { talk, turn } = steps[now]!
  const { card } = models[at]!
  const { cache } = card
  const inputTokens = tokensOf(talk, turn, card)
  const held = way.held[at]!
  const isAlive = held.untilTurn >= now
  const headTokens = tokensOfHead(talk, card)
  const readTokens = Math.min(inputTokens, Math.max(headTokens, isAlive ? held.tokens : 0))
  const step = (writeTokens: number, ttl: string | undefined, after: Held): Way => {
    const usage = {
      inputTokens,
      cacheReadTokens: readTokens,
      cacheWriteTokens: writeTokens,
      ...(ttl !== undefined && { cacheWriteTokensByTtl: { [ttl]: writeTokens } }),
      outputTokens: outputOf(turn, card),
      reasoningTokens: 0,
    }
    const cost = costOf(card, usage, START_MS + turn.at)
    if (cost === undefined) throw new Error(`${card.id} has no price`)
    return { usd: way.usd + cost / 1e9, held: way.held.with(at, after) }
  }
  const [usual] = cache.ttls
  const usualMs = (usual?.seconds ?? 300) * 1_000
  const stepTokens = cache.stepTokens ?? 64
  const oldUntilTurn = isAlive ? held.untilTurn : -1
  const until = (tokens: number, ms: number): Held =>
    tokens < cache.minTokens || tokens <= 0 ? NOTHING : { tokens, untilTurn: Math.max(oldUntilTurn, lastWithin(steps, now, ms)) }
  // What outlives the conversation need not live longer.
  const enough = cache.ttls.findIndex(({ seconds }) => lastWithin(steps, now, seconds * 1_000) === steps.length - 1)
  const ttls = enough < 0 ? cache.ttls : cache.ttls.slice(0, enough + 1)

  switch (cache.kind) {
    case 'breakpoints': {
      const fresh = inputTokens < cache.minTokens ? 0 : inputTokens - readTokens
      const isMarked = cache.implicitBreakpoint !== true
      const written = ttls.map(({ id, seconds }) => step(fresh, id === usual?.id ? undefined : id, until(inputTokens, seconds * 1_000)))
      // Where nothing is written, what is held is read and lives on.
      return isMarked ? [step(0, undefined, isAlive ? until(held.tokens, usualMs) : NOTHING), ...written] : written
    }
    case 'auto-prefix': {
      const end = Math.floor((inputTokens - 1) / stepTokens) * stepTokens
      const billsWrites = card.prices.some(({ rates }) => (rates.cacheWrite ?? rates.input) > rates.input)
      return ttls.map(({ id, seconds }) =>
        step(billsWrites ? Math.max(0, end - readTokens) : 0, id === usual?.id ? undefined : id, until(end, seconds * 1_000)),
      )
    }
    case 'prefix-units': {
      const withAnswer = tokensOf(talk, { ...turn, messages: Math.min(turn.messages + 1, talk.blocks.length) }, card)
      return [step(0, undefined, until(withAnswer, usualMs))]
    }
    default:
      return [step(0, undefined, NOTHING)]
  }
}

/** What other conversations begin with, too. */
function tokensOfHead({ blocks }: Talk, { tokenFactor, cache }: ModelCard): number {
  const first = blocks.findIndex(({ role }) => role !== 'system')
  const tokens = first <= 0 ? 0 : Math.round(blocks[first - 1]!.tokens * tokenFactor)
  return tokens < cache.minTokens || cache.kind === 'none' || cache.kind === 'object' ? 0 : tokens
}

/** The last turn that comes within so many milliseconds. */
function lastWithin(steps: readonly Step[], now: number, ms: number): number {
  let turn = now
  while (turn + 1 < steps.length && steps[turn + 1]!.turn.at < steps[now]!.turn.at + ms) turn += 1
  return turn
}

/** Dollars per token that one lacks at most, who has to write what another can read. */
function dearestGap({ prices }: ModelCard): number {
  const all = prices.flatMap(({ rates, tiers = [] }): Rates[] => [rates, ...tiers.map(tier => tier.rates)])
  const writes = all.flatMap(({ input, cacheWrite = input, cacheWriteByTtl = {} }) => [
    input,
    cacheWrite,
    ...Object.values(cacheWriteByTtl),
  ])
  return (Math.max(...writes) - Math.min(...all.map(({ input, cacheRead = input }) => cacheRead))) / 1e6
}

function undominated(ways: Way[], premiums: readonly number[], now: number): Way[] {
  const kept: Way[] = []
  ways.sort((a, b) => a.usd - b.usd)
  for (const way of ways) {
    if (!kept.some(other => other.usd + lackUsd(other, way, premiums, now) <= way.usd + SAME_USD)) kept.push(way)
  }
  return kept
}

/** What it costs at most to hold all that another way holds. */
function lackUsd({ held }: Way, { held: other }: Way, premiums: readonly number[], now: number): number {
  let usd = 0
  for (let at = 0; at < held.length; at += 1) {
    const theirs = other[at]!
    if (theirs.untilTurn <= now) continue
    const ours = held[at]!
    usd += premiums[at]! * (ours.untilTurn >= theirs.untilTurn ? Math.max(0, theirs.tokens - ours.tokens) : theirs.tokens)
  }
  return usd
}
