import { comparePrompts, type Comparison } from './compare.ts'
import { isLike, systemOf } from './begin-alike.ts'
import type { Print } from './print.ts'
import type { Prompt } from './sessions.ts'

/** Beginnings that are remembered. */
const MAX_HEADS = 8

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
      const before = same ?? ofModel.find(known => isLikeHead(known.prints, prints))
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

function isLikeHead(before: readonly Print[], after: readonly Print[]): boolean {
  const old = systemOf(before)
  const now = systemOf(after)
  return old !== undefined && now !== undefined && old.block.role === now.block.role && isLike(old, now)
}
