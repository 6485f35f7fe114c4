import type { Block } from './describe.ts'

/** Remembers what was found of a block for those that say the same, whoever holds them. */
export interface BlockMemory<Found> {
  /** What `find` has found of an equal block, else what it finds now. */
  recall(block: Block, find: (block: Block) => Found): Found
}

interface Entry<Found> {
  block: Block
  found: Found
  /** Another block of the same key. */
  next: Entry<Found> | undefined
  /** Blocks from here on. */
  depth: number
}

/** Counted for a block beside its characters: many small ones take room, too. */
const BLOCK_OVERHEAD = 256
/** Places at which a text is looked at for its key, about. */
const SAMPLES = 16
/** Blocks of one key that are compared: to look at more would cost what measuring costs. */
const MAX_DEPTH = 16

/**
 * A memory of about `maxCharacters` at most; what was not asked for lately goes first. Frameworks make new objects of the same texts on
 * every step. To compare two strings in full is a hundred times faster than to measure one, and free where both are the same in memory,
 * so a block is found by a few of its characters and then compared whole: what is recalled is never another's.
 */
export function createBlockMemory<Found>(maxCharacters: number): BlockMemory<Found> {
  // Two generations: what is asked for moves to the younger one, and the elder one is dropped whole.
  let young = new Map<number, Entry<Found>>()
  let old = new Map<number, Entry<Found>>()
  let characters = 0

  function keep(key: number, block: Block, found: Found): void {
    const size = sizeOf(block)
    if (size > maxCharacters / 2) return
    if (characters + size > maxCharacters / 2) {
      old = young
      young = new Map()
      characters = 0
    }
    const head = young.get(key)
    const next = head !== undefined && head.depth < MAX_DEPTH ? head : undefined
    young.set(key, { block, found, next, depth: next === undefined ? 1 : next.depth + 1 })
    characters += size
  }

  return {
    recall(block, find) {
      const key = keyOf(block)
      const recent = among(young.get(key), block)
      if (recent !== undefined) return recent.found
      const earlier = among(old.get(key), block)
      if (earlier !== undefined) {
        keep(key, earlier.block, earlier.found)
        return earlier.found
      }
      const found = find(block)
      // A copy: the lists may be the dialect's own, and change.
      const { texts, media, toolCalls } = block
      const copy = { ...block, texts: [...texts], ...(media && { media: [...media] }), ...(toolCalls && { toolCalls: [...toolCalls] }) }
      keep(key, copy, found)
      return found
    },
  }
}

function among<Found>(entries: Entry<Found> | undefined, block: Block): Entry<Found> | undefined {
  for (let entry = entries; entry !== undefined; entry = entry.next) if (saysTheSame(entry.block, block)) return entry
  return undefined
}

const NONE: readonly never[] = []

function keyOf({ role, texts, media = NONE, toolCalls = NONE }: Block): number {
  let key = sample(texts.length, role)
  for (const text of texts) key = sample(key, text)
  for (const call of toolCalls) key = sample(sample(key, call.name), call.arguments)
  for (const part of media) key = sample(sample(key, part.kind), part.reference)
  return key
}

function sample(key: number, text: string): number {
  let sampled = mix(key, text.length)
  const step = Math.max(1, Math.floor(text.length / SAMPLES))
  // From the end: there, texts that begin alike differ. Not evenly, or texts that repeat themselves would be seen in one place.
  for (let at = text.length - 1, turn = 0; at >= 0; at -= step, turn += 1) {
    sampled = mix(sampled, text.charCodeAt(at - ((turn * 7) % Math.min(step, at + 1))))
  }
  return sampled
}

const mix = (key: number, value: number): number => Math.imul(((key << 13) | (key >>> 19)) ^ value, 0x9e3779b1)

function saysTheSame(one: Block, other: Block): boolean {
  const { media = NONE, toolCalls = NONE } = one
  const { media: otherMedia = NONE, toolCalls: otherCalls = NONE } = other
  return (
    one.role === other.role &&
    (one.marked ?? false) === (other.marked ?? false) &&
    one.texts.length === other.texts.length &&
    toolCalls.length === otherCalls.length &&
    media.length === otherMedia.length &&
    one.texts.every((text, at) => text === other.texts[at]) &&
    toolCalls.every((call, at) => call.name === otherCalls[at]!.name && call.arguments === otherCalls[at]!.arguments) &&
    media.every((part, at) => isSameMedium(part, otherMedia[at]!))
  )
}

type Medium = NonNullable<Block['media']>[number]

function isSameMedium(one: Medium, other: Medium): boolean {
  if (one.reference !== other.reference) return false
  if (one.kind === 'image') {
    return other.kind === 'image' && one.width === other.width && one.height === other.height && one.detail === other.detail
  }
  if (one.kind === 'pdf') return other.kind === 'pdf' && one.pages === other.pages
  return other.kind === 'audio' && one.seconds === other.seconds
}

function sizeOf({ texts, media = NONE, toolCalls = NONE }: Block): number {
  let size = BLOCK_OVERHEAD
  for (const text of texts) size += text.length
  for (const call of toolCalls) size += call.name.length + call.arguments.length
  for (const { reference } of media) size += reference.length
  return size
}
