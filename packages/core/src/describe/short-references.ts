import type { Block } from '../types.ts'

/** Characters of a medium's reference that go into the prefix hash from either end; inline data is megabytes. */
const REFERENCE_CHARACTERS = 2_048

/** A block whose media are known by the beginning and the end of what they refer to. */
export function withShortReferences(block: Block): Block {
  if (block.media === undefined) return block
  return { ...block, media: block.media.map(medium => ({ ...medium, reference: shorten(medium.reference) })) }
}

/** The beginning and the end of what a medium refers to, and how long that is. */
export function shorten(reference: string): string {
  if (reference.length <= 2 * REFERENCE_CHARACTERS) return reference
  return `${reference.slice(0, REFERENCE_CHARACTERS)}${reference.length}${reference.slice(-REFERENCE_CHARACTERS)}`
}
