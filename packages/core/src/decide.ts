import { type Selection, selectTargets } from './candidates.ts'
import { RouterError } from './errors.ts'
import type { Estimator } from './estimate/estimate.ts'
import { affordable, requirePrices } from './policy/limits.ts'
import type { PromptCache } from './prompt-cache/prompt-cache.ts'
import type { Conversation } from './conversations/conversations.ts'
import type { Health, Rest } from './state/health.ts'
import type { Candidate, Consideration, Features, Policy, TargetFacts } from './types.ts'

/** The order in which targets are to be tried, and what was thought of each. */
export interface Decision {
  readonly features: Features
  readonly plan: readonly Candidate[]
  /** Written out when it is first asked for: a call is on its way before its receipt is. */
  readonly considered: readonly Consideration[]
}

interface DecideOptions extends Selection {
  asksLone?: boolean | undefined
  /** Why a target cannot take the conversation. */
  unfit?: ((target: TargetFacts) => string | undefined) | undefined
  targets: readonly TargetFacts[]
  features: Features
  policy: Policy
  estimator: Estimator
  promptCache: Pick<PromptCache, 'place'>
  health: Pick<Health, 'resting'>
  /** Dollars that the call may cost: a wall. */
  maxUsd?: number | undefined
}

/** candidates → estimate → policy, in microseconds and without I/O. @throws RouterError when nothing may be called. */
export function decide({
  targets,
  features,
  policy,
  estimator,
  promptCache,
  health,
  allow,
  deny,
  asksLone = false,
  unfit,
  maxUsd,
}: DecideOptions): Decision {
  const inputTokens = (target: TargetFacts) => estimator.inputTokens(target, features)
  const { able, excluded } = selectTargets(targets, features, { allow, deny, inputTokens, asksLone, unfit })
  const moment = estimator.moment(features)
  const estimated = able.map(target => estimator.candidate(target, features, moment))
  estimator.foresee(estimated, features, moment)
  const candidates = within(estimated, maxUsd, excluded)
  const resting = new Map<string, Rest>()
  for (const { id, inputTokens: tokens } of candidates) {
    const rest = health.resting(id, tokens)
    if (rest !== undefined) resting.set(id, rest)
  }
  const plan = restLast(
    stay(promptCache.place(policy(candidates, features), features, resting), features, moment.cache.conversation),
    resting,
  )
  if (plan.length === 0) {
    throw new RouterError(
      'no_candidates',
      `The policy left none of ${candidates.map(({ id }) => id).join(', ')}. Loosen it or add a model.`,
    )
  }
  return new LazyDecision(features, plan, () => consider(plan, candidates, excluded, resting))
}

/** Those that are expected to cost no more. @throws RouterError `over_budget` or `price_unknown` when there are none. */
function within(candidates: readonly Candidate[], maxUsd: number | undefined, excluded: Consideration[]): readonly Candidate[] {
  if (maxUsd === undefined || maxUsd === Number.POSITIVE_INFINITY) return candidates
  if (!(maxUsd >= 0)) throw new RouterError('invalid_option', `option \`maxUsd\` is ${maxUsd}: give a number of dollars.`)
  if (candidates.every(({ expectedCostNanoUsd }) => expectedCostNanoUsd === undefined)) requirePrices(candidates, 'maxUsd')
  const kept = affordable(candidates, maxUsd)
  for (const candidate of candidates) {
    if (kept.includes(candidate)) continue
    excluded.push({ ...consideration(candidate, undefined), excluded: `cost: over what is left, $${maxUsd.toPrecision(3)}` })
  }
  return kept
}

/** A class for its getter's sake: one in an object literal gives every object a hidden class of its own, which outlives it. */
class LazyDecision implements Decision {
  readonly features: Features
  readonly plan: readonly Candidate[]
  readonly #consider: () => readonly Consideration[]
  #considered: readonly Consideration[] | undefined

  constructor(features: Features, plan: readonly Candidate[], consider: () => readonly Consideration[]) {
    this.features = features
    this.plan = plan
    this.#consider = consider
  }

  get considered(): readonly Consideration[] {
    return (this.#considered ??= this.#consider())
  }
}

/** Between a tool call and its result a conversation stays with the model that made the call. */
function stay(plan: readonly Candidate[], features: Features, conversation: Conversation | undefined): readonly Candidate[] {
  if (features.turn !== 'tool' || conversation === undefined) return plan
  const at = plan.findIndex(({ id }) => id === conversation.target)
  return at <= 0 ? plan : [plan[at]!, ...plan.slice(0, at), ...plan.slice(at + 1)]
}

/** Targets that had better be left alone come last: they are called when all else has failed, so that no guard makes an outage. */
function restLast(plan: readonly Candidate[], resting: ReadonlyMap<string, Rest>): readonly Candidate[] {
  if (resting.size === 0) return plan
  return [...plan.filter(({ id }) => !resting.has(id)), ...plan.filter(({ id }) => resting.has(id))]
}

function consider(
  plan: readonly Candidate[],
  candidates: readonly Candidate[],
  excluded: readonly Consideration[],
  resting: ReadonlyMap<string, Rest>,
): Consideration[] {
  const considered: Consideration[] = []
  for (let at = 0; at < plan.length; at += 1) {
    const planned = consideration(plan[at]!, at + 1)
    const rest = resting.get(plan[at]!.id)
    if (rest !== undefined) planned.resting = rest
    considered.push(planned)
  }
  if (plan.length < candidates.length) {
    for (const candidate of candidates) if (!plan.includes(candidate)) considered.push(consideration(candidate, undefined))
  }
  considered.push(...excluded)
  return considered
}

// Twenty of these are made for every call: assigned rather than spread, which costs several times as much.
function consideration(candidate: Candidate, rank: number | undefined): Consideration {
  const considered: Consideration = {
    target: candidate.id,
    model: candidate.model,
    expectedFirstTokenMs: candidate.expectedFirstTokenMs,
    expectedQuality: candidate.expectedQuality,
    inputTokens: candidate.inputTokens,
    cacheReadTokens: candidate.cacheReadTokens,
    outputTokens: candidate.outputTokens,
  }
  if (rank === undefined) considered.excluded = 'left out by the policy'
  else considered.rank = rank
  if (candidate.expectedCostNanoUsd !== undefined) {
    considered.expectedCostUsd = candidate.expectedCostUsd
    considered.conversationCostUsd = candidate.conversationCostUsd
  }
  return considered
}
