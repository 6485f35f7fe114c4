import * as z from 'zod'
import { parseOptions } from '../options.ts'
import type { Judge, Verdict } from '../types.ts'
import { ask, earlyRejection, judgeOption, reasonsOf, traitsOf } from './compose.ts'
import { reaches, scoreOf } from './verdict.ts'

const options = z.strictObject({
  judges: z.array(z.tuple([judgeOption, z.number().positive()])).min(1, 'give at least one pair of a judge and its weight'),
  /** Least weighted mean, 0 to 1, that is accepted. */
  accept: z.number().min(0).max(1).default(0.5),
})

/**
 * Accepts by the weighted mean of the scores, from `accept` on (default .5); judges without a verdict do not count. All are asked at
 * once. Ends a stream when `accept` is out of reach.
 */
export function weighted(pairs: readonly (readonly [judge: Judge, weight: number])[], given: { accept?: number } = {}): Judge {
  const { accept } = parseOptions(options, { ...given, judges: pairs }, 'weighted')
  const judges = pairs.map(([judge]) => judge)

  function meanOf(scores: readonly (number | undefined)[]): number {
    const counted = pairs.flatMap(([, weight], index) => (scores[index] === undefined ? [] : [{ weight, score: scores[index] }]))
    return sum(counted.map(({ weight, score }) => weight * score)) / sum(counted.map(({ weight }) => weight))
  }

  function rejection(score: number, verdicts: readonly (Verdict | undefined)[]): Verdict {
    const { reason = 'no reasons given', ...rest } = reasonsOf(verdicts.flatMap(verdict => (verdict?.accepted === false ? [verdict] : [])))
    return { ...rest, accepted: false, score, reason: `weighted: ${score.toFixed(2)}, under ${accept} (${reason})` }
  }

  return {
    ...traitsOf('weighted', judges),
    watch(answer, context) {
      const rejections = judges.map(judge => earlyRejection(judge, answer, context))
      // Whoever has not rejected yet may still give all there is; to abstain would help less.
      const reachable = meanOf(rejections.map(verdict => (verdict === undefined ? 1 : scoreOf(verdict))))
      return reaches(reachable, accept) ? undefined : rejection(reachable, rejections)
    },
    async judge(answer, context) {
      const verdicts = await Promise.all(judges.map(async judge => ask(judge, answer, context)))
      if (verdicts.every(verdict => verdict === undefined)) return undefined
      const score = meanOf(verdicts.map(verdict => verdict && scoreOf(verdict)))
      return reaches(score, accept) ? { accepted: true, score } : rejection(score, verdicts)
    },
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)
