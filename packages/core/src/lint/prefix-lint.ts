import { ratesAt } from '../money/cost.ts'
import type { ModelCard, Rates } from '../types.ts'
import type { LintFinding, LintReport, LintRequest, PrefixChange } from './finding.ts'
import { createPrefixWatch } from './watch.ts'

/** Options of {@link lintPrefix}. */
export interface LintOptions {
  /** The model's card, for prices and the rule of its cache; or how a card is found by the request's model. */
  card?: ModelCard | ((model: string | undefined) => ModelCard | undefined) | undefined
  /** Prices of whatever has no card, USD per million tokens. */
  rates?: Rates | undefined
  /** Requests a day, where the given ones are a sample. Default: by their times; without times they are taken for one day's. */
  requestsPerDay?: number | undefined
  /** When prices are looked up for requests without a time, Unix milliseconds. Default: the time of the last one that has one. */
  wallMs?: number | undefined
  /** Conversations that are remembered at once, each with its last prompt. Default 1,000. */
  maxSessions?: number | undefined
}

/** Takes prompts one by one. */
export interface PrefixLint {
  add(request: LintRequest): void
  report(): LintReport
}

const DAY_MS = 86_400_000
/** A shorter span says nothing of a day. */
const SHORTEST_SPAN_MS = 60_000

/**
 * Finds what keeps prompts from being read from their provider's cache: what differs first between successive prompts of a conversation,
 * why, what it costs a day, and the mend. Give the prompts in the order in which they were sent.
 */
export function lintPrefix(requests: Iterable<LintRequest>, options: LintOptions = {}): LintReport {
  const lint = createPrefixLint(options)
  for (const request of requests) lint.add(request)
  return lint.report()
}

/** The same for prompts that come one by one. Linear in their length; bounded but for the kinds of findings. */
export function createPrefixLint(options: LintOptions = {}): PrefixLint {
  const { card, rates, requestsPerDay, maxSessions = 1_000 } = options
  const watch = createPrefixWatch({ maxSessions, acrossSessions: true })
  const tallies = new Map<string, Tally>()
  const cardOf = typeof card === 'function' ? card : () => card
  let wallMs = options.wallMs ?? 0
  let firstMs = Number.POSITIVE_INFINITY
  let lastMs = Number.NEGATIVE_INFINITY
  let requests = 0
  let compared = 0
  let tooShort = 0
  let inputTokens = 0
  let readableTokens = 0

  return {
    add(request) {
      const { atMs, model } = request
      if (atMs !== undefined) {
        firstMs = Math.min(firstMs, atMs)
        lastMs = Math.max(lastMs, atMs)
        wallMs = options.wallMs ?? lastMs
      }
      const known = cardOf(model)
      const watched = watch.observe(request, known)
      if (watched.compared) compared += 1
      if (!watched.cacheable) tooShort += 1
      inputTokens += watched.inputTokens
      readableTokens += watched.readableTokens
      if (watched.changes.length > 0) {
        const listed = (known && ratesAt(known, atMs ?? wallMs, watched.inputTokens)) ?? rates
        for (const change of watched.changes)
          count(tallies, change, { request: requests, session: watched.session, usd: costOf(change, listed) })
      }
      requests += 1
    },

    report(): LintReport {
      const { days, daysFrom } = spanOf(requests, requestsPerDay, lastMs - firstMs)
      const findings = [...tallies.values()].map(tally => findingOf(tally, days)).toSorted(dearestFirst)
      const report: LintReport = {
        requests,
        sessions: watch.sessions(),
        compared,
        tooShort,
        inputTokens,
        readableTokens,
        lostTokens: findings.reduce((sum, finding) => sum + finding.lostTokens, 0),
        days,
        daysFrom,
        findings,
      }
      const priced = findings.filter(({ lostUsd }) => lostUsd !== undefined)
      // Nothing lost costs nothing, whatever the price.
      if (priced.length < findings.length && priced.length === 0) return report
      const lostUsd = priced.reduce((sum, finding) => sum + finding.lostUsd!, 0)
      return { ...report, lostUsd, usdPerDay: lostUsd / days }
    },
  }
}

/** Dollars that it costs to read so many tokens anew, and to write them to the cache where that costs, over reading them from it. */
export function costOf({ lostTokens }: Pick<PrefixChange, 'lostTokens'>, rates: Rates | undefined): number | undefined {
  if (rates === undefined) return undefined
  const { input, cacheRead = input, cacheWrite = input } = rates
  return (lostTokens * Math.max(0, cacheWrite - cacheRead)) / 1e6
}

interface Tally {
  example: PrefixChange
  request: number
  times: number
  sessions: Set<number>
  lostTokens: number
  lostUsd: number | undefined
}

interface Sighting {
  request: number
  session: number
  usd: number | undefined
}

/** Changes of one kind at one place are one finding. */
function count(tallies: Map<string, Tally>, change: PrefixChange, { request, session, usd }: Sighting): void {
  const { reason, place, between, lostTokens } = change
  const key = JSON.stringify([between, reason.type, place.type, place.type === 'tools' ? place.tool : undefined])
  const tally = tallies.get(key)
  if (tally === undefined) {
    tallies.set(key, { example: change, request, times: 1, sessions: new Set([session]), lostTokens, lostUsd: usd })
    return
  }
  tally.times += 1
  tally.sessions.add(session)
  tally.lostTokens += lostTokens
  if (usd !== undefined) tally.lostUsd = (tally.lostUsd ?? 0) + usd
  if (lostTokens > tally.example.lostTokens) {
    tally.example = change
    tally.request = request
  }
}

function findingOf({ example, request, times, sessions, lostTokens, lostUsd }: Tally, days: number): LintFinding {
  const finding: LintFinding = { ...example, lostTokens, times, sessions: sessions.size, request }
  return lostUsd === undefined ? finding : { ...finding, lostUsd, usdPerDay: lostUsd / days }
}

const dearestFirst = (a: LintFinding, b: LintFinding): number => (b.lostUsd ?? 0) - (a.lostUsd ?? 0) || b.lostTokens - a.lostTokens

function spanOf(requests: number, perDay: number | undefined, spanMs: number): Pick<LintReport, 'days' | 'daysFrom'> {
  if (perDay !== undefined && perDay > 0 && requests > 0) return { days: requests / perDay, daysFrom: 'requestsPerDay' }
  if (spanMs >= SHORTEST_SPAN_MS) return { days: spanMs / DAY_MS, daysFrom: 'times' }
  return { days: 1, daysFrom: 'assumed' }
}
