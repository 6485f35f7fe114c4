import { parseOptions } from '../options.ts'
import type { Judge, Verdict } from '../types.ts'
import { ask, earlyRejection, judgesOption, reasonsOf, traitsOf } from './compose.ts'
import { scoreOf } from './verdict.ts'

/**
 * Accepts what one judge accepts, asking them in order up to the first that does; give cheap ones first. Scores the highest. Ends a
 * stream when every one of them does.
 */
export function any(...judges: readonly Judge[]): Judge {
  parseOptions(judgesOption, judges, 'any')
  return {
    ...traitsOf('any', judges),
    watch(answer, context) {
      const rejections: Verdict[] = []
      for (const judge of judges) {
        const verdict = earlyRejection(judge, answer, context)
        if (verdict === undefined) return undefined
        rejections.push(verdict)
      }
      return { ...reasonsOf(rejections), accepted: false, score: highestOf(rejections) }
    },
    async judge(answer, context) {
      const verdicts: Verdict[] = []
      for (const judge of judges) {
        const verdict = await ask(judge, answer, context)
        if (verdict === undefined) continue
        verdicts.push(verdict)
        if (verdict.accepted) return { ...verdict, score: highestOf(verdicts) }
      }
      return verdicts.length > 0 ? { ...reasonsOf(verdicts), accepted: false, score: highestOf(verdicts) } : undefined
    },
  }
}

const highestOf = (verdicts: readonly Verdict[]): number => Math.max(...verdicts.map(scoreOf))
