import { costOf } from '../money/cost.ts'
import { toUsd } from '../money/units.ts'
import type { AttemptReceipt, CacheRule, Candidate, Features, ModelCard, Usage } from '../types.ts'
import type { Conversation } from './conversations.ts'
import { type Change, changeOf } from './outline.ts'

/** Why less was read from a cache than could have been. */
export type CollapseCause =
  | Change['cause']
  /** The provider brings requests to their cache by a key, and this one had none, or another than before. */
  | 'key-missing'
  | 'key-changed'
  /** More requests under one key than one machine takes. */
  | 'key-overloaded'
  /** More was added than a cache marker looks back over. */
  | 'out-of-reach'
  /** It was not used for longer than entries live. */
  | 'expired'
  /** None of these: the provider has let it go early, or has not found it. */
  | 'evicted'

/** A conversation's prompt was cached before, and most of it is not any more. */
export interface CacheCollapse {
  /** Id of the call's receipt. */
  id: string
  target: string
  model: string
  tenant?: string
  session?: string
  cause: CollapseCause
  /** Where the prompt was changed: its first block that differs, counted from 0, with all tools as one. */
  block?: number
  /** Tokens that could have been read from the cache, and those that were. */
  expectedTokens: number
  cachedTokens: number
  /** What reading the rest anew has cost over reading it from the cache; absent where the price is not known. */
  costUsd?: number
}

/** What a cache was last known to hold of a conversation. */
export interface CacheTrace {
  /** Number of the cache. */
  cache: number
  /** Tokens of the prompt that should be held now, in the model's own count. */
  tokens: number
  /** The provider has said so itself. */
  confirmed: boolean
  /** Clock times of the request and of its end. */
  startedAt: number
  endedAt: number
  ttlMs: number
  key: string | undefined
}

/** One response, and what must be known to explain it. */
export interface CollapseQuestion {
  /** Number of the target's cache. */
  cache: number
  candidate: Candidate
  features: Features
  attempt: AttemptReceipt
  /** As it was before this call. */
  conversation: Conversation | undefined
  /** The shortest prefix that the cache really holds. */
  minTokens: number
  /** Share of what is held that is still there after so long. */
  survives(idleMs: number, ttlMs: number): number
  /** Requests of the last minute under this prompt's key, this one among them. */
  requestsPerMinute(): number
  now: number
  wallMs: number
}

/** A smaller loss is nobody's concern. */
const MIN_TOKENS = 256
/** Of what could have been read, less than this was. */
const COLLAPSED_SHARE = 0.5
/** A prompt that is so much shorter than the one before was trimmed on purpose. A window that slides stays as long. */
const TRIMMED_SHARE = 0.8
const DEFAULT_TTL_SECONDS = 300

/**
 * Compares what a response says of its cache with what its conversation had there before. Silent about first calls, targets that the
 * router has left in between, prompts that were cut short on purpose, and a collapse that goes on for the same cause.
 */
export function createCollapseWatch() {
  /** What attempts have left in caches, until their call is answered. */
  const traces = new WeakMap<Features, CacheTrace[]>()

  return {
    /** Notes the response; tells of a collapse where it was one. */
    observe(question: CollapseQuestion): Omit<CacheCollapse, 'id'> | undefined {
      const { features, conversation, attempt } = question
      if (attempt.end.type !== 'answered' && attempt.end.type !== 'rejected') return undefined
      const before = conversation?.thread.traces.find(({ cache }) => cache === question.cache)
      const noted = traces.get(features)
      const trace = traceOf(question, before)
      if (noted === undefined) traces.set(features, [trace])
      else noted.push(trace)
      if (conversation === undefined || before === undefined || conversation.thread.latest !== conversation) return undefined
      // Two on their way at once cannot read what the other writes.
      return before.endedAt > trace.startedAt ? undefined : explain(question, conversation, before, trace)
    },

    /** The call was answered: what its attempts have left is the conversation's. */
    answered(features: Features, { thread }: Conversation): void {
      thread.traces = traces.get(features) ?? []
    },
  }
}

function explain(
  question: CollapseQuestion,
  { thread }: Conversation,
  before: CacheTrace,
  trace: CacheTrace,
): Omit<CacheCollapse, 'id'> | undefined {
  const { candidate, features, attempt, minTokens, wallMs } = question
  const { card } = candidate
  const { usage } = attempt
  const expectedTokens = Math.min(before.tokens, usage.inputTokens)
  if (expectedTokens < Math.max(minTokens, MIN_TOKENS)) return undefined
  const cachedTokens = usage.cacheReadTokens
  if (cachedTokens >= expectedTokens * COLLAPSED_SHARE) {
    thread.collapse = undefined
    return undefined
  }
  const change = changeOf(thread.outline, features.prefix)
  const cause = causeOf(question, before, trace, change, thread.outline)
  if (cause === undefined || thread.collapse === cause) return undefined
  thread.collapse = cause

  const collapse: Omit<CacheCollapse, 'id'> = { target: candidate.id, model: card.id, cause, expectedTokens, cachedTokens }
  const { tenant, session } = features.caller ?? {}
  if (tenant !== undefined) collapse.tenant = tenant
  if (session !== undefined) collapse.session = session
  if (change?.cause === cause && change.block !== undefined) collapse.block = change.block
  const paid = costOf(card, usage, wallMs)
  const warm = costOf(card, warmUsage(card, usage, expectedTokens), wallMs)
  if (paid !== undefined && warm !== undefined) collapse.costUsd = toUsd(paid - warm)
  return collapse
}

/** A provider that says itself why it has missed would be believed before all of these. */
function causeOf(
  { candidate, features, survives, requestsPerMinute }: CollapseQuestion,
  before: CacheTrace,
  trace: CacheTrace,
  change: Change | undefined,
  outline: Conversation['thread']['outline'],
): CollapseCause | undefined {
  const { cache } = candidate.card
  // A cache that often misses what it was just given is none to count on.
  if (survives(0, before.ttlMs) < 0.5) return undefined
  const idleMs = trace.startedAt - before.startedAt
  if (idleMs >= before.ttlMs ? survives(idleMs, before.ttlMs) < 0.9 : survives(idleMs, before.ttlMs) < 0.5)
    // Who asks the very same again after so long does not go on with a conversation.
    return features.prefix.length === outline.length ? undefined : 'expired'
  if (change !== undefined) {
    const isTrimmed = features.inputTokens < outline.tokens * TRIMMED_SHARE
    return isTrimmed && (change.cause === 'first-message-changed' || change.cause === 'history-changed') ? undefined : change.cause
  }
  if (cache.kind === 'breakpoints' && cache.implicitBreakpoint !== true) {
    const isMarked = (candidate.cachePlan?.breakpoints.length ?? 0) > 0 || features.prefix.some(({ marked }) => marked)
    if (!isMarked) return undefined
    const parts = features.prefix.at(-1)?.parts ?? 0
    if (cache.lookback !== undefined && parts - outline.parts >= cache.lookback) return 'out-of-reach'
  }
  if (cache.key !== undefined) {
    if (trace.key === undefined) return before.confirmed ? 'key-missing' : undefined
    // The router's own keys change by its own decision.
    if (trace.key !== before.key) return features.cacheKey === undefined ? undefined : 'key-changed'
    if (requestsPerMinute() > (cache.key.softRequestsPerMinute ?? Number.POSITIVE_INFINITY)) return 'key-overloaded'
  }
  return before.confirmed ? 'evicted' : undefined
}

function traceOf({ cache, candidate, features, attempt, now }: CollapseQuestion, before: CacheTrace | undefined): CacheTrace {
  const { card, cachePlan } = candidate
  const { inputTokens, cacheReadTokens, cacheWriteTokens } = attempt.usage
  const reported = cacheReadTokens + cacheWriteTokens
  return {
    cache,
    tokens: heldTokens(card.cache, inputTokens, reported),
    confirmed: reported > 0,
    startedAt: now - attempt.totalMs,
    endedAt: now,
    ttlMs: Math.max(ttlMsOf(card, attempt.usage, cachePlan?.ttl), cacheReadTokens > 0 ? (before?.ttlMs ?? 0) : 0),
    key: features.cacheKey ?? cachePlan?.key,
  }
}

/** Lifetime of what was written: the longest that the provider has charged, else the one that was asked for. */
function ttlMsOf({ cache }: ModelCard, { cacheWriteTokensByTtl = {} }: Usage, asked: string | undefined): number {
  const seconds = cache.ttls.filter(({ id }) => id === asked || (cacheWriteTokensByTtl[id] ?? 0) > 0).map(ttl => ttl.seconds)
  return 1_000 * (seconds.length > 0 ? Math.max(...seconds) : (cache.ttls[0]?.seconds ?? DEFAULT_TTL_SECONDS))
}

/** The same tokens, had the cache been read: what was lost is neither computed nor written. */
function warmUsage({ cache }: ModelCard, usage: Usage, expectedTokens: number): Usage {
  const lost = expectedTokens - usage.cacheReadTokens
  let unwritten = Math.min(lost, usage.cacheWriteTokens)
  const warm: Usage = { ...usage, cacheReadTokens: expectedTokens, cacheWriteTokens: usage.cacheWriteTokens - unwritten }
  if (usage.cacheWriteTokensByTtl === undefined) return warm
  // What lives longer comes first in a prompt, and the lost part is its beginning.
  const byTtl: Record<string, number> = { ...usage.cacheWriteTokensByTtl }
  for (const { id } of cache.ttls.toSorted((a, b) => b.seconds - a.seconds)) {
    const tokens = byTtl[id]
    if (tokens === undefined) continue
    byTtl[id] = Math.max(0, tokens - unwritten)
    unwritten -= tokens - byTtl[id]
  }
  warm.cacheWriteTokensByTtl = byTtl
  return warm
}

/** What a cache holds of a prompt that was answered. */
function heldTokens({ kind, stepTokens = 1 }: CacheRule, inputTokens: number, reported: number): number {
  switch (kind) {
    case 'auto-prefix':
      // The last token is always computed.
      return Math.max(reported, Math.floor((inputTokens - 1) / stepTokens) * stepTokens)
    case 'prefix-units':
      return inputTokens
    default:
      return reported
  }
}
