import * as z from 'zod'
import type { Answer, Judge, JudgeContext, Verdict } from '../types.ts'
import { clip } from './verdict.ts'

const MAX_REASON_CHARS = 300

export const judgeOption = z.custom<Judge>(
  value => typeof value === 'object' && value !== null && 'judge' in value && typeof value.judge === 'function',
  'expected a judge, such as finished()',
)
export const judgesOption = z.array(judgeOption).min(1, 'give at least one judge')

/** What a judge of several judges has of them: its name, and whether it needs log-probabilities. */
export const traitsOf = (name: string, judges: readonly Judge[]): Pick<Judge, 'name' | 'logprobs'> => ({
  name: `${name}(${judges.map(judge => judge.name).join(', ')})`,
  ...(judges.some(({ logprobs }) => logprobs) ? { logprobs: true } : {}),
})

/** One judge's verdict; one that throws has none, unless the call itself is over. */
export async function ask(judge: Judge, answer: Answer, context: JudgeContext): Promise<Verdict | undefined> {
  context.signal.throwIfAborted()
  try {
    return await judge.judge(answer, context)
  } catch {
    context.signal.throwIfAborted()
    return undefined
  }
}

/** What a judge has against the start of an answer; its score is the most that the whole can still have. */
export function earlyRejection(judge: Judge, answer: Answer, context: JudgeContext): Verdict | undefined {
  try {
    const verdict = judge.watch?.(answer, context)
    return verdict?.accepted === false ? verdict : undefined
  } catch {
    return undefined
  }
}

/** The reasons of several rejections, and the first way to mend one. */
export function reasonsOf(verdicts: readonly Verdict[]): Pick<Verdict, 'reason' | 'repair'> {
  const reasons = verdicts.flatMap(({ reason }) => (reason === undefined ? [] : [reason]))
  const repair = verdicts.find(verdict => verdict.repair !== undefined)?.repair
  return {
    ...(reasons.length > 0 ? { reason: clip(reasons.join('; '), MAX_REASON_CHARS) } : {}),
    ...(repair === undefined ? {} : { repair }),
  }
}
