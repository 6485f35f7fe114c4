import type { CachePlan, CacheRule, CacheTtl, PrefixBlock } from '../types.ts'
import { ANSWERED, PARTING, SPAN, UNSEEN } from './cache-records.ts'
import type { Holding } from './table.ts'

/** A prompt as one model counts it. */
export interface CountedPrompt {
  prefix: readonly PrefixBlock[]
  inputTokens: number
  tokensPerO200k: number
}

/** A place in a prompt that ends with a cache marker. */
export interface Marker {
  /** Index of the block. */
  depth: number
  /** Index of the lifetime in the rule; `undefined`: the caller has set it, and we do not know. */
  ttl: number | undefined
}

const DEFAULT_LOOKBACK = 20
const DEFAULT_TTL: CacheTtl = { id: '5m', seconds: 300, sliding: true }

/** The provider caches without being asked. */
export const isAutomatic = ({ kind, implicitBreakpoint }: CacheRule): boolean =>
  kind === 'auto-prefix' || kind === 'prefix-units' || implicitBreakpoint === true

/** Lifetime by its place in the rule. */
export const ttlAt = ({ ttls }: CacheRule, index: number): CacheTtl => ttls[index] ?? ttls[0] ?? DEFAULT_TTL

/** Place of a lifetime in the rule; the default one's where the rule has none of that name. */
export const ttlIndex = ({ ttls }: CacheRule, id: string | undefined): number =>
  Math.max(0, id === undefined ? 0 : ttls.findIndex(ttl => ttl.id === id))

/** Blocks in which the caller has set a marker. */
export function markedBlocks(prefix: readonly PrefixBlock[]): readonly number[] {
  let marked: number[] | undefined
  for (let depth = 0; depth < prefix.length; depth += 1) if (prefix[depth]!.marked) (marked ??= []).push(depth)
  return marked ?? NONE_MARKED
}
const NONE_MARKED: readonly number[] = []

/** Where a prompt is marked: by its caller, else by the plan; the provider's own marker comes last. At most as many as it takes, the last ones. */
export function markersOf(
  rule: CacheRule,
  prefix: readonly PrefixBlock[],
  marked: readonly number[],
  plan: CachePlan | undefined,
): readonly Marker[] {
  if (rule.kind !== 'breakpoints' || prefix.length === 0) return NO_MARKERS
  const markers: Marker[] = []
  for (const depth of marked) markers.push({ depth, ttl: undefined })
  if (marked.length === 0 && plan !== undefined) {
    const firstMessage = prefix[0]!.role === 'tools' ? 1 : 0
    for (const { after, ttl } of plan.breakpoints) {
      const depth = after === 'tools' ? firstMessage - 1 : firstMessage + after
      if (depth >= 0 && depth < prefix.length) markers.push({ depth, ttl: ttlIndex(rule, ttl ?? plan.ttl) })
    }
  }
  const last = prefix.length - 1
  if (rule.implicitBreakpoint === true && markers.at(-1)?.depth !== last) markers.push({ depth: last, ttl: ttlIndex(rule, plan?.ttl) })
  const { maxWrites = markers.length } = rule
  return markers.length > maxWrites ? markers.slice(-maxWrites) : markers
}
const NO_MARKERS: readonly Marker[] = []

/** What is known of a cache's granularity by now, in the model's tokens. */
export interface CacheLimits {
  stepTokens: number
  minTokens: number
}

/** What is best of all that a cache holds of a prompt on one machine. */
export interface Readable {
  /** Tokens that the rule lets be read of it, even where they are too few to be cached at all; 0: none. */
  tokens: number
  /** Probability that it is still there. */
  chance: number
  holding: Holding | undefined
}

/** The holding of which most is to be expected; where nothing is, the longest. `chance`: the probability that one is still there. */
export function mostReadable(
  rule: CacheRule,
  known: Holding | undefined,
  lane: number,
  prompt: CountedPrompt,
  markers: readonly Marker[],
  { stepTokens, minTokens }: CacheLimits,
  chance: (holding: Holding) => number,
): Readable {
  const best: Readable = { tokens: 0, chance: 1, holding: undefined }
  let most = 0
  for (let holding = known; holding !== undefined; holding = holding.next) {
    if (holding.lane !== lane) continue
    const tokens = readable(rule, holding, prompt, markers, stepTokens)
    if (tokens === 0) continue
    const there = chance(holding)
    const expected = tokens < minTokens ? 0 : tokens * there
    if (expected < most || (expected === most && tokens <= best.tokens)) continue
    most = expected
    best.tokens = tokens
    best.chance = there
    best.holding = holding
  }
  return best
}

/** Of what a cache holds, the tokens that its rule lets this prompt read. */
function readable(rule: CacheRule, holding: Holding, prompt: CountedPrompt, markers: readonly Marker[], stepTokens: number): number {
  const { prefix, inputTokens, tokensPerO200k } = prompt
  const { kind, depth, reportedTokens } = holding
  if (rule.kind === 'breakpoints') return isReached(rule, prefix, holding, markers) ? Math.min(reportedTokens, inputTokens) : 0
  // The last token is always computed: it is neither read nor held.
  if (kind === SPAN || kind === PARTING) return Math.floor((Math.min(reportedTokens, inputTokens) - 1) / stepTokens) * stepTokens
  const last = prefix.length - 1
  if (kind === ANSWERED && prefix[depth + 1]?.role === 'assistant' && depth + 1 < last) {
    const answerTokens = Math.round((prefix[depth + 1]!.tokens - holding.tokens) * tokensPerO200k)
    return Math.min(reportedTokens + answerTokens, inputTokens - 1)
  }
  return depth < last ? Math.min(reportedTokens, inputTokens - 1) : 0
}

/** A read walks back from each marker over so many blocks of content, the marker's own being the first. */
function isReached(
  { lookback = DEFAULT_LOOKBACK }: CacheRule,
  prefix: readonly PrefixBlock[],
  { depth, kind }: Holding,
  markers: readonly Marker[],
): boolean {
  const parts = prefix[depth]!.parts
  // Markers that we do not see are set outside the messages, at the end of the last.
  if (markers.length === 0) return kind === UNSEEN && prefix.at(-1)!.parts - parts < lookback
  for (let at = markers.length - 1; at >= 0; at -= 1) {
    const marker = markers[at]!.depth
    if (marker >= depth && prefix[marker]!.parts - parts < lookback) return true
  }
  return false
}

/** Length of a prompt up to a block as the model counts it, from the nearest block that its provider has counted. */
export function tokensAt(depth: number, { prefix, tokensPerO200k }: CountedPrompt, counted: Holding | undefined): number {
  const { tokens } = prefix[depth]!
  if (counted === undefined) return Math.round(tokens * tokensPerO200k)
  return counted.reportedTokens + Math.round((tokens - counted.tokens) * tokensPerO200k)
}

/** What a request will write: how much, and at which lifetime most of it. */
export function writable(
  rule: CacheRule,
  prompt: CountedPrompt,
  markers: readonly Marker[],
  readTokens: number,
  counted: Holding | undefined,
  { stepTokens, minTokens }: CacheLimits,
): { tokens: number; ttl: number } {
  if (rule.kind === 'auto-prefix') {
    const end = Math.floor((prompt.inputTokens - 1) / stepTokens) * stepTokens
    return { tokens: end < minTokens ? 0 : Math.max(0, end - readTokens), ttl: 0 }
  }
  let covered = readTokens
  let most = 0
  let ttl = 0
  for (const marker of markers) {
    const end = Math.min(prompt.inputTokens, tokensAt(marker.depth, prompt, counted))
    if (end < minTokens || end <= covered) continue
    if (end - covered > most) {
      most = end - covered
      ttl = marker.ttl ?? 0
    }
    covered = end
  }
  return { tokens: covered - readTokens, ttl }
}
