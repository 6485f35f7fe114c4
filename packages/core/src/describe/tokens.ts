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

// Reading a typed array costs half of what `charCodeAt` does, and four units at once feed the digest. The scratch holds
// nothing between calls: measuring is synchronous.
const units = new Uint16Array(ROUND_UNITS)
const pairs = new Int32Array(units.buffer)
const NEWLINE = classNumber('newline')
const copyUnits = createCopy()

/**
 * Estimated `o200k` tokens of a text, from the class of each character and of the one before it.
 * Median error 3–5 % on English, code and JSON, 3–10 % on most other languages. Linear: about 1.5 ns a character, whatever the text.
 */
export function estimateTokens(text: string): number {
  return measureText(text).tokens
}

/** Tokens and digest of a text in one pass; the digest costs little beside the tokens. */
export function measureText(text: string): TextMeasure {
  let tokens = 0
  let before = NEWLINE
  let low = text.length
  let high = ~text.length
  for (let start = 0; start < text.length; start += ROUND_UNITS) {
    const count = copyUnits(text, start)
    let thousandths = 0
    const whole = count & ~3
    for (let index = 0; index < whole >> 1; index += 2) {
      const left = pairs[index]!
      const right = pairs[index + 1]!
      const first = classOfUnit[left & 0xffff]!
      const second = classOfUnit[left >>> 16]!
      const third = classOfUnit[right & 0xffff]!
      const fourth = classOfUnit[right >>> 16]!
      thousandths +=
        tokenWeights[(before << 5) | first]! +
        tokenWeights[(first << 5) | second]! +
        tokenWeights[(second << 5) | third]! +
        tokenWeights[(third << 5) | fourth]!
      before = fourth
      // Each half takes in two units and the other half: a change anywhere reaches both.
      low = Math.imul(rotate(low) ^ left ^ high, 0x9e3779b1)
      high = Math.imul(rotate(high) ^ right ^ low, 0x85ebca77)
    }
    for (let index = whole; index < count; index++) {
      const unit = units[index]!
      const last = classOfUnit[unit]!
      thousandths += tokenWeights[(before << 5) | last]!
      before = last
      low = Math.imul(rotate(low) ^ unit ^ high, 0x9e3779b1)
      high = Math.imul(rotate(high) ^ unit ^ low, 0x85ebca77)
    }
    tokens += thousandths
  }
  // The last two units have reached one half only, and of that half not every bit is kept.
  return { tokens: tokens / 1000, hash: joinHash(low ^ avalanche(high), high) }
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
