import {
  cheapest,
  type CachePlan,
  type Clock,
  createRouter,
  type Dialect,
  type ModelCard,
  NO_NEEDS,
  type Policy,
  type PrefixBlock,
  type Target,
  type Usage,
} from '@routewise/core'
import { createPromptCache } from '../../../../packages/simulator/src/prompt-cache/prompt-cache.ts'
import type { PromptSequence } from '../../../../packages/simulator/src/prompt-cache/sequence.ts'
import { hashText, seededRandom } from '../../../../packages/simulator/src/seed.ts'
import { type Fleet, HARD, QUALITY } from './fleets.ts'

/** A call of a conversation: its prompt is the first messages, `at` in milliseconds. */
export interface Turn {
  at: number
  messages: number
  outputTokens: number
}

/** A conversation as caches see it: tokens are `o200k`. */
export interface Talk {
  /** Prefix after each message. */
  blocks: readonly PrefixBlock[]
  turns: readonly Turn[]
}

export interface Step {
  talk: Talk
  turn: Turn
  hard: boolean
}

interface Call {
  step: Step
  cache?: CachePlan | undefined
}

export interface Played {
  usd: number
  /** Calls that each model answered. */
  calls: ReadonlyMap<string, number>
}

export interface PlayOptions {
  /** By the model that answered the turn before. Default: the router's own. */
  policy?: (last: string | undefined) => Policy
  stay?: boolean
}

/** Tokens of a prompt for one model, and of its answer. */
export const tokensOf = ({ blocks }: Talk, { messages }: Turn, { tokenFactor }: ModelCard): number =>
  Math.round(blocks[messages - 1]!.tokens * tokenFactor)
export const outputOf = ({ outputTokens }: Turn, { tokenFactor }: ModelCard): number => Math.round(outputTokens * tokenFactor)

/** All turns in the order of their time, through a router whose targets are the fleet with caches by their own rules; what it bills. */
export async function play(fleet: Fleet, steps: readonly Step[], { policy, stay = true }: PlayOptions = {}): Promise<Played> {
  let time = 0
  const clock: Clock = { now: () => time, wall: () => START_MS + time, after: () => () => {} }
  const caches = createPromptCache({ random: seededRandom('switch'), maxEntries: 2_000_000 })
  const sequences = createSequences()
  const last = new Map<Talk, string>()
  const calls = new Map<string, number>()

  const targets = fleet.models.map(({ card }): Target<Call, Usage> => ({
    id: card.id,
    card,
    // oxlint-disable-next-line require-yield -- one chunk
    async *open({ step, cache: plan }) {
      const { talk, turn } = step
      const { cache } = card
      const isMarked = cache.kind === 'breakpoints' && cache.implicitBreakpoint !== true
      const planned = caches.plan({
        rule: cache,
        sequence: sequences.of(talk, turn.messages, card, isMarked ? plan : undefined),
        account: card.provider,
        model: card.id,
        promptCache: { mode: isMarked ? 'explicit' : 'automatic', ...(plan?.ttl !== undefined && { ttl: plan.ttl }) },
        billsWrites: card.prices.some(({ rates }) => (rates.cacheWrite ?? rates.input) > rates.input),
        nowMs: time,
      })
      planned.commit(sequences.of(talk, turn.messages + 1, card, undefined))
      yield {
        inputTokens: tokensOf(talk, turn, card),
        cacheReadTokens: planned.readTokens,
        cacheWriteTokens: planned.writeTokens,
        cacheWriteTokensByTtl: planned.writeTokensByTtl,
        outputTokens: outputOf(turn, card),
        reasoningTokens: 0,
      }
    },
  }))
  const router = createRouter({
    targets,
    dialect,
    policy: cheapest({ quality: QUALITY }),
    promptCache: { stay },
    hedge: false,
    retry: false,
    clock,
    random: seededRandom('router'),
  })
  let usd = 0
  for (const step of steps) {
    time = step.turn.at
    const { receipt } = await router.answer({ step }, policy === undefined ? {} : { policy: policy(last.get(step.talk)) })
    usd += receipt.costUsd
    last.set(step.talk, receipt.target!)
    calls.set(receipt.target!, (calls.get(receipt.target!) ?? 0) + 1)
  }
  return { usd, calls }
}

/** Prices of the day on which the bench was written. */
export const START_MS = Date.parse('2026-11-22T12:00:00Z')

const dialect: Dialect<Call, Usage> = {
  describe: ({ step: { talk, turn, hard } }) => ({
    inputTokens: talk.blocks[turn.messages - 1]!.tokens,
    maxOutputTokens: undefined,
    needs: NO_NEEDS,
    prefix: talk.blocks.slice(0, turn.messages),
    task: hard ? HARD : 'agent',
    turn: 'user',
  }),
  prepare: (call, _target, wishes) => ({ ...call, cache: wishes?.cache }),
  read: usage => ({ meaningful: true, contentChars: usage.outputTokens * 4, usage, finish: 'stop' }),
  failure: error => ({ kind: 'unknown', message: String(error), cause: error }),
}

/** Prompts as the simulator's caches want them: hashes of messages and steps stand for their texts. */
function createSequences() {
  const known = new Map<Talk, Map<string, Pick<PromptSequence, 'blocks' | 'steps'>>>()

  function whole(talk: Talk, { tokenFactor, cache: { stepTokens = 64 } }: ModelCard): Pick<PromptSequence, 'blocks' | 'steps'> {
    let ofTalk = known.get(talk)
    if (ofTalk === undefined) known.set(talk, (ofTalk = new Map()))
    const key = `${tokenFactor}/${stepTokens}`
    const made = ofTalk.get(key)
    if (made !== undefined) return made
    const blocks = talk.blocks.map(({ hash, tokens }) => ({ hash, tokens: Math.round(tokens * tokenFactor), marker: undefined }))
    const steps: { tokens: number; hash: number }[] = []
    for (const { hash, tokens } of blocks) {
      for (let next = (steps.length + 1) * stepTokens; next <= tokens; next += stepTokens)
        steps.push({ tokens: next, hash: hashText(String(next), hash >>> 0) * 0x100000 + (hash % 0x100000) })
    }
    const sequence = { blocks, steps }
    ofTalk.set(key, sequence)
    return sequence
  }

  return {
    of(talk: Talk, messages: number, card: ModelCard, plan: CachePlan | undefined): PromptSequence {
      const { blocks: allBlocks, steps: allSteps } = whole(talk, card)
      const tokens = allBlocks[Math.min(messages, allBlocks.length) - 1]!.tokens
      const blocks: PromptSequence['blocks'][number][] = allBlocks.slice(0, messages)
      for (const { after, ttl } of plan?.breakpoints ?? []) {
        if (after === 'tools') continue
        blocks[after] = { ...blocks[after]!, marker: ttl === undefined ? {} : { ttl } }
      }
      const stepTokens = card.cache.stepTokens ?? 64
      return { tokens, blocks, steps: allSteps.slice(0, Math.floor(tokens / stepTokens)), headHash: blocks[0]!.hash }
    },
  }
}
