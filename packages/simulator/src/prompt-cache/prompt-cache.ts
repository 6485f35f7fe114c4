import type { CacheRule, Random } from '@routewise/core'
import type { SimRequest } from '../types.ts'
import { planAutoPrefix } from './auto-prefix.ts'
import { planBreakpoints } from './breakpoints.ts'
import { createEntries } from './entries.ts'
import { createMachines } from './machines.ts'
import { planPrefixUnits } from './prefix-units.ts'
import type { PromptSequence } from './sequence.ts'
import type { CachePlan, ResolvedTtl } from './rule.ts'

const DEFAULT_TTL = { id: '5m', seconds: 300, sliding: true }

/** Resolution of prefixes where the rule has none of its own, in tokens. */
export const DEFAULT_STEP_TOKENS = 64

export interface CacheLookup {
  rule: CacheRule
  sequence: PromptSequence
  account: string
  model: string
  promptCache: SimRequest['promptCache']
  billsWrites: boolean
  nowMs: number
}

/** Prompt caches of every account and model, each by its provider's own rule. */
export interface PromptCache {
  plan(lookup: CacheLookup): CachePlan
}

export function createPromptCache({ random, maxEntries = 200_000 }: { random: Random; maxEntries?: number }): PromptCache {
  const entriesOf = createEntries(maxEntries)
  const chooseMachine = createMachines(random)
  return {
    plan({ rule, sequence, account, model, promptCache, billsWrites, nowMs }) {
      if (promptCache.mode === 'off') return NOTHING
      const space = `${account}/${model}`
      const machine = chooseMachine(rule, space, sequence.headHash, promptCache.key, nowMs)
      const entries = entriesOf(`${space}/${machine}`)
      const ttlOf = (id: string | undefined) => resolveTtl(rule, id)
      const question = { rule, sequence, mode: promptCache.mode, ttl: ttlOf(promptCache.ttl), ttlOf, nowMs, billsWrites }
      switch (rule.kind) {
        case 'auto-prefix':
          return planAutoPrefix(question, entries)
        case 'breakpoints':
          return planBreakpoints(question, entries)
        case 'prefix-units':
          return planPrefixUnits(question, entries, entriesOf(`${space}/${machine}/sightings`))
        case 'none':
        case 'object':
          return NOTHING
      }
    },
  }
}

const NOTHING: CachePlan = { readTokens: 0, writeTokens: 0, writeTokensByTtl: {}, commit() {} }

function resolveTtl(rule: CacheRule, id: string | undefined): ResolvedTtl {
  const usual = rule.ttls[0] ?? DEFAULT_TTL
  const chosen = rule.ttls.find(ttl => ttl.id === id) ?? usual
  return { ...chosen, asked: chosen.id !== usual.id }
}
