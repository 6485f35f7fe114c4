import type { Clock } from '../clock.ts'
import type { RoutingSettings } from '../options.ts'
import type { AttemptReceipt, CacheExpectation, CachePlan, CacheRule, Candidate, Features, TargetFacts } from '../types.ts'
import { NO_MARKERS, planBreakpoints, planLifetime } from './breakpoints.ts'
import { createCacheStep } from '../cache-table/cache-step.ts'
import { type CacheCollapse, createCollapseWatch } from '../conversations/collapse.ts'
import { createConversations } from '../conversations/conversations.ts'
import { createHabits } from '../conversations/habits.ts'
import { createHeads } from '../conversations/heads.ts'
import { createRoutingKeys } from './keys.ts'
import { HOME_LANE, laneOf } from '../cache-table/lane.ts'
import { CacheMoment } from './moment.ts'
import { note } from '../cache-table/note.ts'
import { createPlacement } from './placement.ts'
import { type CacheFacts, createReliability } from '../cache-table/reliability.ts'
import {
  type CountedPrompt,
  isAutomatic,
  markedBlocks,
  markersOf,
  mostReadable,
  type Readable,
  tokensAt,
  ttlAt,
  ttlIndex,
  writable,
} from '../cache-table/rule.ts'
import { sharedPrefix } from '../conversations/stable-prefix.ts'
import { createCacheTable, type Holding } from '../cache-table/table.ts'

export { CacheMoment } from './moment.ts'

interface Options {
  clock: Clock
  settings: RoutingSettings['promptCache']
  /** All that the router has, so that equal ones are known. Default: none. */
  targets?: readonly TargetFacts[]
}

/** How far one target's prompt cache has turned out to do what is expected of it. */
export interface PromptCacheFacts extends CacheFacts {
  target: string
}

/** All that a router knows of its providers' prompt caches. Bounded; nothing here waits. */
export function createPromptCache({ clock, settings, targets: list = [] }: Options) {
  const table = createCacheTable()
  const conversations = createConversations(clock)
  const habits = createHabits()
  const heads = createHeads(clock)
  const keys = createRoutingKeys(clock, { sets: settings !== false && settings.keys })
  const placement = createPlacement(clock, list)
  const collapses = createCollapseWatch()
  const targets = new Map<string, ReturnType<typeof learn>>()

  const learn = (target: TargetFacts) => ({
    cache: table.cacheOf(target),
    reliability: createReliability(target.card),
    step: createCacheStep(target.card.cache),
    ttlMs: ttlAt(target.card.cache, 0).seconds * 1_000,
    chargesWrites: target.card.prices.some(({ rates }) => rates.cacheWrite !== undefined),
    // Markers, or one of several lifetimes.
    hasChoice: (target.card.cache.kind === 'breakpoints' && !isAutomatic(target.card.cache)) || target.card.cache.ttls.length > 1,
  })
  const learned = (target: TargetFacts) => {
    const known = targets.get(target.id)
    if (known !== undefined) return known
    const fresh = learn(target)
    targets.set(target.id, fresh)
    return fresh
  }

  function planFor(target: TargetFacts, moment: CacheMoment, held: number, tokensPerO200k: number, key: string | undefined) {
    if (settings === false) return undefined
    const { reliability, hasChoice } = learned(target)
    if (!hasChoice) return key === undefined ? NO_PLAN : { key, breakpoints: NO_MARKERS }
    const plan: { -readonly [Name in keyof CachePlan]: CachePlan[Name] } = { breakpoints: NO_MARKERS }
    if (key !== undefined) plan.key = key
    const { card } = target
    const comesBack = habits.find(target.id)?.comesBack ?? 1
    const minTokens = reliability.minTokens()
    const facts = { card, moment, comesBack, held, minTokens, tokensPerO200k, lifetime: settings.lifetime }
    if (settings.breakpoints) plan.breakpoints = planBreakpoints(facts)
    const ttl = planLifetime(facts)
    if (ttl !== undefined) plan.ttl = ttl
    return plan
  }

  return {
    weighsStaying: settings !== false && settings.stay,
    habitOf: habits.find,

    /** Share of what is held in a target's cache that comes from it, when it was used just now. */
    hitRatioOf(id: string): number {
      const target = targets.get(id)
      return target?.reliability.hitRatio(0, target.ttlMs) ?? 1
    },

    moment(features: Features): CacheMoment {
      const conversation = conversations.find(features)
      const outlook = conversations.outlook(conversation, features)
      const known = table.lookUp(features.prefix)
      return new CacheMoment({ known, conversation, outlook, now: clock.now(), wallMs: clock.wall() }, features, heads)
    },

    /** What is expected of one target's cache, of about `estimatedTokens` in the model's own count. */
    expect(target: TargetFacts, features: Features, estimatedTokens: number, moment: CacheMoment): CacheExpectation {
      const { card } = target
      const { cache: rule } = card
      const { prefix } = features
      if (rule.kind === 'none' || rule.kind === 'object' || prefix.length === 0) return nothing(estimatedTokens)
      const { cache, reliability, step, chargesWrites } = learned(target)
      const key = rule.key === undefined ? undefined : keys.keyFor(target, features)
      const lane = rule.key === undefined ? HOME_LANE : laneOf(rule, features.cacheKey ?? key, keys.requestsPerMinute(target, features))
      const known = moment.known.of(cache)
      const tokensPerO200k = estimatedTokens / Math.max(1, features.inputTokens)
      const counted = believable(longest(known, undefined), prefix, tokensPerO200k)
      const prompt: CountedPrompt = { prefix, tokensPerO200k, inputTokens: estimatedTokens }
      if (counted !== undefined) prompt.inputTokens = tokensAt(prefix.length - 1, prompt, counted)

      const plan = planFor(target, moment, deepestAlive(rule, known, lane, moment.now), tokensPerO200k, key)
      const markers = markersOf(rule, prefix, moment.marked, plan)
      const limits = { stepTokens: step.tokens(), minTokens: reliability.minTokens() }
      const chance = (holding: Holding) => reliability.hitRatio(moment.now - holding.usedAt, ttlMsOf(rule, holding.ttl))
      const found = known === undefined ? NOTHING_FOUND : mostReadable(rule, known, lane, prompt, markers, limits, chance)
      const { tokens: heldTokens, chance: hitRatio, holding } = found
      const idleMs = holding === undefined ? 0 : moment.now - holding.usedAt
      const ttlMs = ttlMsOf(rule, holding === undefined ? ttlIndex(rule, plan?.ttl) : holding.ttl)
      const { inputTokens } = prompt
      const readTokens = heldTokens < limits.minTokens ? 0 : Math.min(inputTokens, Math.round(heldTokens * hitRatio))
      const writes = writable(rule, prompt, markers, readTokens, counted, limits)
      const share = rule.kind === 'auto-prefix' ? (chargesWrites ? reliability.writeShare() : 0) : 1
      const writeTtl = writes.ttl === 0 ? undefined : ttlAt(rule, writes.ttl).id
      const writeTokens = Math.max(0, Math.min(inputTokens - readTokens, Math.round(writes.tokens * share)))
      return { inputTokens, readTokens, writeTokens, writeTtl, plan, heldTokens, hitRatio, idleMs, ttlMs, lane }
    },

    /** A group's targets in the order in which they should get this prompt; those that rest take no share. */
    place(plan: readonly Candidate[], features: Features, resting: ReadonlyMap<string, unknown>): readonly Candidate[] {
      return settings === false || !settings.placement ? plan : placement.place(plan, features, resting)
    },

    /** An attempt has started. */
    sent(target: TargetFacts, candidate: Candidate, features: Features): void {
      placement.sent(target.id, candidate.inputTokens)
      keys.sent(target, features)
    },

    /** Learns from an attempt that has ended with the provider's own usage; tells of a collapse where it was one. */
    observe(target: TargetFacts, candidate: Candidate, features: Features, attempt: AttemptReceipt): Omit<CacheCollapse, 'id'> | undefined {
      const { cache, reliability, step } = learned(target)
      const { cache: rule } = target.card
      const { usage, end, totalMs } = attempt
      const { prefix } = features
      const { plan, lane = HOME_LANE, heldTokens = 0, idleMs = 0, ttlMs = ttlAt(rule, 0).seconds * 1_000 } = candidate.cache ?? {}
      const predictedReadTokens = candidate.cacheReadTokens
      // By what was known before this response.
      const collapse = collapses.observe({
        cache,
        candidate,
        features,
        attempt,
        conversation: conversations.find(features),
        minTokens: reliability.minTokens(),
        survives: reliability.hitRatio,
        requestsPerMinute: () => keys.requestsPerMinute(target, features),
        now: clock.now(),
        wallMs: clock.wall(),
      })
      reliability.observe({ usage, predictedReadTokens, heldTokens, idleMs, ttlMs, promptTokens: usage.inputTokens })
      step.observe(usage.cacheReadTokens)
      note(table.tree, table.records, {
        cache,
        lane,
        rule,
        prefix,
        usage,
        sentAt: clock.now() - totalMs,
        markers: markersOf(rule, prefix, markedBlocks(prefix), plan),
        ttl: ttlIndex(rule, plan?.ttl),
        stepTokens: step.tokens(),
        answered: end.type === 'answered',
      })
      return collapse
    },

    /** How each target's cache has turned out, in the order in which they were first asked. */
    facts: (): readonly PromptCacheFacts[] => Array.from(targets, ([target, { reliability }]) => ({ target, ...reliability.facts() })),

    /** A target has answered the call. */
    answered(features: Features, target: string, plan: readonly Candidate[]): void {
      habits.observe(plan, target, conversations.find(features)?.target)
      const conversation = conversations.remember(features, target)
      if (conversation !== undefined) collapses.answered(features, conversation)
      heads.observe(sharedPrefix(features.prefix))
    },
  }
}

export type PromptCache = ReturnType<typeof createPromptCache>

const NO_PLAN: CachePlan = { breakpoints: NO_MARKERS }
const NOTHING_FOUND: Readable = { tokens: 0, chance: 1, holding: undefined }

const ttlMsOf = (rule: CacheRule, ttl: number): number => ttlAt(rule, ttl).seconds * 1_000

const nothing = (inputTokens: number): CacheExpectation => ({
  inputTokens,
  readTokens: 0,
  writeTokens: 0,
  writeTtl: undefined,
  plan: undefined,
  heldTokens: 0,
  hitRatio: 1,
  idleMs: 0,
  ttlMs: 0,
  lane: HOME_LANE,
})

/** Index of the last block of the longest that is held on one machine and has not passed its lifetime; -1: nothing is. */
function deepestAlive(rule: CacheRule, known: Holding | undefined, lane: number, now: number): number {
  let deepest = -1
  for (let holding = known; holding !== undefined; holding = holding.next) {
    if (holding.lane === lane && holding.depth > deepest && now - holding.usedAt < ttlAt(rule, holding.ttl).seconds * 1_000) {
      deepest = holding.depth
    }
  }
  return deepest
}

/** Providers' counts may be this many times ours, or a share of it; what is further off is no count. */
const MAX_COUNT_RATIO = 4

/** What is held, where it is as long as this prompt is there, and its provider's count of it can be one. */
function believable(holding: Holding | undefined, prefix: Features['prefix'], tokensPerO200k: number): Holding | undefined {
  if (holding === undefined || holding.tokens !== prefix[holding.depth]?.tokens) return undefined
  const ratio = holding.reportedTokens / Math.max(1, holding.tokens * tokensPerO200k)
  return ratio <= MAX_COUNT_RATIO && ratio >= 1 / MAX_COUNT_RATIO ? holding : undefined
}

/** The longest that is held, on one machine or on any. */
function longest(known: Holding | undefined, lane: number | undefined): Holding | undefined {
  let found: Holding | undefined
  for (let holding = known; holding !== undefined; holding = holding.next) {
    if ((lane === undefined || holding.lane === lane) && (found === undefined || holding.depth > found.depth)) found = holding
  }
  return found
}
