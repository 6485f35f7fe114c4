import { align, placesOf, type Shift } from './align.ts'
import { compareTools } from './compare-tools.ts'
import { excerptOf } from './excerpt.ts'
import { explain, type Explanation, type Pair } from './explain.ts'
import type { LintPlace, LintReason } from './finding.ts'
import { textOf, type Print } from './print.ts'

/** One change, and what could be read if it were not there. */
export interface Break extends Pick<Explanation, 'reason' | 'before' | 'after'> {
  place: LintPlace
  /** Estimated `o200k` tokens that were in the earlier prompt, too, from this change up to the next. */
  followingTokens: number
}

/** Two prompts side by side. */
export interface Comparison {
  /** Tokens that both begin with. */
  sharedTokens: number
  breaks: readonly Break[]
}

/** Changes of one prompt that are told apart; more of them are one. */
const MAX_BREAKS = 8

/** Messages that stay at the head of a history that is cut: the first one, often, and one that is like the one that stood there by chance. */
const KEPT_MESSAGES = 2

/** Compares a prompt with an earlier one: what they share, and what stands between. */
export function comparePrompts(before: readonly Print[], after: readonly Print[], pair: Pair): Comparison {
  const ledger = openLedger()
  const toolsBefore = countTools(before)
  const toolsAfter = countTools(after)
  const change = compareTools(before.slice(0, toolsBefore), after.slice(0, toolsAfter), pair)
  if (change === undefined) for (const { tokens } of after.slice(0, toolsAfter)) ledger.add(tokens)
  else ledger.break(change, change.place)
  compareMessages(before.slice(toolsBefore), after.slice(toolsAfter), pair, ledger)
  return ledger.close()
}

function compareMessages(before: readonly Print[], after: readonly Print[], pair: Pair, ledger: Ledger): void {
  let places: Map<number, number[]> | undefined
  let p = 0
  let n = 0
  while (p < before.length && n < after.length) {
    const old = before[p]!
    const now = after[n]!
    if (old.digest === now.digest) {
      ledger.add(now.tokens)
      p += 1
      n += 1
      continue
    }
    if (ledger.full()) return
    places ??= placesOf(before)
    const shift = old.block.role === 'system' && now.block.role === 'system' ? IN_PLACE : align(before, after, p, n, places)
    const { removed, added } = shift
    const place: LintPlace =
      now.block.role === 'system' ? { type: 'system', index: n } : { type: 'message', index: n, role: now.block.role }
    if (removed === added && old.block.role === now.block.role) {
      ledger.break(explain(old, now, pair), place)
      p += 1
      n += 1
      continue
    }
    ledger.break({ ...shown(old, now), reason: shiftReason(before, p, shift) }, place)
    if (!shift.found) return
    p += removed
    n += added
  }
}

const IN_PLACE: Shift = { removed: 1, added: 1, found: true }

/** Whole messages are gone, or new ones stand between. */
function shiftReason(before: readonly Print[], p: number, { removed, added }: Shift): LintReason {
  const head = before.findIndex(({ block }) => block.role !== 'system')
  const fromHead = p <= head + KEPT_MESSAGES
  if (fromHead && added === 0) return { type: 'sliding-window', droppedMessages: removed }
  if (fromHead && removed > added) return { type: 'rolling-summary', replacedMessages: removed }
  return { type: 'history-edited', removedMessages: removed, addedMessages: added }
}

const shown = (old: Print, now: Print) => ({
  before: excerptOf(textOf(old.block), 0),
  after: excerptOf(textOf(now.block), 0),
  sharedBefore: 0,
  sharedAfter: 0,
})

export function countTools(prints: readonly Print[]): number {
  const first = prints.findIndex(({ block }) => block.role !== 'tools')
  return first < 0 ? prints.length : first
}

type Ledger = ReturnType<typeof openLedger>

/** Tokens up to the first change are shared; those after a change are that change's. */
function openLedger() {
  const breaks: Break[] = []
  let sharedTokens = 0
  const add = (tokens: number): void => {
    const last = breaks.at(-1)
    if (last === undefined) sharedTokens += tokens
    else last.followingTokens += tokens
  }
  return {
    add,
    full: () => breaks.length === MAX_BREAKS,
    break({ reason, before, after, sharedBefore, sharedAfter }: Explanation, place: LintPlace): void {
      add(sharedBefore)
      breaks.push({ reason, before, after, place, followingTokens: sharedAfter })
    },
    close: (): Comparison => ({ sharedTokens, breaks }),
  }
}
