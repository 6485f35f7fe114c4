import type { Clock } from '../clock.ts'
import type { RoutingSettings } from '../options.ts'
import type { AttemptReceipt, CachePlan, Candidate, Features, TargetFacts } from '../types.ts'
import { planBreakpoints } from './breakpoints.ts'
import { type CacheCollapse, createCollapseWatch } from './collapse.ts'
import { type Conversation, createConversations, type Outlook } from './conversations.ts'
import { createRoutingKeys } from './keys.ts'
import { createPlacement } from './placement.ts'
import { createReliability } from './reliability.ts'
import { readable } from './rule.ts'
import { cacheKeyOf, createCacheTable, type KnownPrefixes } from './table.ts'

/** What one decision reads once, for all targets. */
export interface CacheMoment {
  known: KnownPrefixes
  /** Absent for the first call of a conversation. */
  conversation: Conversation | undefined
  outlook: Outlook
}

/** What is expected of one target's cache for one call, in the model's own tokens. */
export interface CacheExpectation {
  readTokens: number
  writeTokens: number
  /** Lifetime of what is written, where it is not the provider's default. */
  writeTtl: string | undefined
  /** How the prompt is presented; `undefined`: as the caller has made it. */
  plan: CachePlan | undefined
}

interface Options {
  clock: Clock
  settings: RoutingSettings['promptCache']
}

/** All that a router knows of its providers' prompt caches. Bounded; nothing here waits. */
export function createPromptCache({ clock, settings }: Options) {
  const table = createCacheTable(clock)
  const conversations = createConversations(clock)
  const keys = createRoutingKeys(clock)
  const placement = createPlacement(clock)
  const collapses = createCollapseWatch()
  const targets = new Map<string, ReturnType<typeof learn>>()

  const learn = (target: TargetFacts) => ({ cacheKey: cacheKeyOf(target), reliability: createReliability(target.card) })
  const learned = (target: TargetFacts) => {
    const known = targets.get(target.id)
    if (known !== undefined) return known
    const fresh = learn(target)
    targets.set(target.id, fresh)
    return fresh
  }

  function planFor({ card }: TargetFacts, features: Features, { outlook }: CacheMoment): CachePlan | undefined {
    if (settings === false || card.cache.kind === 'none') return undefined
    const plan: { -readonly [Name in keyof CachePlan]: CachePlan[Name] } = {
      breakpoints: settings.breakpoints ? planBreakpoints(card, features, outlook) : [],
    }
    const key = settings.keys ? keys.keyFor(card, features) : undefined
    if (key !== undefined) plan.key = key
    return plan
  }

  return {
    moment(features: Features): CacheMoment {
      const conversation = conversations.find(features.prefix)
      return { known: table.lookUp(features.prefix), conversation, outlook: conversations.outlook(conversation, features) }
    },

    /** Of `inputTokens`, in the model's own count, those expected to be read from and written to the cache. */
    expect(target: TargetFacts, features: Features, inputTokens: number, moment: CacheMoment): CacheExpectation {
      const { cache } = target.card
      const plan = planFor(target, features, moment)
      if (cache.kind === 'none') return { readTokens: 0, writeTokens: 0, writeTtl: undefined, plan }
      const { cacheKey, reliability } = learned(target)
      const tokensPerO200k = inputTokens / Math.max(1, features.inputTokens)
      const held = readable(cache, (moment.known.get(cacheKey) ?? 0) * tokensPerO200k)
      const readTokens = Math.min(inputTokens, Math.round(held * reliability.hitRatio()))
      const writeTokens = inputTokens < cache.minTokens ? 0 : Math.round((inputTokens - readTokens) * reliability.writeShare())
      return { readTokens, writeTokens, writeTtl: undefined, plan }
    },

    /** A group's targets in the order in which they should get this prompt. */
    place(plan: readonly Candidate[], features: Features): readonly Candidate[] {
      return settings === false || !settings.placement ? plan : placement.place(plan, features)
    },

    /** An attempt has started. */
    sent(target: TargetFacts, candidate: Candidate, features: Features): void {
      placement.sent(target.id, candidate.inputTokens)
      keys.sent(target.card, features)
    },

    /** Learns from an attempt that has ended with the provider's own usage; tells of a collapse where it was one. */
    observe(target: TargetFacts, candidate: Candidate, features: Features, attempt: AttemptReceipt): Omit<CacheCollapse, 'id'> | undefined {
      const { cacheKey, reliability } = learned(target)
      const { usage } = attempt
      reliability.observe(usage, candidate.cacheReadTokens)
      table.observe(cacheKey, target.card, features.prefix, usage, usage.inputTokens / Math.max(1, features.inputTokens))
      return collapses.observe(candidate, features, attempt)
    },

    /** A target has answered the call. */
    answered: (features: Features, target: string): void => conversations.remember(features, target),
  }
}

export type PromptCache = ReturnType<typeof createPromptCache>
