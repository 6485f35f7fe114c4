import * as z from 'zod'
import { parseOptions } from '../options.ts'
import type { Answer, Judge, JudgeContext, Verdict } from '../types.ts'
import { reject, verdictOf } from './verdict.ts'

/** What a function may say of an answer: yes or no, a score from 0 to 1, a whole verdict, or nothing. */
export type Opinion = boolean | number | Verdict | undefined

const options = z.strictObject({
  name: z.string().min(1),
  fn: z.custom<(answer: Answer, context: JudgeContext) => Opinion | Promise<Opinion>>(
    value => typeof value === 'function',
    'expected a function of the answer',
  ),
  /** Least score, 0 to 1, that is accepted. */
  accept: z.number().min(0).max(1).default(0.5),
})

/**
 * A judge of your own: `fn` says yes or no, a score from 0 to 1 that is accepted from `accept` on (default .5), a verdict, or `undefined`
 * for none. It may be async; what it throws, and a score out of range, is no verdict.
 */
export function judgeWith(
  name: string,
  fn: (answer: Answer, context: JudgeContext) => Opinion | Promise<Opinion>,
  given: { accept?: number } = {},
): Judge {
  const settings = parseOptions(options, { ...given, name, fn }, 'judgeWith')
  return {
    name,
    async judge(answer, context) {
      const said = await fn(answer, context)
      if (typeof said === 'number') return verdictOf(name, said, settings.accept)
      if (typeof said !== 'boolean') return said === undefined ? undefined : { ...said, reason: reasonOf(name, said) }
      return said ? { accepted: true } : reject(name, 'said no')
    },
  }
}

const reasonOf = (name: string, { accepted, reason }: Verdict): string => `${name}: ${reason ?? (accepted ? 'said yes' : 'said no')}`
