import {
  type CachePlan,
  type Clock,
  costOf,
  createRouter,
  type Dialect,
  type Features,
  type ModelCard,
  type Policy,
  type Target,
  type Usage,
} from '@routewise/core'
import { createPromptCache } from '../../../../packages/simulator/src/prompt-cache/prompt-cache.ts'
import type { PromptSequence } from '../../../../packages/simulator/src/prompt-cache/sequence.ts'
import { seededRandom } from '../../../../packages/simulator/src/seed.ts'
import { createFairLoad } from './fair-load.ts'

/** A recorded call, as a router and as a cache sees it. */
export interface Prompt {
  /** Milliseconds since the first. */
  at: number
  features: Features
  /** What the cache holds prompts by, with markers where the plan sets them. */
  sequence(plan: CachePlan | undefined): PromptSequence
  outputTokens: number
}

export interface Replay<Recorded extends Prompt> {
  card: ModelCard
  upstreams: number
  prompts: readonly Recorded[]
  /** Which upstream gets a prompt. Default: the one that the router's own placement chooses. */
  choose?: ((prompt: Recorded, upstreams: number) => number) | undefined
}

export interface Replayed {
  inputTokens: number
  cacheReadTokens: number
  inputUsd: number
  /** Output included. */
  usd: number
  /** Requests over the load that one upstream may have, and the largest load as a share of that. */
  excesses: number
  worstLoad: number
}

interface Call {
  prompt: Prompt
  cache?: CachePlan | undefined
}

/** Sends every prompt through a router over equal upstreams, each of its own account, whose caches follow the card's rule. An answer takes no time. */
export async function replay<Recorded extends Prompt>({ card, upstreams, prompts, choose }: Replay<Recorded>): Promise<Replayed> {
  let time = 0
  const clock: Clock = { now: () => time, wall: () => START_MS + time, after: () => () => {} }
  const caches = createPromptCache({ random: seededRandom('fleet') })
  const load = createFairLoad(upstreams)
  const isMarked = card.cache.kind === 'breakpoints' && card.cache.implicitBreakpoint !== true
  const billsWrites = card.prices.some(({ rates }) => (rates.cacheWrite ?? rates.input) > rates.input)
  const sum = { inputTokens: 0, cacheReadTokens: 0, inputUsd: 0, usd: 0 }

  const open = (upstream: number, { prompt, cache: plan }: Call): Usage => {
    const sequence = prompt.sequence(isMarked ? plan : undefined)
    const planned = caches.plan({
      rule: card.cache,
      sequence,
      account: nameOf(upstream),
      model: card.id,
      promptCache: {
        mode: isMarked ? 'explicit' : 'automatic',
        ...(plan?.ttl !== undefined && { ttl: plan.ttl }),
        ...(plan?.key !== undefined && { key: plan.key }),
      },
      billsWrites,
      nowMs: time,
    })
    planned.commit()
    load.sent(upstream, sequence.tokens, time)
    const usage: Usage = {
      inputTokens: sequence.tokens,
      cacheReadTokens: planned.readTokens,
      cacheWriteTokens: planned.writeTokens,
      cacheWriteTokensByTtl: planned.writeTokensByTtl,
      outputTokens: 0,
      reasoningTokens: 0,
    }
    sum.inputTokens += usage.inputTokens
    sum.cacheReadTokens += usage.cacheReadTokens
    const whole = { ...usage, outputTokens: prompt.outputTokens }
    sum.inputUsd += (costOf(card, usage, START_MS + time) ?? Number.NaN) / 1e9
    sum.usd += (costOf(card, whole, START_MS + time) ?? Number.NaN) / 1e9
    return whole
  }
  const router = createRouter({
    targets: Array.from({ length: upstreams }, (_, upstream): Target<Call, Usage> => ({
      id: nameOf(upstream),
      card,
      account: nameOf(upstream),
      async *open(call) {
        yield open(upstream, call)
      },
    })),
    dialect,
    policy: asListed,
    promptCache: { placement: choose === undefined },
    hedge: false,
    retry: false,
    breaker: false,
    clock,
    random: seededRandom('router'),
  })
  for (const prompt of prompts) {
    time = prompt.at
    const chosen = choose?.(prompt, upstreams)
    await router.answer({ prompt }, chosen === undefined ? {} : { policy: only(nameOf(chosen)) })
  }
  const { excesses, worst } = load.sum()
  return { ...sum, excesses, worstLoad: worst }
}

/** Prices of the day on which the bench was written. */
const START_MS = Date.parse('2026-11-22T12:00:00Z')

const nameOf = (upstream: number): string => `upstream-${upstream}`
const asListed: Policy = candidates => candidates
const only =
  (name: string): Policy =>
  candidates =>
    candidates.filter(({ id }) => id === name)

const dialect: Dialect<Call, Usage> = {
  describe: ({ prompt }) => prompt.features,
  prepare: (call, _target, wishes) => ({ ...call, cache: wishes?.cache }),
  read: usage => ({ meaningful: true, contentChars: usage.outputTokens * 4, usage, finish: 'stop' }),
  failure: error => ({ kind: 'unknown', message: String(error), cause: error }),
}
