import { parseOptions } from '../options.ts'
import type { Judge, Verdict } from '../types.ts'
import { ask, earlyRejection, judgesOption, reasonsOf, traitsOf } from './compose.ts'
import { scoreOf } from './verdict.ts'

/**
 * Accepts what every judge accepts that has a verdict, asking them in order up to the first rejection; give cheap ones first. Scores the
 * lowest. Ends a stream when one of them does.
 */
export function all(...judges: readonly Judge[]): Judge {
  parseOptions(judgesOption, judges, 'all')
  return {
    ...traitsOf('all', judges),
    watch(answer, context) {
      const rejections = judges.map(judge => earlyRejection(judge, answer, context)).filter(verdict => verdict !== undefined)
      return rejections.length > 0 ? { ...reasonsOf(rejections), accepted: false, score: lowestOf(rejections) } : undefined
    },
    async judge(answer, context) {
      const verdicts: Verdict[] = []
      for (const [index, judge] of judges.entries()) {
        const verdict = await ask(judge, answer, context)
        if (verdict === undefined) continue
        verdicts.push(verdict)
        if (verdict.accepted) continue
        // Those not asked still count as far as a look tells: the whole must not score more than its start was given.
        const others = judges.slice(index + 1).map(other => earlyRejection(other, answer, context))
        return { ...verdict, score: lowestOf([...verdicts, ...others.filter(other => other !== undefined)]) }
      }
      return verdicts.length > 0 ? { accepted: true, score: lowestOf(verdicts) } : undefined
    },
  }
}

const lowestOf = (verdicts: readonly Verdict[]): number => Math.min(...verdicts.map(scoreOf))
