import { openAccount } from './account.ts'
import { type Clock, type NewId, type Random, systemClock, systemId, systemRandom } from './clock.ts'
import { type RequestLimits, callerOf, currentScope } from './context.ts'
import { type Decision, decide } from './decide.ts'
import type { AttemptFacts } from './dispatch/attempt.ts'
import { type Cancellation, createCancellation, leaveAtOnce } from './dispatch/cancellation.ts'
import { createDispatch } from './dispatch/dispatch.ts'
import { createEstimator } from './estimate/estimate.ts'
import { createEvents, type Events } from './events.ts'
import { createLiveLint } from './lint/live.ts'
import { parseOptions, routerOptions, type RoutingOptions, silenceQuantileOf } from './options.ts'
import { cheapest } from './policy/cheapest.ts'
import { createPromptCache, type PromptCacheFacts } from './prompt-cache/prompt-cache.ts'
import { createAcceptance } from './state/acceptance.ts'
import { createHealth } from './state/health.ts'
import { checkTargets } from './targets.ts'
import type { AttemptReceipt, CallContext, Candidate, Dialect, Features, NanoUsd, Policy, Receipt, Target, TargetFacts } from './types.ts'

/** Reason given to the signal of an attempt whose reader has gone. */
const CALLER_LEFT = new DOMException('The caller left the stream.', 'AbortError')

export interface RouterOptions<Call, Chunk> extends RoutingOptions {
  targets: readonly Target<Call, Chunk>[]
  dialect: Dialect<Call, Chunk>
}

/** What one call may set for itself; all of it wins over the router's own options, and none of it over the limits of its context. */
export interface CallOptions extends CallContext {
  /** Id of its receipt. Default: a new one. */
  id?: string | undefined
  signal?: AbortSignal | undefined
  /** Dollars that it may be expected to cost. */
  maxUsd?: number | undefined
  policy?: Policy | undefined
  allow?: readonly string[] | undefined
  deny?: readonly string[] | undefined
}

/** A whole answer, in the chunks it came in, and what it cost. */
export interface Answered<Chunk> {
  chunks: readonly Chunk[]
  receipt: Receipt
}

export interface Router<Call, Chunk> {
  readonly targets: readonly Target<Call, Chunk>[]
  /** Describes, estimates and orders, without calling anybody. */
  decide(call: Call, options?: CallOptions): Decision
  /** Runs the call: yields the chunks of the one attempt that answers, returns the receipt. Leaving the loop cancels the provider. */
  run(call: Call, options?: CallOptions): AsyncGenerator<Chunk, Receipt, void>
  /** Runs the call to its end, for callers who do not wait for its first word. */
  answer(call: Call, options?: CallOptions): Promise<Answered<Chunk>>
  /** How the prompt cache of each target has turned out so far: prediction error, hit ratio, real minimum and lifetime. */
  promptCaches(): readonly PromptCacheFacts[]
  /** Tells of decisions, silence, breakers, attempts and receipts; the returned function ends it. */
  on: Events['on']
}

/**
 * One router over its targets. All state hangs on it; nothing is global.
 * @throws RouterError `invalid_option` or `duplicate_target`, before anything is called.
 */
export function createRouter<Call, Chunk>(options: RouterOptions<Call, Chunk>): Router<Call, Chunk> {
  const settings = parseOptions(routerOptions, options, 'createRouter')
  const list = checkTargets(options.targets)
  const { dialect } = options
  const policy = settings.policy ?? cheapest({ quality: 0.8 })
  const clock: Clock = settings.clock ?? systemClock
  const random: Random = settings.random ?? systemRandom
  const newId: NewId = settings.newId ?? systemId
  const targets = new Map(list.map(target => [target.id, target]))
  const events = createEvents()
  const promptCache = createPromptCache({ clock, settings: settings.promptCache, targets: list })
  const lint = settings.promptCache !== false && settings.promptCache.lint ? createLiveLint(clock) : undefined
  const estimator = createEstimator({ clock, promptCache, silenceQuantile: silenceQuantileOf(settings.hedge) })
  const acceptance = createAcceptance()
  const { breaker, store } = settings
  const health = createHealth({ breaker, clock, random, store, onBreaker: change => events.emit('breaker', change) })
  const dispatch = createDispatch({ settings, targets, dialect, clock, random, estimator, promptCache, health, acceptance, events })

  const describe = (call: Call, caller: CallContext): Features => ({ ...dialect.describe(call, caller), caller })

  function plan(call: Call, features: Features, options: CallOptions, limits: readonly RequestLimits[]): Decision {
    const { policy: own, allow = settings.allow, deny = settings.deny } = options
    health.refresh(targets.keys())
    const maxUsd = limits.reduce((least, limit) => Math.min(least, limit.leftUsd()), options.maxUsd ?? Number.POSITIVE_INFINITY)
    const { asksLone } = dialect
    const unfit = dialect.unfit && (({ id }: TargetFacts) => dialect.unfit?.(call, targets.get(id)!))
    return decide({ targets: list, features, policy: own ?? policy, estimator, promptCache, health, allow, deny, asksLone, unfit, maxUsd })
  }

  function learn(id: string, attempt: AttemptFacts, features: Features, record: AttemptReceipt, timedOut: boolean): void {
    const { target, candidate, admission, verdict } = attempt
    const { end, reason } = record
    // A judge's question, and a call that was added to, are other calls than the one that was described.
    if (reason !== 'judge' && reason !== 'repair' && reason !== 'continuation') {
      estimator.observe(target, candidate, features, record)
      const collapse = record.usageSource === 'provider' ? promptCache.observe(target, candidate, features, record) : undefined
      if (collapse !== undefined) events.emit('cacheCollapse', { id, ...collapse })
    }
    if (verdict !== undefined) acceptance.observe(target.id, features.task, candidate.expectedQuality, verdict.accepted)
    switch (end.type) {
      case 'failed':
      case 'interrupted':
        return health.failed(target.id, admission, end.failure)
      case 'answered':
      case 'rejected':
        return health.answered(target.id, admission)
      default:
        if (timedOut && record.firstTokenMs === undefined) return health.timedOut(target.id, admission)
        return health.givenUp(admission)
    }
  }

  async function* stream(call: Call, callOptions: CallOptions, asked: Asked): AsyncGenerator<Chunk, Receipt, void> {
    const { context, limits, cancellation } = asked
    const startedAt = clock.now()
    const features = describe(call, context)
    const decision = plan(call, features, callOptions, limits)
    const id = callOptions.id ?? newId()
    cancellation.start()
    // Whoever answers in the end: as money runs short, the dear ones are no longer candidates.
    const held = limits.length === 0 ? 0 : dearestOf(decision.plan)
    for (const limit of limits) limit.hold(held)
    events.emit('decision', { id, decision })
    if (lint !== undefined)
      for (const notice of lint.observe(id, () => dialect.blocks?.(call), context, decision.plan[0]?.card)) events.emit('lint', notice)
    dispatch.deposit()

    const account = openAccount({
      id,
      clock,
      startedAt,
      context,
      decision,
      onSettled(attempt, record) {
        learn(id, attempt, features, record, cancellation.timedOut())
        events.emit('attempt', { id, attempt: record })
      },
      onClosed(receipt) {
        if (receipt.target !== undefined) {
          dispatch.answered()
          promptCache.answered(features, receipt.target, decision.plan)
        }
        acceptance.observeCost(receipt)
        for (const limit of limits) limit.settle(held, receipt)
        events.emit('receipt', receipt)
      },
    })
    const { settle } = account
    const delivery = dispatch.deliver({
      id,
      call,
      features,
      plan: decision.plan,
      reason: 'first',
      cancellation,
      spent: { hedges: 0, retries: 0 },
      settle,
    })
    try {
      if (!(await delivery.open())) throw account.allFailed()
      account.released()
      for (let step = await delivery.next(); step !== undefined; step = await delivery.next()) yield step.value
      delivery.end()
      return account.close()
    } catch (error) {
      const broken = account.broken(error, delivery.take(), cancellation.error(), delivery.delivered())
      // Nobody waits for the error of an answer that its reader has left.
      if (cancellation.left()) return account.close()
      throw broken
    } finally {
      cancellation.dispose()
      // Neither answered nor failed: the caller has left the loop, and the provider must hear of it.
      const unread = delivery.take()
      if (unread !== undefined) {
        unread.abort(CALLER_LEFT)
        settle(unread, { type: 'aborted' })
        account.close()
      }
    }
  }

  function run(call: Call, callOptions: CallOptions = {}): AsyncGenerator<Chunk, Receipt, void> {
    const asked = askedNow(callOptions, clock, settings.timeouts.totalMs)
    return leaveAtOnce(stream(call, callOptions, asked), asked.cancellation)
  }

  async function answer(call: Call, callOptions?: CallOptions): Promise<Answered<Chunk>> {
    const steps = run(call, callOptions)
    const chunks: Chunk[] = []
    for (;;) {
      const step = await steps.next()
      if (step.done === true) return { chunks, receipt: step.value }
      chunks.push(step.value)
    }
  }

  return {
    targets: list,
    decide(call, callOptions = {}) {
      const { caller, limits } = currentScope()
      return plan(call, describe(call, callerOf(caller, callOptions)), callOptions, limits)
    },
    run,
    answer,
    promptCaches: promptCache.facts,
    on: events.on,
  }
}

const dearestOf = (plan: readonly Candidate[]): NanoUsd =>
  plan.reduce((most, { expectedCostNanoUsd = 0 }) => Math.max(most, expectedCostNanoUsd), 0)

/** Who asks, and what ends the call from outside. */
interface Asked {
  context: CallContext
  limits: readonly RequestLimits[]
  cancellation: Cancellation
}

/** By the context in which the call is made: an answer may be read in another. */
function askedNow(callOptions: CallOptions, clock: Clock, routerMs: number): Asked {
  const { caller, limits } = currentScope()
  const signals = [callOptions.signal, ...limits.map(({ signal }) => signal)].filter(signal => signal !== undefined)
  const leftMs = limits.reduce((least, limit) => Math.min(least, limit.leftMs()), Number.POSITIVE_INFINITY)
  const rule = leftMs < routerMs ? 'deadlineMs' : 'timeouts.totalMs'
  const cancellation = createCancellation({ clock, signals, totalMs: Math.min(routerMs, leftMs), rule })
  return { context: callerOf(caller, callOptions), limits, cancellation }
}
