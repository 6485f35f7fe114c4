/** What kind of thing a word is that is another one in every prompt. */
export type VolatileKind = 'timestamp' | 'random-id' | 'counter'

/** Words are cut at this length before they are looked at. */
export const LONGEST_WORD = 64

const MONTH_OR_DAY = /^(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}$/i
const TIME_WORDS =
  /\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec|january|february|march|april|june|july|august|september|october|november|december|mon|tue|wed|thu|fri|sat|sun|(?:mon|tues|wednes|thurs|fri|satur|sun)day|date|today|time|now|clock|datetime|timestamp)\b/i
const DATE = /\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{4}\/\d{1,2}\/\d{1,2}|(?:^|[^\d])\d{1,2}:\d{2}|^\d{8}t\d{6}/i
const EPOCH = /^1[5-9]\d{8}(?:\d{3}|\d{6})?(?:\.\d+)?$|^2[0-2]\d{8}(?:\d{3}|\d{6})?(?:\.\d+)?$/
const NUMBER = /^[a-z#$€£]{0,6}[-_]?\d[\d.:]{0,20}%?$/i
const UUID = /[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/i
const HEX = /^[\da-f]{8,64}$/i

/** The kind of two words that stand at the same place of two texts; `around` is what stands before and after. */
export function volatileKind(before: string, after: string, around: string): VolatileKind | undefined {
  if (before === '' || after === '') return undefined
  if (isTime(before, around) && isTime(after, around)) return 'timestamp'
  if (isRandom(before) && isRandom(after)) return 'random-id'
  if (NUMBER.test(before) && NUMBER.test(after)) return 'counter'
  return undefined
}

const isTime = (word: string, around: string): boolean =>
  DATE.test(word) ||
  EPOCH.test(word) ||
  MONTH_OR_DAY.test(word) ||
  /^[ap]m$/i.test(word) ||
  (/^\d{1,4}(?:st|nd|rd|th)?$/.test(word) && TIME_WORDS.test(around))

/** Looks made by a machine: a UUID, hexadecimal digits, or letters and digits mixed as no word mixes them. */
export function isRandom(word: string): boolean {
  if (UUID.test(word)) return true
  return word.split(/[_:./-]/).some(part => {
    if (part.length < 8) return false
    if (HEX.test(part) && /\d/.test(part) && /[a-f]/i.test(part)) return true
    let turns = 0
    let digitTurns = 0
    for (let at = 1; at < part.length; at += 1) {
      const [before, now] = [classOf(part, at - 1), classOf(part, at)]
      if (before === now) continue
      turns += 1
      if (before === DIGIT || now === DIGIT) digitTurns += 1
    }
    // Names have humps, too (`getUserById`), and a number at their end; but not digits among letters.
    return digitTurns >= 4 || (digitTurns >= 2 && turns >= part.length / 5)
  })
}

const DIGIT = 3

/** Small letters, capitals, digits, the rest. */
function classOf(text: string, at: number): number {
  const unit = text.charCodeAt(at)
  return unit >= 97 && unit <= 122 ? 1 : unit >= 65 && unit <= 90 ? 2 : unit >= 48 && unit <= 57 ? DIGIT : 0
}
