import * as z from 'zod'
import { parseOptions } from '../options.ts'
import type { Answer, Judge, TokenLogprob, Verdict } from '../types.ts'
import { reaches, reject } from './verdict.ts'

const name = 'confident'
/** Providers write -9999 for a token they give no figure for; one such token must not outweigh a whole answer. */
const LOWEST_LOGPROB = -20

const probability = z.number().min(0).max(1)
const options = z.strictObject({
  /** Least geometric mean of the tokens' probabilities, that is e to the mean log-probability; it does not depend on length. */
  mean: probability.default(0.8),
  /** Least probability of the weakest token. */
  min: probability.default(0),
  /** Least lead, in probability, of the likeliest token over the second; judged where a provider names both. */
  margin: probability.default(0),
})

/**
 * Accepts an answer whose tokens were likely enough, by `mean`, `min` and `margin`, all from 0 to 1 (default: .8, 0, 0); a token under
 * `min` or `margin` ends the stream. Scores the geometric mean, or the figure that fell short. No verdict where there are no log-probabilities.
 */
export function confident(given: z.input<typeof options> = {}): Judge {
  const { mean, min, margin } = parseOptions(options, given, name)
  // A stream is looked at with every chunk: its tokens are counted once.
  const tallies = new WeakMap<Answer, Tally>()

  function tallyOf(answer: Answer): Tally {
    const tally = tallies.get(answer) ?? { read: 0, measured: 0, sum: 0, weakest: 1, margin: 1 }
    tallies.set(answer, tally)
    for (; tally.read < answer.logprobs.length; tally.read += 1) count(tally, answer.logprobs[tally.read]!)
    return tally
  }

  const weakLinks = (tally: Tally): Shortfall[] => [
    { what: 'weakest token', is: tally.weakest, least: min },
    { what: 'smallest margin', is: tally.margin, least: margin },
  ]

  return {
    name,
    logprobs: true,
    watch: answer => rejection(weakLinks(tallyOf(answer))),
    judge(answer) {
      const tally = tallyOf(answer)
      if (tally.measured === 0) return undefined
      const score = Math.exp(tally.sum / tally.measured)
      return rejection([...weakLinks(tally), { what: 'mean', is: score, least: mean }]) ?? { accepted: true, score }
    },
  }
}

interface Shortfall {
  what: string
  is: number
  least: number
}

/** More tokens only add shortfalls or deepen them, so the score of a start is never less than that of the whole. */
function rejection(figures: readonly Shortfall[]): Verdict | undefined {
  const short = figures.filter(({ is, least }) => !reaches(is, least))
  if (short.length === 0) return undefined
  const why = short.map(({ what, is, least }) => `${what} ${is.toPrecision(2)}, under ${least}`).join('; ')
  return reject(name, why, { score: Math.min(...short.map(({ is }) => is)) })
}

interface Tally {
  /** Tokens looked at, and those of them that have a figure. */
  read: number
  measured: number
  /** Of log-probabilities. */
  sum: number
  /** As probabilities. */
  weakest: number
  margin: number
}

function count(tally: Tally, { logprob, top = [] }: TokenLogprob): void {
  if (Number.isNaN(logprob)) return
  tally.measured += 1
  tally.sum += bounded(logprob)
  tally.weakest = Math.min(tally.weakest, Math.exp(bounded(logprob)))
  const [first, second] = top.map(alternative => bounded(alternative.logprob)).sort((a, b) => b - a)
  if (first !== undefined && second !== undefined) tally.margin = Math.min(tally.margin, Math.exp(first) - Math.exp(second))
}

const bounded = (logprob: number): number => Math.min(0, Math.max(LOWEST_LOGPROB, logprob))
