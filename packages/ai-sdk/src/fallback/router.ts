import type { SharedV4ProviderOptions } from '@ai-sdk/provider'
import {
  createRouter,
  NO_NEEDS,
  type Dialect,
  type ModelCard,
  type Policy,
  type Reading,
  type Router,
  type RoutingOptions,
  type Store,
  type Target,
  type Usage,
} from '@routewise/core'
import { readFailure } from '../failure.ts'
import { createTimeLimit, isTimeout, type TimeLimit } from './time-limit.ts'

/** What the options of a call have in common, whatever it asks for. */
export interface SharedOptions {
  abortSignal?: AbortSignal
  providerOptions?: SharedV4ProviderOptions
}

/** A call as the AI SDK makes it, on its way through the router. */
export interface FallbackCall<Options> {
  options: Options
  /** One model alone can answer it. */
  isAlone: boolean
}

/** A model among those to route between, with what is known of it. */
export interface FallbackCandidate<Model> {
  id: string
  model: Model
  card: ModelCard
  account?: string
  tags?: readonly string[]
}

/** A sort of model that gives its answer in one piece. */
export interface ModelKind<Model, Options, Result> {
  /** What its calls are on receipts, and what keeps its cooldowns apart in a shared store: `embedding`, `image`. */
  name: string
  ask(model: Model, options: Options): PromiseLike<Result>
  /** Estimated size of a call: tokens that it reads, and units that are billed as output. Default: nothing. */
  size?(options: Options): { inputTokens: number; outputTokens?: number }
  /** What the answer is billed by; `undefined` where it does not say. */
  usage?(result: Result, options: Options, candidate: FallbackCandidate<Model>): Partial<Usage> | undefined
  /** The error for an answer that is none, so that another model is asked. */
  fault?(result: Result, call: FallbackCall<Options>, candidate: FallbackCandidate<Model>): Error | undefined
  response(result: Result): { headers?: Record<string, string> | undefined; modelId?: string } | undefined
}

/** An answer, or what is known of one that is of no use. */
export interface FallbackPiece<Result> {
  answer?: { result: Result }
  reading: Reading
}

export type FallbackRouter<Options, Result> = Router<FallbackCall<Options>, FallbackPiece<Result>>

export interface FallbackRouterOptions<Model, Options, Result> {
  kind: ModelKind<Model, Options, Result>
  candidates: readonly FallbackCandidate<Model>[]
  routing: RoutingOptions
  policy: Policy
  /** Longest that one of several models is waited for, in milliseconds. One alone has as long as the call may take. */
  attemptMs: number
}

/** A router over models that answer in one piece. What the routing options say of texts and tokens does not apply to it. */
export function createFallbackRouter<Model, Options extends SharedOptions, Result>(
  options: FallbackRouterOptions<Model, Options, Result>,
): FallbackRouter<Options, Result> {
  const { kind, candidates, routing, policy, attemptMs } = options
  const { deny, hedge, retry, breaker, valueOfTimeUsdPerSecond, timeouts: { totalMs } = {}, store, clock, random, newId } = routing
  const faults = new WeakSet<Error>()
  const within = createTimeLimit(attemptMs, clock)
  const shared = { deny, hedge, retry, breaker, valueOfTimeUsdPerSecond, clock, random, newId }
  return createRouter({
    ...shared,
    targets: candidates.map(candidate => createTarget(kind, candidate, { faults, within })),
    dialect: createDialect(kind, faults),
    policy,
    // There is no prompt: the order is the policy's alone.
    promptCache: false,
    ...(totalMs !== undefined && { timeouts: { totalMs } }),
    ...(store !== undefined && { store: storeOf(kind.name, store) }),
  })
}

function createTarget<Model, Options extends SharedOptions, Result>(
  kind: ModelKind<Model, Options, Result>,
  candidate: FallbackCandidate<Model>,
  { faults, within }: { faults: WeakSet<Error>; within: TimeLimit },
): Target<FallbackCall<Options>, FallbackPiece<Result>> {
  const { id, model, card, account, tags } = candidate
  return {
    id,
    card,
    ...(account !== undefined && { account }),
    ...(tags !== undefined && { tags }),
    async *open(call, io) {
      const { options, isAlone } = call
      const asked = kind.ask(model, { ...options, abortSignal: io.signal })
      let result: Result
      try {
        result = await (isAlone ? asked : within(asked, io.signal))
      } catch (error) {
        // An answer that came too late may be billed all the same.
        if (isTimeout(error)) yield { reading: { meaningful: false, usage: { outputTokens: kind.size?.(options).outputTokens ?? 0 } } }
        throw error
      }
      const { headers, modelId } = kind.response(result) ?? {}
      if (headers !== undefined) io.onHeaders(headers)
      const usage = kind.usage?.(result, options, candidate)
      const read = { ...(usage !== undefined && { usage }), ...(modelId !== undefined && { model: modelId }) }
      const fault = kind.fault?.(result, call, candidate)
      if (fault !== undefined) {
        // It is billed all the same.
        yield { reading: { meaningful: false, ...read } }
        faults.add(fault)
        throw fault
      }
      yield { answer: { result }, reading: { meaningful: true, contentChars: 1, finish: 'stop', ...read } }
    },
  }
}

function createDialect<Model, Options, Result>(
  kind: ModelKind<Model, Options, Result>,
  faults: WeakSet<Error>,
): Dialect<FallbackCall<Options>, FallbackPiece<Result>> {
  return {
    describe({ options }) {
      const { inputTokens, outputTokens = 0 } = kind.size?.(options) ?? { inputTokens: 0 }
      return {
        inputTokens,
        maxOutputTokens: outputTokens,
        needs: NO_NEEDS,
        prefix: [],
        task: kind.name,
        turn: 'user',
      }
    },
    prepare: call => call,
    read: ({ reading }) => reading,
    failure: error =>
      error instanceof Error && faults.has(error) ? { kind: 'server', message: error.message, cause: error } : readFailure(error),
  }
}

/** Targets of two kinds may have one id. */
const storeOf = (name: string, store: Store): Store => ({
  get: key => store.get(`${name}:${key}`),
  set: (key, value, options) => store.set(`${name}:${key}`, value, options),
  add: (key, amount, options) => store.add(`${name}:${key}`, amount, options),
  delete: key => store.delete(`${name}:${key}`),
})
