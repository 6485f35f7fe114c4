import type { Answer, TokenLogprob } from '../types.ts'

const MAX_CHARS = 4_000
const MAX_LINE_CHARS = 200
const WORDS: ReadonlyMap<string, number> = new Map([
  ['yes', 1],
  ['true', 1],
  ['no', 0],
  ['false', 0],
])

/** What a reply says, and where: `value` from 0 to 1, `unit` is what a bare number was divided by. */
interface Said {
  word: string
  at: number
  value: number
  unit: number
}

/**
 * Reads a score from 0 to 1 from a judging model's reply: the first yes, no, true, false or number that begins the reply, a line or what
 * follows a colon. Where the reply has log-probabilities of it, the score is the probability of yes, or the expected number. Numbers count
 * as they are up to 1, else in percent, unless they say `8/10` or `scale` tells the best one. `undefined` when it says none of these.
 */
export function readScore({ text, logprobs }: Answer, { scale }: { scale?: number | undefined } = {}): number | undefined {
  const said = firstSaid(text.slice(0, MAX_CHARS), scale)
  return said && (expected(said, logprobs) ?? said.value)
}

function firstSaid(text: string, scale: number | undefined): Said | undefined {
  let at = 0
  for (const part of text.split(/(?<=[\n:])/)) {
    // Quotes, brackets and stars of Markdown may stand before it.
    const skipped = part.search(/[a-z\d]|[.-]\d/i)
    const said = skipped < 0 ? undefined : (readWord(part.slice(skipped)) ?? readNumber(part.slice(skipped, MAX_LINE_CHARS), scale))
    if (said !== undefined) return { ...said, at: at + skipped }
    at += part.length
  }
  return undefined
}

/** "No, …" is a verdict; "No errors were found" is not. */
function readWord(part: string): Omit<Said, 'at'> | undefined {
  const word = /^(?:yes|no|true|false)(?=\s*(?:$|[^\sa-z\d]))/i.exec(part)?.[0]
  return word === undefined ? undefined : { word, value: WORDS.get(word.toLowerCase())!, unit: 1 }
}

function readNumber(part: string, scale: number | undefined): Omit<Said, 'at'> | undefined {
  const [, word, percent, outOf, rest = ''] = /^(\d+(?:\.\d+)?|\.\d+)\s*(?:(%)|\/\s*(\d+))?(.*)/s.exec(part) ?? []
  if (word === undefined) return undefined
  // "1. First of all" numbers a line, and "3 errors" counts; neither is a score.
  const isShare = percent !== undefined || outOf !== undefined || (word.includes('.') && Number(word) <= 1)
  if (!isShare && !/^\s*(?:$|[^\sa-z\d.)]|[.)]\s*$)/i.test(rest)) return undefined
  const unit = percent === undefined ? Number(outOf ?? scale ?? (Number(word) > 1 ? 100 : 1)) : 100
  const value = Number(word) / unit
  return value <= 1 ? { word, value, unit } : undefined
}

function expected({ word, at, unit }: Said, logprobs: readonly TokenLogprob[]): number | undefined {
  const token = tokenAt(logprobs, at)
  // A number of several tokens has no probability of its own.
  if (token === undefined || bare(token.token) !== word.toLowerCase()) return undefined
  const isWord = WORDS.has(bare(token.token))
  const valueOf = (alternative: string) => (isWord ? WORDS.get(bare(alternative)) : shareOf(bare(alternative), unit))
  const { top = [] } = token
  const alternatives = [...(top.some(other => other.token === token.token) ? [] : [token]), ...top]
  const weighed = alternatives.flatMap(other => {
    const value = valueOf(other.token)
    return value === undefined ? [] : [{ value, probability: Math.exp(Math.min(0, other.logprob)) }]
  })
  const [only] = weighed
  // Where only yes is named, the rest of the probability is no.
  if (isWord && weighed.length === 1 && only !== undefined) return only.value === 1 ? only.probability : 1 - only.probability
  const mass = weighed.reduce((sum, { probability }) => sum + probability, 0)
  return mass > 0 ? weighed.reduce((sum, { value, probability }) => sum + value * probability, 0) / mass : undefined
}

function tokenAt(logprobs: readonly TokenLogprob[], at: number): TokenLogprob | undefined {
  let end = 0
  return logprobs.find(({ token }) => (end += token.length) > at)
}

const bare = (token: string): string =>
  token
    .slice(0, 32)
    .toLowerCase()
    .replaceAll(/[^a-z\d]/g, '')

function shareOf(word: string, unit: number): number | undefined {
  const value = /^\d+$/.test(word) ? Number(word) / unit : Number.NaN
  return value <= 1 ? value : undefined
}
