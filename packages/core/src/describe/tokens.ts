import { classNumber, classOfUnit } from './character-class.ts'
import { tokenWeights } from './token-weights.ts'

/** What one pass over a text finds. */
export interface TextMeasure {
  /** Estimated `o200k` tokens, not rounded. */
  tokens: number
  /** Digest of the text, 52 bits; not a cryptographic one. */
  hash: number
}

/** Units per round: small enough that a round's sum of thousandths fits in 32 bits. */
const ROUND_UNITS = 0x8000

// Reading a typed array costs half of what `charCodeAt` does, and several units at once feed the digest. The scratch holds
// nothing between calls: measuring is synchronous.
const units = new Uint16Array(ROUND_UNITS)
const pairs = new Int32Array(units.buffer)
const NEWLINE = classNumber('newline')
const copyUnits = createCopy()

/** Of longer texts every other stretch is classified and stands for the one after it: a third of the time less, for 1 % more error (median; 5 % at p99). */
const SAMPLED_FROM_UNITS = 4_096
const STRETCH_UNITS = 128

/**
 * Estimated `o200k` tokens of a text, from the class of each character and of the one before it.
 * Median error 3–5 % on English, code and JSON, 3–10 % on most other languages. Linear: about 1 to 1.5 ns a character, whatever the text.
 */
export function estimateTokens(text: string): number {
  return measureText(text).tokens
}

/** Tokens and digest of a text in one pass; the digest costs little beside the tokens. */
export function measureText(text: string): TextMeasure {
  const stride = text.length > SAMPLED_FROM_UNITS ? 2 : 1
  let thousandths = 0
  let classified = 0
  let low = text.length
  let high = ~text.length
  for (let start = 0; start < text.length; start += ROUND_UNITS) {
    const count = copyUnits(text, start)
    for (let from = 0; from < count; from += STRETCH_UNITS * stride) {
      const to = Math.min(from + STRETCH_UNITS, count)
      thousandths += weigh(from, to)
      classified += to - from
    }
    const whole = count >> 2
    for (let index = 0; index < whole; index++) {
      // The halves do not wait for each other here; they are mixed below.
      low = Math.imul(rotate(low) ^ pairs[2 * index]!, 0x9e3779b1)
      high = Math.imul(rotate(high) ^ pairs[2 * index + 1]!, 0x85ebca77)
    }
    for (let index = whole << 2; index < count; index++) {
      low = Math.imul(rotate(low) ^ units[index]!, 0x9e3779b1)
      high = Math.imul(rotate(high) ^ units[index]!, 0x85ebca77)
    }
    low ^= avalanche(high)
    high ^= avalanche(low)
  }
  const tokens = classified === 0 ? 0 : (thousandths * text.length) / (classified * 1_000)
  return { tokens, hash: joinHash(low, high) }
}

/** Thousandths of a token in these units of the scratch. */
function weigh(from: number, to: number): number {
  let before = from === 0 ? NEWLINE : classOfUnit[units[from - 1]!]!
  let thousandths = 0
  for (let index = from; index < to; index++) {
    const own = classOfUnit[units[index]!]!
    thousandths += tokenWeights[(before << 5) | own]!
    before = own
  }
  return thousandths
}

/** A 52-bit number out of two 32-bit halves, each bit of it dependent on each bit of its half. */
export function joinHash(low: number, high: number): number {
  return (avalanche(low) >>> 0) + (avalanche(high) >>> 12) * 0x1_0000_0000
}

function avalanche(value: number): number {
  const mixed = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  const again = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return again ^ (again >>> 16)
}

function rotate(value: number): number {
  return (value << 13) | (value >>> 19)
}

/** Fills the scratch from `start` on and returns how many units it holds then. */
function createCopy(): (text: string, start: number) => number {
  const bytes = typeof Buffer === 'undefined' ? undefined : Buffer.from(units.buffer)
  const littleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1
  if (bytes !== undefined && littleEndian) {
    return (text, start) => bytes.write(text.length > ROUND_UNITS ? text.slice(start, start + ROUND_UNITS) : text, 'utf16le') >> 1
  }
  return (text, start) => {
    const count = Math.min(ROUND_UNITS, text.length - start)
    for (let index = 0; index < count; index++) units[index] = text.charCodeAt(start + index)
    return count
  }
}
