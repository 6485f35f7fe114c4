import type { Clock, Random } from '../clock.ts'
import type { Events } from '../events.ts'
import type { Estimator } from '../estimate/estimate.ts'
import type { RoutingSettings } from '../options.ts'
import type { Acceptance } from '../state/acceptance.ts'
import type { Health } from '../state/health.ts'
import type { PromptCache } from '../prompt-cache/prompt-cache.ts'
import { createHedgeBudget } from '../state/hedge-budget.ts'
import { createRetryBudget } from '../state/retry-budget.ts'
import type { AttemptEnd, AttemptReason, Candidate, Dialect, Features, Target } from '../types.ts'
import { askAside } from './aside.ts'
import type { Attempt, AttemptFacts, AttemptLimits } from './attempt.ts'
import type { Cancellation } from './cancellation.ts'
import { payingPlan } from './cascade.ts'
import { createDelivery } from './delivery.ts'
import { createHedging } from './hedging.ts'
import { createJudging } from './judging.ts'
import { race } from './race.ts'
import type { Spent } from './race-options.ts'
import { type Hold, HOLD_WHOLE, holdFor } from './release.ts'
import { createRetrying } from './retrying.ts'
import { startAttempt } from './start-attempt.ts'

const NO_HOLD = holdFor('first-token')
/** Without retries, hedges have their own budget alone. */
const HEDGES_ONLY = { budget: 1, burst: 1_000 }

interface DispatchOptions<Call, Chunk> {
  settings: RoutingSettings
  targets: ReadonlyMap<string, Target<Call, Chunk>>
  dialect: Dialect<Call, Chunk>
  clock: Clock
  random: Random
  estimator: Estimator
  promptCache: Pick<PromptCache, 'sent'>
  health: Health
  acceptance: Acceptance
  events: Events
}

/** One run of a plan. */
export interface Run<Call> {
  id: string
  call: Call
  /** The call with what has been passed on of an answer that broke off; absent: the call itself. */
  resumed?: Call
  features: Features
  plan: readonly Candidate[]
  /** Reason of its first attempt. */
  reason: AttemptReason
  cancellation: Cancellation
  spent: Spent
  /** Puts an attempt that has ended on record. */
  settle(attempt: AttemptFacts, end: AttemptEnd): void
}

/** Everything between a plan and the attempt whose answer is passed on. */
export function createDispatch<Call, Chunk>(options: DispatchOptions<Call, Chunk>) {
  const { settings, targets, dialect, clock, random, estimator, promptCache, health, acceptance, events } = options
  const { judge, timeouts, valueOfTimeUsdPerSecond } = settings
  const hedgeBudget = createHedgeBudget(settings.hedge === false ? { budget: 0, burst: 1 } : settings.hedge)
  const retryBudget = createRetryBudget(settings.retry === false ? HEDGES_ONLY : settings.retry)
  const hedging = createHedging({ settings: settings.hedge, clock, estimator, health, hedgeBudget, retryBudget, valueOfTimeUsdPerSecond })
  const retrying = createRetrying({ settings: settings.retry, clock, random, budget: retryBudget, health, valueOfTimeUsdPerSecond })
  const release = settings.release ?? (judge === undefined ? 'first-token' : 'judged')
  const hold = holdFor(release)
  const mayResume = settings.onStall === 'continue'
  const refusalIsFinal = settings.onRefusal === 'return'

  const limitsOf = (streaming: boolean): AttemptLimits =>
    streaming
      ? { headersMs: timeouts.headersMs, firstTokenMs: timeouts.firstTokenMs, stallMs: timeouts.stallMs }
      : { headersMs: undefined, firstTokenMs: undefined, stallMs: undefined }

  /** An answer whose place nobody can take need not wait for its judge; one that comes in one piece has nothing to pass on before. */
  function holdOf(isJudged: boolean, streaming: boolean): Hold {
    if (!isJudged) return NO_HOLD
    return streaming ? hold : HOLD_WHOLE
  }

  /** The plan without drafts that cannot pay. */
  function drafted(plan: readonly Candidate[], features: Features): readonly Candidate[] {
    const moment = estimator.moment(features)
    return payingPlan(plan, features.task, acceptance, candidate => estimator.coolingUsd(candidate, features, moment))
  }

  /** Resolves to the attempt to pass on; `undefined` when all have failed. @throws RouterError `aborted` or `deadline`. */
  function start(of: Run<Call>): Promise<Attempt<Call, Chunk> | undefined> {
    const { id, features, plan, reason, cancellation, spent, settle, resumed: call = of.call } = of
    const { streaming } = features.needs
    const limits = limitsOf(streaming)
    const logprobs = judge?.logprobs === true
    const judging =
      // The rest of an answer is not one by itself.
      judge === undefined || reason === 'continuation'
        ? undefined
        : createJudging<Call, Chunk>({
            judge,
            dialect,
            features,
            clock,
            judgeMs: timeouts.judgeMs,
            sample: ({ target, candidate, call: asked }, signal) =>
              askAside({
                target,
                candidate,
                call: asked,
                reason: 'sample',
                dialect,
                clock,
                streaming,
                limits,
                logprobs,
                signal,
                cancelled: cancellation.error,
                onEnd: settle,
              }),
            ask: (question, signal) => {
              const described = question.dialect.describe(question.call, {})
              const candidate = estimator.candidate(question.target, described, estimator.moment(described))
              const { streaming: streamed } = described.needs
              const asked = { ...question, candidate, reason: 'judge' as const, clock, streaming: streamed, limits: limitsOf(streamed) }
              return askAside({ ...asked, logprobs: true, signal, cancelled: cancellation.error, onEnd: settle })
            },
          })
    const running = race<Call, Chunk>({
      plan: judging === undefined ? plan : drafted(plan, features),
      reason,
      streaming,
      clock,
      endsAt: cancellation.endsAt(),
      hedging,
      retrying,
      cancellation,
      spent,
      refusalIsFinal,
      launch({ candidate, reason: why, call: mended = call, force, mendable, replaceable }, onNews) {
        const admission = health.admit(candidate.id) ?? (force ? health.admit(candidate.id, true) : undefined)
        if (admission === undefined) return undefined
        const target = targets.get(candidate.id)!
        health.sent(candidate.id, candidate.inputTokens)
        promptCache.sent(target, candidate, features)
        const isJudged = judging !== undefined && (replaceable || mendable || !streaming)
        return startAttempt({
          target,
          candidate,
          reason: why,
          call: mended,
          dialect,
          clock,
          streaming,
          limits,
          hold: judging === undefined ? hold : holdOf(isJudged, streaming),
          refusalFails: !refusalIsFinal,
          logprobs,
          watch: isJudged && replaceable ? judging.watch : undefined,
          admission,
          onHeaders: headers => health.headers(candidate.id, headers),
          onNews,
        })
      },
      judge: judging?.judge,
      repair:
        judging === undefined || dialect.repair === undefined
          ? undefined
          : (attempt, fault) => dialect.repair!(attempt.call, attempt.meter, fault),
      onFailed: (attempt, failure) => settle(attempt, { type: 'failed', failure }),
      onSuperseded: attempt => settle(attempt, { type: cancellation.error() === undefined ? 'superseded' : 'aborted' }),
      onRejected: attempt => settle(attempt, { type: 'rejected', finish: attempt.meter.finish }),
      onSilence: (silent, outcome) =>
        events.emit('silence', {
          id,
          targets: silent.map(({ target }) => target.id),
          silentMs: clock.now() - silent[0]!.startedAt,
          ...(typeof outcome === 'string' ? { refused: outcome } : { hedge: outcome.id }),
        }),
    })
    return judging === undefined ? running : running.finally(judging.dispose)
  }

  /** The run that goes on where an answer broke off, on another target: for text alone. */
  function resume(run: Run<Call>, { target, meter }: Attempt<Call, Chunk>, delivered: string): Run<Call> | undefined {
    const plan = run.plan.filter(({ id }) => id !== target.id)
    if (meter.toolCalls.length > 0 || plan.length === 0) return undefined
    const resumed = dialect.resume?.(run.call, delivered)
    return resumed === undefined ? undefined : { ...run, plan, resumed, reason: 'continuation' }
  }

  return {
    /** To be told of every call: budgets grow with traffic. */
    deposit: hedgeBudget.deposit,
    /** To be told of every answer. */
    answered: retryBudget.answered,
    deliver: (run: Run<Call>) => createDelivery<Call, Chunk>({ run, start, resume: mayResume ? resume : undefined }),
  }
}
