import { openAccount } from './account.ts'
import { type Clock, type NewId, type Random, systemClock, systemId, systemRandom } from './clock.ts'
import { currentContext } from './context.ts'
import { type Decision, decide } from './decide.ts'
import { type Attempt, type AttemptFacts, StreamFailure } from './dispatch/attempt.ts'
import { createCancellation } from './dispatch/cancellation.ts'
import { createDispatch, type Run } from './dispatch/dispatch.ts'
import { RouterError } from './errors.ts'
import { createEstimator } from './estimate/estimate.ts'
import { createEvents, type Events } from './events.ts'
import { parseOptions, routerOptions, type RoutingOptions, silenceQuantileOf } from './options.ts'
import { cheapest } from './policy/cheapest.ts'
import { createAcceptance } from './state/acceptance.ts'
import { createAffinityTable } from './state/affinity.ts'
import { createHealth } from './state/health.ts'
import { checkTargets } from './targets.ts'
import type { AttemptReceipt, CallContext, Dialect, Features, Policy, Receipt, Target } from './types.ts'

export interface RouterOptions<Call, Chunk> extends RoutingOptions {
  targets: readonly Target<Call, Chunk>[]
  dialect: Dialect<Call, Chunk>
}

/** What one call may set for itself; all of it wins over the router's own options. */
export interface CallOptions extends CallContext {
  signal?: AbortSignal | undefined
  policy?: Policy | undefined
  allow?: readonly string[] | undefined
  deny?: readonly string[] | undefined
}

export interface Router<Call, Chunk> {
  readonly targets: readonly Target<Call, Chunk>[]
  /** Describes, estimates and orders, without calling anybody. */
  decide(call: Call, options?: CallOptions): Decision
  /** Runs the call: yields the chunks of the one attempt that answers, returns the receipt. Leaving the loop cancels the provider. */
  run(call: Call, options?: CallOptions): AsyncGenerator<Chunk, Receipt, void>
  /** Tells of decisions, attempts and receipts; the returned function ends it. */
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
  const estimator = createEstimator({ clock, silenceQuantile: silenceQuantileOf(settings.hedge) })
  const affinity = createAffinityTable()
  const acceptance = createAcceptance()
  const { breaker, store } = settings
  const health = createHealth({ breaker, clock, random, store, onBreaker: change => events.emit('breaker', change) })
  const dispatch = createDispatch({ settings, targets, dialect, clock, random, estimator, health, acceptance, events })

  function plan(features: Features, { policy: own, allow = settings.allow, deny = settings.deny }: CallOptions): Decision {
    health.refresh(targets.keys())
    return decide({ targets: list, features, policy: own ?? policy, estimator, affinity, health, allow, deny })
  }

  function learn(attempt: AttemptFacts, features: Features, record: AttemptReceipt, timedOut: boolean): void {
    const { target, candidate, admission, verdict } = attempt
    const { end } = record
    estimator.observe(target, candidate, features, record)
    if (verdict !== undefined) acceptance.observe(target.id, features.task, candidate.expectedQuality, verdict.accepted)
    switch (end.type) {
      case 'failed':
      case 'interrupted':
        return health.failed(target.id, admission, end.failure)
      case 'answered':
        dispatch.answered()
        affinity.remember(features.prefix, target.id)
        return health.answered(target.id, admission)
      case 'rejected':
        return health.answered(target.id, admission)
      default:
        if (timedOut && record.firstTokenMs === undefined) return health.timedOut(target.id, admission)
        return health.givenUp(admission)
    }
  }

  async function* run(call: Call, callOptions: CallOptions = {}): AsyncGenerator<Chunk, Receipt, void> {
    const { signal } = callOptions
    if (signal?.aborted) throw new RouterError('aborted', 'The caller gave up before the call.', { cause: signal.reason })
    const startedAt = clock.now()
    const { totalMs } = settings.timeouts
    const context = contextOf(callOptions)
    const features = dialect.describe(call, context)
    const decision = plan(features, callOptions)
    const id = newId()
    events.emit('decision', { id, decision })
    dispatch.deposit()

    const account = openAccount({
      id,
      clock,
      startedAt,
      context,
      decision,
      onSettled(attempt, record) {
        learn(attempt, features, record, cancellation.timedOut())
        events.emit('attempt', { id, attempt: record })
      },
      onClosed: receipt => events.emit('receipt', receipt),
    })
    const cancellation = createCancellation(clock, signal, totalMs)
    const { settle } = account
    let current: Run<Call> = { id, call, features, plan: decision.plan, reason: 'first', endsAt: startedAt + totalMs, cancellation, settle }
    let answering: Attempt<Call, Chunk> | undefined
    let delivered = ''
    try {
      answering = await dispatch.run(current)
      if (answering === undefined) throw account.allFailed()
      account.released()
      while (answering !== undefined) {
        const winner: Attempt<Call, Chunk> = answering
        cancellation.onCancel(error => winner.abort(error))
        try {
          for (let step = await winner.next(); step !== undefined; step = await winner.next()) yield step.value
          answering = undefined
          settle(winner, { type: 'answered', finish: winner.meter.finish })
        } catch (error) {
          delivered += winner.meter.text
          const rest = error instanceof StreamFailure ? dispatch.resume(current, winner, delivered) : undefined
          if (rest === undefined) throw error
          answering = undefined
          settle(winner, { type: 'interrupted', failure: (error as StreamFailure).failure })
          current = rest
          answering = await dispatch.run(rest)
          if (answering === undefined) throw error
        }
      }
      return account.close()
    } catch (error) {
      const broken = answering
      answering = undefined
      throw account.broken(error, broken, cancellation.error(), delivered)
    } finally {
      cancellation.dispose()
      // Neither answered nor failed: the caller has left the loop, and the provider must hear of it.
      if (answering !== undefined) {
        answering.abort(new DOMException('The caller left the stream.', 'AbortError'))
        settle(answering, { type: 'aborted' })
        account.close()
      }
    }
  }

  return {
    targets: list,
    decide: (call, callOptions = {}) => plan(dialect.describe(call, contextOf(callOptions)), callOptions),
    run,
    on: events.on,
  }
}

function contextOf({ tenant, session, task }: CallOptions): CallContext {
  return {
    ...currentContext(),
    ...(tenant === undefined ? {} : { tenant }),
    ...(session === undefined ? {} : { session }),
    ...(task === undefined ? {} : { task }),
  }
}
