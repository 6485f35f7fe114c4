import * as z from 'zod'
import { parseOptions } from '../options.ts'
import type { Judge } from '../types.ts'
import { reject } from './verdict.ts'

const name = 'lengthBetween'
const options = z
  .strictObject({
    /** Least characters of text, white space included. */
    minChars: z.number().int().min(0).default(0),
    /** Most characters of text. */
    maxChars: z.number().int().min(1).default(Number.MAX_SAFE_INTEGER),
  })
  .refine(({ minChars, maxChars }) => minChars <= maxChars, 'minChars must not be over maxChars')

/** Accepts text of `minChars` to `maxChars` characters, as JavaScript counts them (default: 0, no limit); ends the stream at the first one too many. No verdict on tool calls alone. */
export function lengthBetween(given: z.input<typeof options>): Judge {
  const { minChars, maxChars } = parseOptions(options, given, name)
  const tooLong = () => reject(name, `over ${maxChars} characters`, { repair: `The answer must have at most ${maxChars} characters.` })
  return {
    name,
    watch: ({ text }) => (text.length > maxChars ? tooLong() : undefined),
    judge({ text, toolCalls }) {
      if (text === '' && toolCalls.length > 0) return undefined
      if (text.length > maxChars) return tooLong()
      if (text.length >= minChars) return { accepted: true }
      const repair = `The answer must have at least ${minChars} characters.`
      return reject(name, `${text.length} characters, under ${minChars}`, { repair })
    },
  }
}
