import type { Clock } from '../clock.ts'
import { createCalibration } from '../describe/calibration.ts'
import { costOf, toUsd } from '../money.ts'
import { cacheKeyOf, createPromptCacheTable, type KnownPrefixes } from '../state/prompt-cache.ts'
import type { AttemptReceipt, Candidate, Features, TargetFacts } from '../types.ts'
import { createFirstTokens, priorFirstTokenMs } from './first-token.ts'
import { createOutputLengths } from './output-length.ts'

/** Numbers for each candidate before the call, learned from every call after it. All state is bounded and on this object. */
export function createEstimator({ clock, silenceQuantile }: { clock: Clock; silenceQuantile: number | undefined }) {
  const { now } = clock
  const promptCache = createPromptCacheTable({ now })
  const outputLengths = createOutputLengths()
  const calibration = createCalibration()
  const firstTokens = createFirstTokens(silenceQuantile === undefined ? { now } : { now, quantile: silenceQuantile })

  const inputTokensOf = (target: TargetFacts, features: Features) =>
    Math.round(calibration.correct(target.card.id, features.inputTokens * target.card.tokenFactor))
  const prior = (candidate: Candidate, streaming: boolean) =>
    priorFirstTokenMs(candidate.card, candidate.inputTokens - candidate.cacheReadTokens, candidate.outputTokens, streaming)

  return {
    /** Input tokens as the target's model would count them. */
    inputTokens: inputTokensOf,
    /** Longest cached prefixes of this prompt, for all targets at once. */
    knownPrefixes: (features: Features): KnownPrefixes => promptCache.lookUp(features.prefix),

    /** Expected cost, first token and quality of one target for this call. */
    candidate(target: TargetFacts, features: Features, known: KnownPrefixes): Candidate {
      const { card } = target
      const inputTokens = inputTokensOf(target, features)
      const outputTokens = outputLengths.expect(target.id, features.task, features.maxOutputTokens)
      const perO200k = inputTokens / Math.max(1, features.inputTokens)
      const cache = promptCache.predict(known, cacheKeyOf(target), card, inputTokens, perO200k)
      const usage = { inputTokens, cacheReadTokens: cache.read, cacheWriteTokens: cache.write, outputTokens, reasoningTokens: 0 }
      const cost = costOf(card, usage, clock.wall())
      const { streaming } = features.needs
      const priorMs = priorFirstTokenMs(card, inputTokens - cache.read, outputTokens, streaming)
      return {
        id: target.id,
        model: card.id,
        provider: card.provider,
        tags: target.tags ?? [],
        card,
        inputTokens,
        cacheReadTokens: cache.read,
        cacheWriteTokens: cache.write,
        outputTokens,
        expectedCostNanoUsd: cost,
        expectedCostUsd: cost === undefined ? Number.POSITIVE_INFINITY : toUsd(cost),
        expectedFirstTokenMs: firstTokens.expect(target.id, streaming, priorMs),
        expectedQuality: card.quality[features.task] ?? card.quality.default,
      }
    },

    /** Silence of this candidate after which another is worth starting. */
    silenceMs: (candidate: Candidate, streaming: boolean): number =>
      firstTokens.silenceMs(candidate.id, streaming, prior(candidate, streaming)),

    /** Learns from an attempt that has ended. */
    observe(target: TargetFacts, candidate: Candidate, features: Features, attempt: AttemptReceipt): void {
      const { streaming } = features.needs
      const gaveUp = attempt.end.type === 'superseded' || attempt.end.type === 'aborted'
      if (attempt.firstTokenMs !== undefined) {
        firstTokens.observe(target.id, streaming, prior(candidate, streaming), attempt.firstTokenMs, false)
      } else if (gaveUp) {
        firstTokens.observe(target.id, streaming, prior(candidate, streaming), attempt.totalMs, true)
      }
      if (attempt.usageSource !== 'provider') return
      const { usage } = attempt
      const { card } = target
      const perO200k = usage.inputTokens / Math.max(1, features.inputTokens)
      calibration.observe(card.id, features.inputTokens * card.tokenFactor, usage.inputTokens)
      promptCache.observe(cacheKeyOf(target), card, features.prefix, usage, candidate.cacheReadTokens, perO200k)
      if (attempt.end.type === 'answered') outputLengths.observe(target.id, features.task, usage.outputTokens)
    },
  }
}

export type Estimator = ReturnType<typeof createEstimator>
