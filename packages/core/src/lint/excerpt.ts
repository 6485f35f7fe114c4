/** Characters of a prompt that a finding repeats. */
const LONGEST_EXCERPT = 80
/** Of these, what stands before the difference. */
const LEAD = 28

const KEY = /\b(?:sk|pk|rk|key|ghp|gho|xox[a-z]|AKIA|AIza|eyJ)[\w-]{8,}/g
const LONG = /[\w+/=-]{32,}/g

/** A piece of a text around a place, on one line; what looks like a key is masked. */
export function excerptOf(text: string, at: number): string {
  const from = Math.max(0, Math.min(at - LEAD, text.length - LONGEST_EXCERPT))
  // Keys are masked before the cut: half a key is not known as one.
  const start = Math.max(0, from - 100)
  const window = text.slice(start, from + LONGEST_EXCERPT + 100)
  const offset = from - start
  const masked = maskKeys(window)
  const line = masked.slice(offset, offset + LONGEST_EXCERPT).replace(/[\n\r\t]/g, ' ')
  const head = from > 0 ? '…' : ''
  const tail = from + LONGEST_EXCERPT < text.length ? '…' : ''
  return `${head}${line.slice(head.length, LONGEST_EXCERPT - tail.length)}${tail}`
}

/** Keys and other long secrets keep their place and their first letters; UUIDs and hexadecimal digits stay, to be known again. */
const maskKeys = (text: string): string => text.replace(KEY, mask).replace(LONG, word => (/^[\da-f-]+$/i.test(word) ? word : mask(word)))

const mask = (word: string): string => word.slice(0, 4) + '*'.repeat(word.length - 4)
