import { excerptOf } from './excerpt.ts'
import type { LintBlock, LintReason, LintRequest } from './finding.ts'
import { textOf, type Print } from './print.ts'
import { reordered, sameButKeyOrder, sameButSpaces } from './rearranged.ts'
import { differenceOf, type TextDifference } from './text-difference.ts'

/** Whose two prompts are compared, and which they are. */
export interface Pair {
  before: Omit<LintRequest, 'blocks'>
  after: Omit<LintRequest, 'blocks'>
  between: 'turns' | 'sessions'
}

/** Why one block is not what stood in its place, and how much of it is there still. */
export interface Explanation {
  reason: LintReason
  before: string
  after: string
  /** Tokens of the block before the difference, and those after it that stood in the earlier block, too. */
  sharedBefore: number
  sharedAfter: number
}

/** Words before a name that say it is one. */
const NAME_CUES =
  /\b(?:user|name|customer|tenant|account|company|client|organi[sz]ation|workspace|team|talking to|speaking with|assisting|helping|hello|dear)\b\W{0,3}(?:\w{1,12}\W{1,3})?$/i

/** Compares two blocks of one role that are not equal. */
export function explain(old: Print, now: Print, pair: Pair): Explanation {
  const before = textOf(old.block)
  const after = textOf(now.block)
  if (before === after) return mediaChange(old.block, now.block)
  const difference = differenceOf(before, after)
  const { at, wordAt } = difference
  const found = rearrangement(before, after, difference)
  const sharedAfter = found?.sharedAfter ?? difference.sharedAfter
  const tokensPerCharacter = after.length === 0 ? 0 : now.tokens / after.length
  return {
    reason: found?.reason ?? reasonOf(difference, now.block, pair),
    before: excerptOf(before, wordAt),
    after: excerptOf(after, wordAt),
    sharedBefore: at * tokensPerCharacter,
    sharedAfter: Math.min(sharedAfter, after.length - at) * tokensPerCharacter,
  }
}

/** The same content, put in another way. */
function rearrangement(before: string, after: string, { at }: TextDifference): { reason: LintReason; sharedAfter: number } | undefined {
  if (sameButSpaces(before, after)) return { reason: { type: 'whitespace' }, sharedAfter: after.length - at }
  if (sameButKeyOrder(before, after, at)) return { reason: { type: 'key-order' }, sharedAfter: after.length - at }
  const sharedAfter = reordered(before, after, at)
  return sharedAfter === undefined ? undefined : { reason: { type: 'document-order' }, sharedAfter }
}

function reasonOf({ kind, before, after, leadIn }: TextDifference, { role }: LintBlock, pair: Pair): LintReason {
  if (namesCaller(before, pair.before) && namesCaller(after, pair.after)) return { type: 'caller-name' }
  if (kind !== undefined) return { type: kind }
  if (pair.between === 'sessions') return NAME_CUES.test(leadIn) ? { type: 'caller-name' } : { type: 'text-changed' }
  return role === 'system' || role === 'tools' ? { type: 'text-changed' } : { type: 'history-edited', removedMessages: 1, addedMessages: 1 }
}

const namesCaller = (word: string, { tenant, session }: Pair['before']): boolean =>
  [tenant, session].some(name => name !== undefined && name.length > 1 && (word.includes(name) || (word.length > 2 && name.includes(word))))

function mediaChange(old: LintBlock, now: LintBlock): Explanation {
  const place = now.media?.findIndex(({ reference }, at) => reference !== old.media?.[at]?.reference) ?? 0
  const show = (block: LintBlock) => excerptOf(addressOf(block.media?.[Math.max(0, place)]?.reference), 0)
  return { reason: { type: 'media-address' }, before: show(old), after: show(now), sharedBefore: 0, sharedAfter: 0 }
}

/** An address without its query, which may hold a signature. */
function addressOf(reference = ''): string {
  const end = reference.indexOf('?')
  return end < 0 ? reference : `${reference.slice(0, end)}?…`
}
