import type { CacheRule, PrefixBlock, Usage } from '../types.ts'
import { ANSWERED, type CacheRecords, PARTING, SIGHTED, SPAN, UNIT, UNSEEN } from './cache-records.ts'
import type { PrefixTree } from './prefix-tree.ts'
import { type Marker, ttlAt, ttlIndex } from './rule.ts'

const NONE = -1
/** Our count of a part of a prompt may be off by this share, and by so many tokens, before what the provider reports contradicts it. */
const TOLERANCE = 0.05
const TOLERANCE_TOKENS = 32

/** A response with its provider's own usage, as one cache has seen it. */
export interface Sighting {
  cache: number
  lane: number
  rule: CacheRule
  prefix: readonly PrefixBlock[]
  usage: Usage
  /** When the request was sent: lifetimes count from there. */
  sentAt: number
  markers: readonly Marker[]
  /** Index of the lifetime that was asked for the whole prompt. */
  ttl: number
  stepTokens: number
  /** Its answer is what the conversation goes on with. */
  answered: boolean
}

/** Notes what a cache holds now that a response has come: what it says it has read and written wins over what was thought. */
export function note(tree: PrefixTree, records: CacheRecords, sighting: Sighting): void {
  const { rule, prefix, usage } = sighting
  if (rule.kind === 'none' || rule.kind === 'object' || prefix.length === 0 || usage.inputTokens === 0) return
  const leaf = tree.add(prefix)
  if (rule.kind === 'auto-prefix') noteSpans(tree, records, leaf, sighting)
  else if (rule.kind === 'breakpoints') noteMarkers(tree, records, leaf, sighting)
  else noteUnits(tree, records, leaf, sighting)
}

/** The whole prompt is held now, and so is every part of it. */
function noteSpans(tree: PrefixTree, records: CacheRecords, leaf: number, sighting: Sighting): void {
  const { usage, stepTokens } = sighting
  let read = usage.cacheReadTokens
  for (let run = leaf; run !== NONE; run = tree.before(run)) {
    const depth = tree.endOf(run)
    const known = records.find(run, sighting.cache, sighting.lane, SPAN, depth)
    const isCounted = known !== NONE && run !== leaf && records.depthOf(known) === depth
    let reportedTokens = isCounted ? records.reportedTokensOf(known) : estimate(sighting, depth)
    if (known !== NONE && read > 0) {
      // The deepest that was held is what was read, and so is counted anew, to the step.
      const off = reportedTokens - 1 - read
      if (isCounted && (off < 0 || off >= stepTokens) && isNear(reportedTokens, read, stepTokens)) reportedTokens = read + 1
      read = 0
    }
    put(records, run, sighting, SPAN, depth, reportedTokens, sighting.ttl)
  }
}

/** Only what ends at a marker was written; what a marker found was read. */
function noteMarkers(tree: PrefixTree, records: CacheRecords, leaf: number, sighting: Sighting): void {
  const { prefix, usage, markers, rule, cache, lane } = sighting
  const { cacheReadTokens: read, inputTokens } = usage
  const covered = Math.min(inputTokens, read + usage.cacheWriteTokens)
  // Who has marked nothing is told nothing.
  if (covered === 0 && markers.length === 0) return
  const last = prefix.length - 1
  const deepest = markers.length > 0 ? markers.at(-1)!.depth : last
  // What is deeper than what could be read or was written is gone, or was never there.
  const end = lastWithin(sighting, covered)
  for (let run = leaf; run !== NONE; run = tree.before(run)) records.cut(run, cache, lane, end, deepest)
  if (covered === 0) return

  // A lifetime that was asked for the whole prompt is not given by every API: then the one that the response speaks of.
  const asked = ({ ttl }: Marker) => (rule.implicitBreakpoint === true ? undefined : ttl)
  const longTtl = longestWritten(sighting)
  const writtenLong = read + (longTtl === 0 ? 0 : (usage.cacheWriteTokensByTtl?.[rule.ttls[longTtl]!.id] ?? 0))
  const ttlOf = (tokens: number, marker: Marker) =>
    asked(marker) ?? (tokens > read && tokens <= writtenLong + TOLERANCE_TOKENS ? longTtl : 0)
  const found: Marker[] = markers.filter(({ depth }) => depth <= end || isNear(estimate(sighting, depth), covered, 0))
  // Markers that we do not see: where what was written ends.
  if (found.length === 0 && usage.cacheWriteTokens > 0) found.push({ depth: nearest(sighting, covered), ttl: undefined })
  const kind = markers.length === 0 ? UNSEEN : UNIT
  for (let at = 0; at < found.length; at += 1) {
    const marker = found[at]!
    const tokens = at === found.length - 1 ? covered : Math.min(covered, estimate(sighting, marker.depth))
    if (tokens < rule.minTokens) continue
    const run = runAt(tree, leaf, marker.depth)
    const known = recordAt(records, run, sighting, UNIT, marker.depth)
    // It was held before: it keeps the lifetime that it was written with, and its count.
    if (known !== NONE && tokens <= read) {
      const counted = at === found.length - 1 ? tokens : records.reportedTokensOf(known)
      put(records, run, sighting, kind, marker.depth, counted, Math.max(records.ttlOf(known), asked(marker) ?? 0))
    } else put(records, run, sighting, kind, marker.depth, tokens, ttlOf(tokens, marker))
  }
  if (read > 0) noteRead(tree, records, leaf, sighting)
}

/** The end of the prompt is a unit now, and where it parted from what was seen before. */
function noteUnits(tree: PrefixTree, records: CacheRecords, leaf: number, sighting: Sighting): void {
  const { prefix, usage, cache, lane, ttl } = sighting
  const { cacheReadTokens: read, inputTokens } = usage
  const last = prefix.length - 1
  const end = lastWithin(sighting, read)
  let sighted = NONE
  for (let run = leaf; run !== NONE; run = tree.before(run)) {
    // A unit that could have been read and was not is gone.
    records.cut(run, cache, lane, end, last - 1)
    if (sighted !== NONE) continue
    const seen = records.find(run, cache, lane, SIGHTED, 0)
    const isLive = seen !== NONE && sighting.sentAt - records.usedAtOf(seen) < ttlAt(sighting.rule, records.ttlOf(seen)).seconds * 1_000
    if (isLive) sighted = records.depthOf(seen)
  }
  if (read > 0) noteRead(tree, records, leaf, sighting)
  if (sighted !== NONE && sighted > end) {
    put(records, runAt(tree, leaf, sighted), sighting, PARTING, sighted, estimate(sighting, sighted), ttl)
  }
  put(records, leaf, sighting, sighting.answered ? ANSWERED : UNIT, last, inputTokens, ttl)
  for (let run = leaf; run !== NONE; run = tree.before(run)) {
    const depth = tree.endOf(run)
    put(records, run, sighting, SIGHTED, depth, estimate(sighting, depth), ttl)
  }
}

/** What was read is held, whoever has written it, and its life starts anew. */
function noteRead(tree: PrefixTree, records: CacheRecords, leaf: number, sighting: Sighting): void {
  const { usage, prefix, cache, lane, ttl, rule, markers } = sighting
  const read = usage.cacheReadTokens
  const isUnseen = rule.kind === 'breakpoints' && markers.length === 0
  let best = NONE
  let bestRun = NONE
  for (let run = leaf; run !== NONE; run = tree.before(run)) {
    for (let id = records.first(run); id !== NONE; id = records.next(id)) {
      if (records.cacheOf(id) !== cache || records.laneOf(id) !== lane || records.kindOf(id) === SIGHTED) continue
      if (records.depthOf(id) >= prefix.length || !isNear(read + offBy(records, id, sighting), read, 64)) continue
      if (best !== NONE && offBy(records, id, sighting) >= offBy(records, best, sighting)) continue
      best = id
      bestRun = run
    }
  }
  if (best === NONE) {
    const depth = nearest(sighting, read)
    put(records, runAt(tree, leaf, depth), sighting, isUnseen ? UNSEEN : UNIT, depth, read, ttl)
    return
  }
  const depth = records.depthOf(best)
  const own = records.kindOf(best)
  if (own === ANSWERED && Math.abs(endOfUnit(records, best, sighting) - read) < Math.abs(records.reportedTokensOf(best) - read)) {
    put(records, runAt(tree, leaf, depth + 1), sighting, UNIT, depth + 1, read, records.ttlOf(best))
    return
  }
  const isParting = own === PARTING
  const kind = isUnseen ? UNSEEN : isParting || own === ANSWERED ? own : UNIT
  put(records, bestRun, sighting, kind, depth, isParting ? read + 1 : read, records.ttlOf(best))
}

/** By how much a unit's end, or the end of the answer after it, differs from what was read. */
function offBy(records: CacheRecords, id: number, sighting: Sighting): number {
  const read = sighting.usage.cacheReadTokens
  const tokens = records.reportedTokensOf(id)
  // What was held in steps ends before.
  const end = records.kindOf(id) === PARTING ? tokens - 1 : tokens
  return Math.min(Math.abs(end - read), Math.abs(endOfUnit(records, id, sighting) - (records.kindOf(id) === PARTING ? 1 : 0) - read))
}

/** Tokens up to the end of a unit, with the answer that it may go on with. */
function endOfUnit(records: CacheRecords, id: number, sighting: Sighting): number {
  const tokens = records.reportedTokensOf(id)
  const next = records.depthOf(id) + 1
  if (records.kindOf(id) !== ANSWERED || sighting.prefix[next]?.role !== 'assistant') return tokens
  return tokens + estimate(sighting, next) - estimate(sighting, next - 1)
}

function put(
  records: CacheRecords,
  run: number,
  sighting: Sighting,
  kind: number,
  depth: number,
  reportedTokens: number,
  ttl: number,
): void {
  const { cache, lane, prefix, sentAt, rule } = sighting
  let usedAt = sentAt
  let lifetime = ttl
  const known = kind === SPAN || kind === SIGHTED ? NONE : records.find(run, cache, lane, kind, depth)
  // What is asked for a short time never shortens the life of what was written for a longer one.
  if (known !== NONE && records.ttlOf(known) !== ttl) {
    const until = (at: number, index: number) => at + ttlAt(rule, index).seconds * 1_000
    if (until(records.usedAtOf(known), records.ttlOf(known)) > until(sentAt, ttl)) {
      usedAt = records.usedAtOf(known)
      lifetime = records.ttlOf(known)
    }
  }
  records.put(run, { cache, lane, kind, depth, tokens: prefix[depth]!.tokens, reportedTokens, usedAt, ttl: lifetime })
}

/** Tokens up to a block by the provider's count of the whole. */
function estimate({ prefix, usage }: Sighting, depth: number): number {
  return Math.round((usage.inputTokens * prefix[depth]!.tokens) / Math.max(1, prefix.at(-1)!.tokens))
}

const isNear = (tokens: number, reported: number, slack: number): boolean =>
  Math.abs(tokens - reported) <= Math.max(slack, TOLERANCE_TOKENS, reported * TOLERANCE)

/** The deepest block that ends within so many tokens, by our count; -1 where none does. */
function lastWithin(sighting: Sighting, tokens: number): number {
  const limit = tokens * (1 + TOLERANCE) + TOLERANCE_TOKENS
  let low = NONE
  let high = sighting.prefix.length - 1
  if (tokens === 0) return NONE
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (estimate(sighting, middle) <= limit) low = middle
    else high = middle - 1
  }
  return low
}

/** The block whose end is nearest to so many tokens. */
function nearest(sighting: Sighting, tokens: number): number {
  const within = Math.max(0, lastWithin(sighting, tokens))
  const off = (depth: number) => Math.abs(estimate(sighting, depth) - tokens)
  return within > 0 && off(within - 1) < off(within) ? within - 1 : within
}

/** The record of this kind that is as deep as this; -1 where there is none. */
function recordAt(records: CacheRecords, run: number, { cache, lane }: Sighting, kind: number, depth: number): number {
  const known = records.find(run, cache, lane, kind, depth)
  return known !== NONE && records.depthOf(known) === depth ? known : NONE
}

/** The run on a path that a depth lies in. */
function runAt(tree: PrefixTree, leaf: number, depth: number): number {
  let run = leaf
  for (let before = tree.before(run); before !== NONE && tree.endOf(before) >= depth; before = tree.before(run)) run = before
  return run
}

/** Index of the longest lifetime that something was written at. */
function longestWritten({ usage, rule }: Sighting): number {
  let longest = 0
  for (const [id, tokens] of Object.entries(usage.cacheWriteTokensByTtl ?? {}))
    if (tokens > 0) longest = Math.max(longest, ttlIndex(rule, id))
  return longest
}
