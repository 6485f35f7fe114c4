import type { ModelCard, Usage } from '@routewise/core'
import { answerBlocks, assembleParts } from './answer/assemble.ts'
import type { PlannedAnswer } from './answer/plan.ts'
import { planAnswer } from './answer/plan.ts'
import type { Charge } from './charge.ts'
import { chargeFor, isChargedWhole } from './charge.ts'
import type { Exchange } from './exchange.ts'
import { refuse } from './exchange.ts'
import type { DrawnLatency } from './latency.ts'
import { drawLatency, latencyLaw } from './latency.ts'
import type { Performance, Played } from './play.ts'
import { playStream, playWhole } from './play.ts'
import { DEFAULT_STEP_TOKENS } from './prompt-cache/prompt-cache.ts'
import type { CachePlan } from './prompt-cache/rule.ts'
import type { PromptSequence } from './prompt-cache/sequence.ts'
import { sequenceOf } from './prompt-cache/sequence.ts'
import { seededRandom } from './seed.ts'
import type { FaultEffect } from './fault.ts'
import type { RecordedAnswer } from './recording.ts'
import type { Operation, Problem, PromptBlock, SimRequest } from './types.ts'
import { inputUsage, withOutput } from './usage.ts'

type Generate = Extract<Operation, { type: 'generate' }>

/** A call that could be read, and the faults that strike it. */
interface Call {
  request: SimRequest
  effects: readonly FaultEffect[]
}

/** The life of a call: read it, let it fail or plan its answer, tell the answer, put it on the bill. */
export async function callModel(exchange: Exchange, operation: Generate, seen: (parsed?: SimRequest) => void): Promise<void> {
  const { world, vendor, startMs } = exchange
  const request = read(exchange, operation, seen)
  const { model, stream } = request
  const effects = world.faults.strike({ provider: vendor.provider.id, model, stream, nowMs: startMs })
  const call = { request, effects }
  const fault = effects.find(effect => effect.type === 'http-error')
  const card = vendor.models.find(model)
  if (fault !== undefined) await fail(exchange, call, { ...fault, model })
  else if (request.apiKey === '') await fail(exchange, call, { kind: 'auth' })
  else if (card === undefined) await fail(exchange, call, { kind: 'not-found', model })
  else await answer(exchange, operation, call, card)
}

async function answer(exchange: Exchange, operation: Generate, call: Call, card: ModelCard): Promise<void> {
  const { world, vendor, context, id, wallMs } = exchange
  const { request, effects } = call
  const tokenizer = await world.tokenizer()
  const stepTokens = (card.cache.stepTokens ?? 1) > 1 ? (card.cache.stepTokens ?? 1) : DEFAULT_STEP_TOKENS
  const sequenceFor = (blocks: readonly PromptBlock[]) => sequenceOf(blocks, tokenizer, card.tokenFactor, stepTokens)
  const sequence = sequenceFor(request.blocks)
  const found = world.findAnswer(request, card)
  const inputTokens = found?.answer.inputTokens ?? sequence.tokens
  if (inputTokens > card.contextTokens || effects.some(effect => effect.type === 'context-overflow')) {
    return fail(exchange, call, { kind: 'context-overflow', model: card.id, inputTokens, limitTokens: card.contextTokens })
  }

  const cache = planCache(exchange, request, card, sequence)
  const input = inputUsage({ request, card, cache, inputTokens: sequence.tokens, recorded: found?.answer })
  const promptHash = sequence.blocks.at(-1)?.hash ?? 0
  const planned = planAnswer({ request, card, found, effects, tokenizer, seed: world.settings.seed, promptHash, id })
  const performance: Performance = {
    ...exchange,
    time: world.time,
    latency: latencyOf(exchange, card, input, planned, found?.answer, effects),
    head: { id, createdMs: wallMs, provider: vendor.provider, card, request, usage: input, store: context.store },
    codec: operation.codec,
    answer: planned,
    usage: withOutput(input, planned),
    effects,
    onFirstToken() {
      if (card.cache.readableAfter === 'first-token') cache.commit()
    },
  }
  const played = await (request.stream ? playStream(performance) : playWhole(performance))
  // What is charged as written can be read, also where no token was seen by anyone.
  if (isChargedWhole(card, played, request.stream)) {
    const atFirstToken = card.cache.readableAfter === 'first-token'
    cache.commit(atFirstToken ? undefined : sequenceFor([...request.blocks, ...answerBlocks(assembleParts(planned.events))]))
  }
  const charge = chargeFor(card, performance.usage, played, request.stream, wallMs)
  record(exchange, call, played, charge, planned.right)
}

function read({ context }: Exchange, operation: Generate, seen: (parsed?: SimRequest) => void): SimRequest {
  let parsed: SimRequest | undefined
  try {
    parsed = operation.parse(context)
    return parsed
  } finally {
    seen(parsed)
  }
}

function planCache({ world, vendor, startMs }: Exchange, request: SimRequest, card: ModelCard, sequence: PromptSequence): CachePlan {
  const plan = world.promptCache.plan({
    rule: card.cache,
    sequence,
    account: `${vendor.provider.id}/${request.apiKey}`,
    model: card.id,
    promptCache: request.promptCache,
    billsWrites: card.prices.some(period => period.rates.cacheWrite !== undefined),
    nowMs: startMs,
  })
  const { heldBlocks = 0 } = request.promptCache
  const heldTokens = sequence.blocks[heldBlocks - 1]?.tokens ?? 0
  return heldTokens > plan.readTokens ? { ...plan, readTokens: heldTokens } : plan
}

function latencyOf(
  { world, id }: Exchange,
  card: ModelCard,
  input: Usage,
  planned: PlannedAnswer,
  recorded: RecordedAnswer | undefined,
  effects: readonly FaultEffect[],
): DrawnLatency {
  const { latency, seed } = world.settings
  const law = latencyLaw(card, { ...latency.default, ...latency[card.id] })
  const drawn = drawLatency(law, input.inputTokens - input.cacheReadTokens, seededRandom(seed, 'latency', id))
  const wholeMs = recorded?.latencyMs
  const firstTokenMs = recorded?.firstTokenMs ?? Math.min(drawn.firstTokenMs, wholeMs === undefined ? Infinity : wholeMs / 2)
  const visibleTokens = Math.max(1, planned.outputTokens - planned.hiddenTokens)
  const msPerOutputToken = wholeMs === undefined ? drawn.msPerOutputToken : Math.max(0, wholeMs - firstTokenMs) / visibleTokens
  const slower = effects.reduce((factor, effect) => (effect.type === 'slow' ? factor * effect.factor : factor), 1)
  return { firstTokenMs: firstTokenMs * slower, msPerOutputToken: msPerOutputToken * slower }
}

async function fail(exchange: Exchange, call: Call, problem: Problem): Promise<void> {
  const status = await refuse(exchange, problem)
  const usage = { inputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 0, reasoningTokens: 0 }
  const played: Played = { end: status === 0 ? 'cancelled' : 'failed', status, outputTokens: 0, reasoningTokens: 0 }
  record(exchange, call, played, { usage, costNanoUsd: 0 }, undefined)
}

function record(
  { world, vendor, id, startMs }: Exchange,
  { request, effects }: Call,
  played: Played,
  charge: Charge,
  right: boolean | undefined,
): void {
  const fault = effects.map(({ type }) => type).join('+')
  const label = world.settings.label?.(request)
  world.ledger.add({
    id,
    provider: vendor.provider.id,
    model: request.model,
    account: request.apiKey,
    stream: request.stream,
    startMs,
    ...(played.firstTokenMs !== undefined && { firstTokenMs: played.firstTokenMs }),
    endMs: world.time.now(),
    end: played.end,
    status: played.status,
    ...charge,
    ...(label !== undefined && { label }),
    ...(fault !== '' && { fault }),
    ...(right !== undefined && { right }),
  })
}
