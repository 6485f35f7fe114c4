import type { Clock } from '../clock.ts'
import { createCalibration } from '../describe/calibration.ts'
import { costOf } from '../money/cost.ts'
import { toUsd } from '../money/units.ts'
import { SILENCE_QUANTILE } from '../options.ts'
import type { CacheMoment, PromptCache } from '../prompt-cache/prompt-cache.ts'
import type { AttemptReceipt, Candidate, Features, ModelCard, TargetFacts, Task, Usage } from '../types.ts'
import { coolingUsd, foresee, type Foresight } from './conversation-cost.ts'
import { createLateness, priorFirstTokenMs } from './first-token.ts'
import { createOutputLengths } from './output-length.ts'

interface EstimatorOptions {
  clock: Clock
  promptCache: PromptCache
  /** Share of first tokens that should have come before silence counts. */
  silenceQuantile?: number | undefined
}

/** An attempt from which nothing has come yet. */
export interface SilentAttempt {
  candidate: Candidate
  startedAt: number
}

/** What one decision reads once. */
export interface Moment {
  cache: CacheMoment
  now: number
  wallMs: number
}

/** Numbers for each candidate before the call, learned from every call after it. All state is bounded and on this object. */
export function createEstimator({ clock, promptCache, silenceQuantile = SILENCE_QUANTILE }: EstimatorOptions) {
  const targets = new Map<string, ReturnType<typeof learn>>()
  const allLengths = createOutputLengths()

  const learn = () => ({
    calibration: createCalibration(),
    outputLengths: createOutputLengths(task => allLengths.expect(task, undefined)),
    streamed: createLateness(clock, silenceQuantile),
    whole: createLateness(clock, silenceQuantile),
  })
  const learned = (target: TargetFacts) => {
    const known = targets.get(target.id)
    if (known !== undefined) return known
    const fresh = learn()
    targets.set(target.id, fresh)
    return fresh
  }
  const inputTokens = (target: TargetFacts, features: Features) =>
    Math.round(learned(target).calibration.correct(features.inputTokens * target.card.tokenFactor))
  const priorMs = ({ card, inputTokens: input, cacheReadTokens, outputTokens }: Candidate, streaming: boolean) =>
    priorFirstTokenMs(card, input - cacheReadTokens, outputTokens, streaming)

  const latenessOf = ({ id }: Candidate, streaming: boolean) => {
    const { streamed, whole } = targets.get(id)!
    return streaming ? streamed : whole
  }

  const foresight = ({ inputTokens: tokens, prefix }: Features, { cache: { outlook }, wallMs }: Moment): Foresight => {
    const { habitOf, hitRatioOf } = promptCache
    return { outlook, inputTokens: tokens, wallMs, marksEnd: prefix.at(-1)?.marked === true, habitOf, hitRatioOf }
  }

  return {
    /** Input tokens as the target's model would count them. */
    inputTokens,
    /** What is the same for every candidate of one decision. */
    moment: (features: Features): Moment => ({ cache: promptCache.moment(features), now: clock.now(), wallMs: clock.wall() }),

    /** Expected cost, first token and quality of one target for this call. */
    candidate(target: TargetFacts, features: Features, { cache: moment, now, wallMs }: Moment): Candidate {
      const { card } = target
      const { task, needs, maxOutputTokens } = features
      const { outputLengths, streamed, whole } = learned(target)
      const cache = promptCache.expect(target, features, inputTokens(target, features), moment)
      const { inputTokens: input, readTokens, writeTokens, writeTtl, plan: cachePlan } = cache
      const output = outputLengths.expect(task, maxOutputTokens)
      const usage: Usage = {
        inputTokens: input,
        cacheReadTokens: readTokens,
        cacheWriteTokens: writeTokens,
        outputTokens: output,
        reasoningTokens: 0,
      }
      if (writeTtl !== undefined) usage.cacheWriteTokensByTtl = { [writeTtl]: writeTokens }
      const cost = costOf(card, usage, wallMs)
      const expectedCostUsd = cost === undefined ? Number.POSITIVE_INFINITY : toUsd(cost)
      const prior = priorFirstTokenMs(card, input - readTokens, output, needs.streaming)
      return {
        id: target.id,
        model: card.id,
        provider: card.provider,
        tags: target.tags ?? [],
        card,
        inputTokens: input,
        cacheReadTokens: readTokens,
        cacheWriteTokens: writeTokens,
        outputTokens: output,
        expectedCostNanoUsd: cost,
        expectedCostUsd,
        conversationCostUsd: expectedCostUsd,
        expectedFirstTokenMs: prior * (needs.streaming ? streamed : whole).median(now),
        expectedQuality: qualityAt(card, task),
        cachePlan,
        cache,
      }
    },

    /** Adds to each candidate's cost that of the calls which are expected to follow. Once per decision, when all are known. */
    foresee(candidates: readonly Candidate[], features: Features, moment: Moment): void {
      if (promptCache.weighsStaying) foresee(candidates, foresight(features, moment))
    },

    /** Dollars that the following calls of the conversation are expected to lose when this candidate is not asked now, and cools. */
    coolingUsd(candidate: Candidate, features: Features, moment: Moment): number {
      return promptCache.weighsStaying ? coolingUsd(candidate, foresight(features, moment)) : 0
    },

    /** Silence of this candidate after which another is worth starting. */
    silenceMs(candidate: Candidate, streaming: boolean): number {
      return priorMs(candidate, streaming) * latenessOf(candidate, streaming).late(clock.now())
    },

    /** What to expect of a hedge that starts now: how likely it is to speak first, and how much sooner the first token comes. */
    hedgeOutlook(hedge: Candidate, silent: readonly SilentAttempt[], streaming: boolean): { winShare: number; savedMs: number } {
      const now = clock.now()
      let winShare = 1
      let savedMs = Number.POSITIVE_INFINITY
      for (const { candidate, startedAt } of silent) {
        const prior = Math.max(priorMs(candidate, streaming), 0.001)
        const outlook = latenessOf(candidate, streaming).outlook((now - startedAt) / prior, hedge.expectedFirstTokenMs / prior)
        winShare *= outlook.winShare
        savedMs = Math.min(savedMs, outlook.savedRatio * prior)
      }
      return { winShare, savedMs }
    },

    /** Learns from an attempt that has ended. */
    observe(target: TargetFacts, candidate: Candidate, features: Features, attempt: AttemptReceipt): void {
      const { card } = target
      const { calibration, outputLengths, streamed, whole } = learned(target)
      const lateness = features.needs.streaming ? streamed : whole
      const prior = priorMs(candidate, features.needs.streaming)
      const { end } = attempt
      const gaveUp = end.type === 'superseded' || end.type === 'aborted' || (end.type === 'failed' && end.failure.kind === 'timeout')
      if (attempt.firstTokenMs !== undefined) lateness.observe(attempt.firstTokenMs, prior, false)
      else if (gaveUp) lateness.observe(attempt.totalMs, prior, true)

      if (attempt.usageSource !== 'provider') return
      const { usage } = attempt
      const { vision, pdf, audio } = features.needs
      calibration.observe(features.inputTokens * card.tokenFactor, usage.inputTokens, { media: vision || pdf || audio })
      if (end.type !== 'answered') return
      outputLengths.observe(features.task, usage.outputTokens)
      allLengths.observe(features.task, usage.outputTokens)
    },
  }
}

export type Estimator = ReturnType<typeof createEstimator>

/** A task may have any name, that of something every object has among them. */
const qualityAt = ({ quality }: ModelCard, task: Task): number => (Object.hasOwn(quality, task) ? quality[task]! : quality.default)
