import * as z from 'zod'
import { parseOptions } from '../options.ts'
import type { Answer, Dialect, Judge, JudgeContext, Target } from '../types.ts'
import { readScore } from './read-score.ts'
import { verdictOf } from './verdict.ts'

const name = 'askModel'
const fn = z.custom(value => typeof value === 'function', 'expected a function')
const holding = (...verbs: string[]) =>
  z.custom(
    value => typeof value === 'object' && value !== null && verbs.every(verb => typeof Reflect.get(value, verb) === 'function'),
    `expected an object with ${verbs.join(', ')}`,
  )

const options = z
  .strictObject({
    target: holding('open'),
    dialect: holding('prepare', 'read', 'failure'),
    ask: fn,
    read: fn.optional(),
    scale: z.number().positive().optional(),
    accept: z.number().min(0).max(1).default(0.5),
  })
  .refine(({ read, scale }) => read === undefined || scale === undefined, 'scale is for replies that read does not read: give one of them')

export interface AskModelOptions<Call, Chunk> {
  /** The model that judges; any target, of any framework. */
  target: Target<Call, Chunk>
  dialect: Dialect<Call, Chunk>
  /**
   * The question, as a call. An answer is a stranger's text: put it in with `quoteAnswer`, and ask for one word or number. Log-probabilities
   * make the score finer where this call asks for them.
   */
  ask(answer: Answer, context: JudgeContext): Call
  /** A score from 0 to 1 of the reply, or `undefined` when it has none. Default: `readScore`. */
  read?(reply: Answer): number | undefined
  /** The best number that the model is asked for, such as 10. Default: 1 for numbers up to 1, 100 for others. */
  scale?: number
  /** Least score, 0 to 1, that is accepted. Default .5. */
  accept?: number
}

/** Has another model judge: accepts a score from `accept` on (default .5). It is paid for and on the receipt. A reply that cannot be read is no verdict. */
export function askModel<Call, Chunk>(given: AskModelOptions<Call, Chunk>): Judge {
  const { accept, scale } = parseOptions(options, given, name)
  const { target, dialect, ask, read = (reply: Answer) => readScore(reply, { scale }) } = given
  return {
    name,
    async judge(answer, context) {
      const score = read(await context.ask({ target, dialect, call: ask(answer, context) }))
      return score === undefined ? undefined : verdictOf(name, score, accept)
    },
  }
}
