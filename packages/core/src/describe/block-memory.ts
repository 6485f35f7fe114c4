import type { Block } from './describe.ts'

/** Remembers what was found of a block for those that say the same, whoever holds them. */
export interface BlockMemory<Found> {
  /** What `find` has found of an equal block, else what it finds now. */
  recall(block: Block, find: (block: Block) => Found): Found
}

interface Entry<Found> {
  block: Block
  found: Found
}

/** Counted for a block beside its characters: many small ones take room, too. */
const BLOCK_OVERHEAD = 256
/** Places at which a text is looked at for its key, about. */
const SAMPLES = 8

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

  function keep(key: number, entry: Entry<Found>, size: number): void {
    if (size > maxCharacters / 2) return
    if (characters + size > maxCharacters / 2) {
      old = young
      young = new Map()
      characters = 0
    }
    young.set(key, entry)
    characters += size
  }

  return {
    recall(block, find) {
      const key = keyOf(block)
      const recent = young.get(key)
      if (recent !== undefined && saysTheSame(recent.block, block)) return recent.found
      const earlier = old.get(key)
      if (earlier !== undefined && saysTheSame(earlier.block, block)) {
        keep(key, earlier, sizeOf(block))
        return earlier.found
      }
      const found = find(block)
      // A copy: the lists may be the dialect's own, and change.
      const { texts, media, toolCalls } = block
      const copy = { ...block, texts: [...texts], ...(media && { media: [...media] }), ...(toolCalls && { toolCalls: [...toolCalls] }) }
      keep(key, { block: copy, found }, sizeOf(block))
      return found
    },
  }
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
  // From the end: there, texts that begin alike differ.
  for (let at = text.length - 1; at >= 0; at -= step) sampled = mix(sampled, text.charCodeAt(at))
  return sampled
}

const mix = (key: number, value: number): number => Math.imul(((key << 13) | (key >>> 19)) ^ value, 0x9e3779b1)

function saysTheSame(one: Block, other: Block): boolean {
  const { media = NONE, toolCalls = NONE } = one
  const { media: otherMedia = NONE, toolCalls: otherCalls = NONE } = other
  return (
    one.role === other.role &&
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
