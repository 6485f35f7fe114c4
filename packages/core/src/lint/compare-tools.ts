import { excerptOf } from './excerpt.ts'
import { explain, type Explanation, type Pair } from './explain.ts'
import type { LintPlace } from './finding.ts'
import type { Print } from './print.ts'

/** How two lists of tools differ. */
export interface ToolChange extends Explanation {
  place: LintPlace
}

/** Compares the tools of two prompts; `undefined`: they are alike. */
export function compareTools(before: readonly Print[], after: readonly Print[], pair: Pair): ToolChange | undefined {
  let same = 0
  while (same < before.length && same < after.length && before[same]!.digest === after[same]!.digest) same += 1
  if (same === before.length && same === after.length) return undefined
  const sharedBefore = sum(after.slice(0, same))
  const left = new Set(before.slice(same).map(({ digest }) => digest))
  const rest = sum(after.slice(same).filter(({ digest }) => left.has(digest)))
  const old = before[same]
  const now = after[same]
  if (old !== undefined && now !== undefined && nameOf(old) === nameOf(now)) {
    const change = explain(old, now, pair)
    const tool = nameOf(now)
    return {
      ...change,
      place: { type: 'tools', tool },
      sharedBefore: sharedBefore + change.sharedBefore,
      sharedAfter: change.sharedAfter + rest,
    }
  }
  const names = before.map(nameOf)
  const namesNow = after.map(nameOf)
  const added = namesNow.filter(name => !names.includes(name))
  const removed = names.filter(name => !namesNow.includes(name))
  return {
    reason: added.length === 0 && removed.length === 0 ? { type: 'tool-order' } : { type: 'tool-set', added, removed },
    place: { type: 'tools' },
    before: excerptOf(names.slice(same).join(', '), 0),
    after: excerptOf(namesNow.slice(same).join(', '), 0),
    sharedBefore,
    sharedAfter: rest,
  }
}

const nameOf = ({ block }: Print): string => block.texts[0] ?? ''
const sum = (prints: readonly Print[]): number => prints.reduce((total, { tokens }) => total + tokens, 0)
