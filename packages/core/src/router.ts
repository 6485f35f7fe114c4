import { openAccount } from './account.ts'
import { type Clock, type NewId, systemClock, systemId } from './clock.ts'
import { currentContext } from './context.ts'
import { type Decision, decide } from './decide.ts'
import { type Attempt, startAttempt } from './dispatch/attempt.ts'
import { createCancellation } from './dispatch/cancellation.ts'
import { race } from './dispatch/race.ts'
import { RouterError } from './errors.ts'
import { createEstimator } from './estimate/estimate.ts'
import { createEvents, type Events } from './events.ts'
import { failureRule } from './failure/rule.ts'
import { parseOptions, routerOptions, type RoutingOptions } from './options.ts'
import { cheapest } from './policy/cheapest.ts'
import { createAffinityTable } from './state/affinity.ts'
import { createCooldowns } from './state/cooldown.ts'
import { createHedgeBudget } from './state/hedge-budget.ts'
import { checkTargets } from './targets.ts'
import type { AttemptReceipt, AttemptReason, CallContext, Candidate, Dialect, Features, Policy, Receipt, Target } from './types.ts'

/** A provider that asks for more, such as until its quota is new, is tried again by then all the same. */
const MAX_COOLDOWN_MS = 900_000

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
  const targets = checkTargets(options.targets)
  const { dialect } = options
  const policy = settings.policy ?? cheapest({ quality: 0.8 })
  const clock: Clock = settings.clock ?? systemClock
  const newId: NewId = settings.newId ?? systemId
  const hedge = settings.hedge === false ? undefined : settings.hedge
  const byId = new Map(targets.map(target => [target.id, target]))

  const estimator = createEstimator({ clock, silenceQuantile: hedge?.quantile })
  const affinity = createAffinityTable()
  const cooldowns = createCooldowns({ clock, store: settings.store })
  const hedgeBudget = createHedgeBudget(hedge?.budget ?? 0)
  const events = createEvents()

  function plan(features: Features, { policy: own, allow, deny }: CallOptions): Decision {
    cooldowns.refresh(byId.keys())
    return decide({
      targets,
      features,
      policy: own ?? policy,
      estimator,
      affinity,
      isCooling: cooldowns.isCooling,
      allow: allow ?? settings.allow,
      deny: deny ?? settings.deny,
    })
  }

  function learn({ target, candidate }: Attempt<Call, Chunk>, features: Features, record: AttemptReceipt): void {
    const { end } = record
    estimator.observe(target, candidate, features, record)
    if (end.type === 'failed' || end.type === 'interrupted') {
      const { kind, retryAfterMs } = end.failure
      cooldowns.start(target.id, Math.min(retryAfterMs ?? failureRule(kind).cooldownMs, MAX_COOLDOWN_MS))
    }
    if (end.type === 'answered') {
      cooldowns.clear(target.id)
      affinity.remember(features.prefix, target.id)
    }
  }

  function silenceMs(candidate: Candidate, streaming: boolean): number {
    if (hedge === undefined) return Number.POSITIVE_INFINITY
    return hedge.delayMs ?? Math.max(hedge.minDelayMs, estimator.silenceMs(byId.get(candidate.id)!, candidate, streaming))
  }

  async function* run(call: Call, callOptions: CallOptions = {}): AsyncGenerator<Chunk, Receipt, void> {
    const { signal } = callOptions
    if (signal?.aborted) throw new RouterError('aborted', 'The caller gave up before the call.', { cause: signal.reason })
    const startedAt = clock.now()
    const context = contextOf(callOptions)
    const features = dialect.describe(call, context)
    const { streaming } = features.needs
    const decision = plan(features, callOptions)
    const id = newId()
    events.emit('decision', { id, decision })
    hedgeBudget.deposit()

    const account = openAccount<Call, Chunk>({
      id,
      clock,
      startedAt,
      context,
      decision,
      onSettled(attempt, record) {
        learn(attempt, features, record)
        events.emit('attempt', { id, attempt: record })
      },
      onClosed: receipt => events.emit('receipt', receipt),
    })
    const cancellation = createCancellation(clock, signal, settings.timeouts.totalMs)
    const firstTokenTimeoutMs = streaming ? settings.timeouts.firstTokenMs : undefined
    const launch = (candidate: Candidate, reason: AttemptReason) =>
      startAttempt({ target: byId.get(candidate.id)!, candidate, call, reason, dialect, clock, firstTokenTimeoutMs })

    let answering: Attempt<Call, Chunk> | undefined
    try {
      const winner = await race<Call, Chunk>({
        plan: decision.plan,
        clock,
        launch,
        silenceMs: candidate => silenceMs(candidate, streaming),
        maxHedges: hedge?.maxHedges ?? 0,
        takeHedge: hedgeBudget.take,
        cancellation,
        onFailed: (attempt, failure) => account.settle(attempt, { type: 'failed', failure }),
        onSuperseded: attempt => account.settle(attempt, { type: cancellation.error() === undefined ? 'superseded' : 'aborted' }),
      })
      if (winner === undefined) throw account.allFailed()
      answering = winner
      cancellation.onCancel(error => winner.abort(error))
      account.released()
      for (const chunk of winner.held) yield chunk
      for (let step = await winner.next(); step !== undefined; step = await winner.next()) yield step.value
      answering = undefined
      account.settle(winner, { type: 'answered', finish: winner.meter.finish })
      return account.close()
    } catch (error) {
      const broken = answering
      answering = undefined
      throw account.broken(error, broken, cancellation.error())
    } finally {
      cancellation.dispose()
      // Neither answered nor failed: the caller has left the loop, and the provider must hear of it.
      if (answering !== undefined) {
        answering.abort(new DOMException('The caller left the stream.', 'AbortError'))
        account.settle(answering, { type: 'aborted' })
        account.close()
      }
    }
  }

  return {
    targets,
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
