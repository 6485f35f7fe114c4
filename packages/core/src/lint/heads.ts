import { comparePrompts, type Comparison } from './compare.ts'
import { type Print, textOf } from './print.ts'
import type { Prompt } from './sessions.ts'
import { commonPrefix, commonSuffix } from './text-difference.ts'

/** Beginnings that are remembered. */
const MAX_HEADS = 8
/** Share of a system prompt that must be alike for it to be the same one, changed. */
const LIKE = 0.3

/** Remembers how conversations begin: tools, system prompt and first message. Those that were not seen for longest go first. */
export function createHeads() {
  const heads: Prompt[] = []
  return {
    /** How a conversation's first prompt differs from one that began almost alike; `undefined` where none did. */
    compare(first: Prompt): { before: Prompt; comparison: Comparison } | undefined {
      const prints = headOf(first.prints)
      const head = { ...first, prints }
      const ofModel = heads.filter(({ request }) => request.model === first.request.model)
      const same = ofModel.find(known => systemOf(known.prints)?.digest === systemOf(prints)?.digest)
      const before = same ?? ofModel.find(known => isLike(known.prints, prints))
      if (same !== undefined) heads.splice(heads.indexOf(same), 1)
      heads.unshift(head)
      if (heads.length > MAX_HEADS) heads.pop()
      if (before === undefined) return undefined
      return {
        before,
        comparison: comparePrompts(before.prints, prints, { before: before.request, after: first.request, between: 'sessions' }),
      }
    },
  }
}

function headOf(prints: readonly Print[]): readonly Print[] {
  const first = prints.findIndex(({ block }) => block.role !== 'tools' && block.role !== 'system')
  return first < 0 ? prints : prints.slice(0, first + 1)
}

/** The system prompt; without one, the first message. */
const systemOf = (prints: readonly Print[]): Print | undefined => prints.find(({ block }) => block.role === 'system') ?? prints.at(-1)

/** Both begin with much of the same text. */
function isLike(before: readonly Print[], after: readonly Print[]): boolean {
  const old = systemOf(before)
  const now = systemOf(after)
  if (old === undefined || now === undefined || old.block.role !== now.block.role) return false
  const a = textOf(old.block)
  const b = textOf(now.block)
  const prefix = commonPrefix(a, 0, b, 0)
  return prefix + commonSuffix(a, prefix, b, prefix) >= LIKE * Math.max(a.length, b.length)
}
