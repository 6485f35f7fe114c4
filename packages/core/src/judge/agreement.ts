import * as z from 'zod'
import { parseOptions } from '../options.ts'
import type { Answer, Judge } from '../types.ts'
import { canonicalJson, parseJson } from './json.ts'
import { reject } from './verdict.ts'

const name = 'agreement'
const options = z.strictObject({
  /** Answers that are compared, the one at hand included. */
  samples: z.number().int().min(2).max(20).default(3),
  /** Least share of them, in whole percent, that must say the same as the one at hand; .67 is two of three. */
  share: z.number().positive().max(1).default(0.67),
  /** What two answers must have in common to say the same. */
  key: z.custom<(answer: Answer) => string>(value => typeof value === 'function', 'expected a function of an answer').default(() => keyOf),
})

/**
 * Accepts an answer when a `share` (default .67) of `samples` answers (default 3) of the same target have its `key`; the others are asked
 * for at once and are paid for. Default key: tool calls, else JSON, else the text, whatever its case and white space. Scores the share.
 * A failed sample does not count; no verdict when all have failed.
 */
export function agreement(given: z.input<typeof options> = {}): Judge {
  const { samples, share, key } = parseOptions(options, given, name)
  return {
    name,
    async judge(answer, context) {
      const asked = await Promise.allSettled(Array.from({ length: samples - 1 }, async () => context.sample()))
      const others = asked.flatMap(outcome => (outcome.status === 'fulfilled' ? [key(outcome.value)] : []))
      if (others.length === 0) return undefined
      const own = key(answer)
      const agreeing = 1 + others.filter(other => other === own).length
      const score = agreeing / (1 + others.length)
      if (Math.round(score * 100) >= Math.round(share * 100)) return { accepted: true, score }
      return reject(name, `${agreeing} of ${1 + others.length} say the same`, { score })
    },
  }
}

function keyOf({ text, toolCalls }: Answer): string {
  if (toolCalls.length > 0) return canonicalJson(toolCalls.map(call => [call.name, canonicalOr(call.arguments)]).sort(byText))
  return canonicalOr(text)
}

function canonicalOr(text: string): string {
  const parsed = parseJson(text, { fence: true })
  return 'value' in parsed ? canonicalJson(parsed.value) : text.trim().replaceAll(/\s+/g, ' ').toLowerCase()
}

const byText = (a: readonly string[], b: readonly string[]): number => (a.join(' ') < b.join(' ') ? -1 : 1)
