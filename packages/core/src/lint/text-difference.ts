import { LONGEST_WORD, volatileKind, type VolatileKind } from './volatile.ts'

/** How two texts differ. */
export interface TextDifference {
  /** Characters that both begin with. */
  at: number
  /** The words that differ first, whole, with where they start. */
  wordAt: number
  before: string
  after: string
  /** What stands before these words. */
  leadIn: string
  /** What kind of thing the words are, where they are another one in every prompt. */
  kind: VolatileKind | undefined
  /** Characters of the second text, after the difference, that stand in the first text, too. */
  sharedAfter: number
}

/** Characters before and after a word that tell what it is. */
const AROUND = 24
/** Characters that are compared at once. */
const PIECE = 1_024
/** Volatile words that are stepped over in one text. */
const MAX_STEPS = 64

/** Compares two texts that are not equal. Linear. */
export function differenceOf(before: string, after: string): TextDifference {
  const at = commonPrefix(before, 0, after, 0)
  const first = wordsAt(before, at, after, at)
  const { kind } = first
  let { beforeEnd, afterEnd } = first
  let sharedAfter = 0
  // A text with three times in it shares all between them.
  let volatile = kind !== undefined
  for (let step = 0; volatile && step < MAX_STEPS; step += 1) {
    const run = commonPrefix(before, beforeEnd, after, afterEnd)
    sharedAfter += run
    beforeEnd += run
    afterEnd += run
    if (beforeEnd === before.length || afterEnd === after.length) break
    const words = wordsAt(before, beforeEnd, after, afterEnd)
    volatile = words.kind !== undefined
    if (!volatile) break
    beforeEnd = Math.max(words.beforeEnd, beforeEnd)
    afterEnd = Math.max(words.afterEnd, afterEnd)
  }
  sharedAfter += commonSuffix(before, Math.max(at, beforeEnd), after, Math.max(at, afterEnd))
  return {
    at,
    wordAt: first.start,
    before: before.slice(first.start, first.beforeEnd),
    after: after.slice(first.start, first.afterEnd),
    leadIn: after.slice(Math.max(0, first.start - 2 * AROUND), first.start),
    kind,
    sharedAfter,
  }
}

/** The whole words in which two texts differ, from a place where both have read the same. */
function wordsAt(before: string, beforeAt: number, after: string, afterAt: number) {
  let back = 0
  while (back < LONGEST_WORD && back < afterAt && back < beforeAt && isWordUnit(after.charCodeAt(afterAt - back - 1))) back += 1
  const beforeEnd = wordEnd(before, beforeAt)
  const afterEnd = wordEnd(after, afterAt)
  const around = after.slice(Math.max(0, afterAt - back - AROUND), afterEnd + AROUND)
  const kind = volatileKind(trimmed(before.slice(beforeAt - back, beforeEnd)), trimmed(after.slice(afterAt - back, afterEnd)), around)
  return { start: afterAt - back, beforeEnd, afterEnd, kind }
}

function wordEnd(text: string, from: number): number {
  let end = from
  while (end < text.length && end - from < LONGEST_WORD && isWordUnit(text.charCodeAt(end))) end += 1
  return end
}

/** Without the stops and signs that end a sentence. */
function trimmed(word: string): string {
  let end = word.length
  while (end > 0 && '.:/-+'.includes(word[end - 1]!)) end -= 1
  return word.slice(0, end)
}

/** Letters, digits, and what stands inside times, ids and paths: `_ + - . / :`. */
const isWordUnit = (unit: number): boolean =>
  (unit >= 45 && unit <= 58) || (unit >= 97 && unit <= 122) || (unit >= 65 && unit <= 90) || unit === 95 || unit === 43 || unit > 127

/** Characters alike from two places on. */
export function commonPrefix(a: string, from: number, b: string, start: number): number {
  const most = Math.min(a.length - from, b.length - start)
  let length = 0
  // Whole pieces are compared as memory is; only the one that differs is read by its characters.
  while (length + PIECE <= most && a.slice(from + length, from + length + PIECE) === b.slice(start + length, start + length + PIECE))
    length += PIECE
  while (length < most && a.charCodeAt(from + length) === b.charCodeAt(start + length)) length += 1
  return length
}

/** Characters alike at the ends, not further to the front than these places. */
export function commonSuffix(a: string, aFrom: number, b: string, bFrom: number): number {
  const most = Math.min(a.length - aFrom, b.length - bFrom)
  let length = 0
  while (length + PIECE <= most && pieceBefore(a, a.length - length) === pieceBefore(b, b.length - length)) length += PIECE
  while (length < most && a.charCodeAt(a.length - 1 - length) === b.charCodeAt(b.length - 1 - length)) length += 1
  return length
}

const pieceBefore = (text: string, end: number): string => text.slice(end - PIECE, end)
