import { type Print, textOf } from './print.ts'
import { commonPrefix, commonSuffix } from './text-difference.ts'

/** Share of a system prompt that must be alike for it to be the same one, changed. */
const ALIKE = 0.3
/** Pieces of a text that are looked for in another one, and their length: less than a line. */
const SAMPLES = 16
const SAMPLE_CHARACTERS = 16

/** The system prompt; without one, the first message. */
export const systemOf = (prints: readonly Print[]): Print | undefined =>
  prints.find(({ block }) => block.role === 'system') ?? messageOf(prints)

const messageOf = (prints: readonly Print[]): Print | undefined => prints.find(({ block }) => block.role !== 'tools')

/** Both prompts have the same system prompt, or one that is much like it; or both have none. */
export function beginAlike(before: readonly Print[], after: readonly Print[]): boolean {
  const old = systemOf(before)
  const now = systemOf(after)
  if (old === undefined || now === undefined) return old === now
  if (old.digest === now.digest) return true
  if (old.block.role !== now.block.role) return false
  // Without a system prompt the head of the history may have been cut off.
  return old.block.role !== 'system' || isLike(old, now)
}

/** Much of two blocks is the same text: at their beginnings and ends, or piece by piece. */
export function isLike(old: Print, now: Print): boolean {
  const a = textOf(old.block)
  const b = textOf(now.block)
  const prefix = commonPrefix(a, 0, b, 0)
  if (prefix + commonSuffix(a, prefix, b, prefix) >= ALIKE * Math.max(a.length, b.length)) return true
  let found = 0
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    const at = Math.floor((sample * b.length) / SAMPLES)
    const lineEnd = b.lastIndexOf('\n', at + SAMPLE_CHARACTERS)
    // Ends of lines are written in more than one way.
    const from = lineEnd >= at ? lineEnd + 1 : at
    const piece = b.slice(from, from + SAMPLE_CHARACTERS)
    if (piece.length === SAMPLE_CHARACTERS && a.includes(piece)) found += 1
  }
  return found >= ALIKE * SAMPLES
}
