/** Lines as short as this are in every text. */
const SHORT_LINE = 8
/** Of a line, what it is looked for by. */
const KEY_CHARACTERS = 64
/** Share of a text that must stand in the other one, too. */
const MOSTLY = 0.5
/** JSON that is nested deeper is not looked into. */
const MAX_DEPTH = 200
/** Objects around a difference that are tried, from the outside. */
const MAX_OBJECTS = 4
/** Spaces, line ends, commas and brackets. */
const AROUND_LINES = new Set(Array.from(' \t\r\n,[]{}', character => character.charCodeAt(0)))
/** Lists whose order says nothing in a JSON Schema. */
const SETS = new Set(['required', 'enum', 'type'])
/** `[1]`, `3.`, `Document 2:` and the like, which say where a paragraph stands and not what it is. */
const NUMBERED = /^\s*(?:\W{0,3}(?:document|doc|source|chunk|passage|result)?\W{0,3}\d{1,4}\W{1,2})\s*/i

/** The same paragraphs, or some of them, in another order from the difference on: how many characters after it stand in the other text, too. */
export function reordered(before: string, after: string, at: number): number | undefined {
  // What stands at the difference must be what has moved; else something else has changed, and the order after it.
  if (!standsElsewhere(before, at, after) && !standsElsewhere(after, at, before)) return undefined
  const old = linesOf(before)
  const now = linesOf(after)
  if (old.length < 3 || now.length < 3) return undefined
  const places = new Map<string, number>()
  for (const [place, { key }] of old.entries()) places.set(key, places.has(key) ? -1 : place)
  let shared = 0
  let sharedAfter = 0
  let last = -1
  let turnedBack = false
  for (const { key, start, length } of now) {
    const place = key.length < SHORT_LINE ? -1 : (places.get(key) ?? -1)
    if (place < 0) continue
    shared += length
    if (start + length > at) sharedAfter += length
    turnedBack ||= place < last
    last = place
  }
  return turnedBack && shared >= MOSTLY * after.length ? sharedAfter : undefined
}

/** The line of a text in which a place lies is somewhere in another text. */
function standsElsewhere(text: string, at: number, other: string): boolean {
  const separator = separatorOf(text)
  const start = at === 0 ? 0 : text.lastIndexOf(separator, at - 1) + 1
  const end = text.indexOf(separator, at)
  const key = keyOf(text.slice(start, end < 0 ? text.length : end))
  // To look for a long key in a text like it may take the product of their lengths.
  return key.length >= SHORT_LINE && other.includes(key.slice(0, KEY_CHARACTERS))
}

interface TextLine {
  key: string
  start: number
  length: number
}

/** Lines of a text; objects, where a long JSON stands on one line. */
function linesOf(text: string): TextLine[] {
  const separator = separatorOf(text)
  const lines: TextLine[] = []
  for (let start = 0; start <= text.length;) {
    const found = text.indexOf(separator, start)
    const end = found < 0 ? text.length : found + separator.length
    lines.push({ key: keyOf(text.slice(start, end)), start, length: end - start })
    if (found < 0) break
    start = end
  }
  return lines
}

const separatorOf = (text: string): string => (text.includes('\n') ? '\n' : '},')

/** What a line says, without its number and the brackets and commas around it. */
function keyOf(line: string): string {
  const numbered = NUMBERED.exec(line.slice(0, 40))
  let start = numbered === null ? 0 : numbered[0].length
  let end = line.length
  while (start < end && AROUND_LINES.has(line.charCodeAt(start))) start += 1
  while (end > start && AROUND_LINES.has(line.charCodeAt(end - 1))) end -= 1
  return line.slice(start, end)
}

/** The texts are alike but for spaces and line breaks. */
export function sameButSpaces(before: string, after: string): boolean {
  let a = 0
  let b = 0
  for (;;) {
    while (a < before.length && isSpace(before.charCodeAt(a))) a += 1
    while (b < after.length && isSpace(after.charCodeAt(b))) b += 1
    if (a === before.length || b === after.length) return a === before.length && b === after.length
    if (before.charCodeAt(a) !== after.charCodeAt(b)) return false
    a += 1
    b += 1
  }
}

const isSpace = (unit: number): boolean => unit === 32 || (unit >= 9 && unit <= 13) || unit === 160 || unit === 0xfeff

/** The difference lies in JSON that says the same, its keys in another order. */
export function sameButKeyOrder(before: string, after: string, at: number): boolean {
  for (const start of enclosing(after, at)) {
    const now = canonical(jsonFrom(after, start), 0)
    if (now === undefined) continue
    return now === canonical(jsonFrom(before, start), 0)
  }
  return false
}

/** Places of the brackets that are open at a place, the outermost first. */
function enclosing(text: string, at: number): number[] {
  const open: number[] = []
  let closed = 0
  for (let place = Math.min(at, text.length) - 1; place >= 0; place -= 1) {
    const unit = text.charCodeAt(place)
    if (unit === 125 || unit === 93) closed += 1
    else if (unit !== 123 && unit !== 91) continue
    else if (closed > 0) closed -= 1
    else open.push(place)
  }
  return open.toReversed().slice(0, MAX_OBJECTS)
}

function jsonFrom(text: string, start: number): unknown {
  let depth = 0
  let quoted = false
  for (let place = start; place < text.length; place += 1) {
    const unit = text.charCodeAt(place)
    if (quoted) {
      if (unit === 92) place += 1
      else if (unit === 34) quoted = false
    } else if (unit === 34) quoted = true
    else if (unit === 123 || unit === 91) depth += 1
    else if (unit === 125 || unit === 93) {
      depth -= 1
      if (depth === 0) return parsed(text.slice(start, place + 1))
    }
  }
  return undefined
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

const byText = (a = '', b = ''): number => (a < b ? -1 : a > b ? 1 : 0)

/** One text for all ways of writing a value; `undefined` where it is none, or too deep. */
function canonical(value: unknown, depth: number, key = ''): string | undefined {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (depth === MAX_DEPTH) return undefined
  if (Array.isArray(value)) {
    const items = value.map(item => canonical(item, depth + 1))
    if (items.includes(undefined)) return undefined
    return `[${(SETS.has(key) ? items.toSorted(byText) : items).join(',')}]`
  }
  const members = Object.entries(value).map(([name, member]) => {
    const text = canonical(member, depth + 1, name)
    return text === undefined ? undefined : `${JSON.stringify(name)}:${text}`
  })
  return members.includes(undefined) ? undefined : `{${members.toSorted(byText).join(',')}}`
}
