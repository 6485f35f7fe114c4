/** Bounds on what a stranger may send. */
export interface JsonLimits {
  /** Levels of objects and lists within one another. Default 64. */
  maxDepth?: number
  /** Items of one list, or members of one object. Default 10,000. */
  maxItems?: number
  /** Objects and lists together: many small ones take a parser longer than their bytes tell. Default 50,000. */
  maxNodes?: number
}

/** What holds for strangers. */
export const LIMITS: Required<JsonLimits> = { maxDepth: 64, maxItems: 10_000, maxNodes: 50_000 }

/** For a text that is no stranger's, or was held to limits before. */
export const UNBOUNDED: Required<JsonLimits> = {
  maxDepth: Number.POSITIVE_INFINITY,
  maxItems: Number.POSITIVE_INFINITY,
  maxNodes: Number.POSITIVE_INFINITY,
}

/** A text that is no JSON, or more than the limits allow; the message says which, in words for its sender. */
export class JsonError extends Error {
  override readonly name = 'JsonError'
}

/** Where a member of the outermost object stands in its text. */
export interface Member {
  key: string
  /** At the quote that opens its key. */
  start: number
  valueStart: number
  /** Behind its value. */
  end: number
}

const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_LIST = 0x5b
const BACKSLASH = 0x5c
const CLOSE_LIST = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d

/** Name by which a careless merge would reach the prototype of every object. `constructor` may be what a tool asks for. */
const FORBIDDEN = '__proto__'

/**
 * Walks a JSON text once, without parsing it: checks depth, lengths and keys, and finds the members of the outermost object. What else
 * may be wrong with it is the parser's to say.
 * @throws JsonError for a text that is over a limit, has a key that is not allowed, or ends within a string.
 */
export function scanJson(text: string, limits?: JsonLimits): readonly Member[] {
  const { maxDepth, maxItems, maxNodes } = { ...LIMITS, ...limits }
  const members: Member[] = []
  /** Commas so far, by depth. */
  const commas = [0]
  let depth = 0
  let nodes = 0
  let member: Member | undefined
  const endMember = (at: number) => {
    if (member === undefined) return
    member.end = beforeSpace(text, at)
    members.push(member)
    member = undefined
  }
  for (let at = 0; at < text.length; at += 1) {
    switch (text.charCodeAt(at)) {
      case QUOTE: {
        const end = endOfString(text, at)
        const next = afterSpace(text, end)
        if (text.charCodeAt(next) !== COLON) {
          at = end - 1
          break
        }
        const key = keyBetween(text, at, end)
        if (depth === 1) member = { key, start: at, valueStart: afterSpace(text, next + 1), end: 0 }
        at = next
        break
      }
      case OPEN_OBJECT:
      case OPEN_LIST:
        depth += 1
        if (depth > maxDepth) throw new JsonError(`It is nested more than ${maxDepth} levels deep.`)
        nodes += 1
        if (nodes > maxNodes) throw new JsonError(`It has more than ${maxNodes} objects and lists.`)
        commas[depth] = 0
        break
      case COMMA: {
        const items = commas[depth]! + 1
        if (items >= maxItems) throw new JsonError(`One list in it has more than ${maxItems} items.`)
        commas[depth] = items
        if (depth === 1) endMember(at)
        break
      }
      case CLOSE_OBJECT:
      case CLOSE_LIST:
        if (depth === 1) endMember(at)
        // More is closed than was opened: no JSON, which the parser says best.
        if (depth === 0) return members
        depth -= 1
        break
      default:
    }
  }
  return members
}

/** Behind the quote that closes the string. */
function endOfString(text: string, start: number): number {
  for (let from = start + 1; ;) {
    const quote = text.indexOf('"', from)
    if (quote < 0) throw new JsonError('It is no JSON: it ends within a string.')
    let backslashes = 0
    while (text.charCodeAt(quote - 1 - backslashes) === BACKSLASH) backslashes += 1
    if (backslashes % 2 === 0) return quote + 1
    from = quote + 1
  }
}

function keyBetween(text: string, start: number, end: number): string {
  const plain = text.slice(start + 1, end - 1)
  const key = plain.includes('\\') ? parsed(text.slice(start, end)) : plain
  if (key === FORBIDDEN) throw new JsonError(`It has a key ${JSON.stringify(key)}, which is not allowed.`)
  return key
}

function parsed(quoted: string): string {
  try {
    return String(JSON.parse(quoted))
  } catch {
    throw new JsonError('It is no JSON: a key is written in a way that cannot be read.')
  }
}

const isSpace = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09

function afterSpace(text: string, at: number): number {
  let next = at
  while (isSpace(text.charCodeAt(next))) next += 1
  return next
}

function beforeSpace(text: string, at: number): number {
  let end = at
  while (isSpace(text.charCodeAt(end - 1))) end -= 1
  return end
}
