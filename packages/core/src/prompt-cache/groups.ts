import { chain } from '../describe/prefix.ts'
import { measureText } from '../describe/tokens.ts'
import type { TargetFacts } from '../types.ts'
import { createTokenLoad, type TokenLoad } from './token-load.ts'

/** One of several equal targets. */
export interface Member {
  readonly group: Group
  readonly load: TokenLoad
  /** Where it stands in the order of a prefix: the same in every process. */
  rank(prefix: number): number
}

export interface Group {
  /** Mean input tokens of what was sent to it lately. */
  promptTokens: number
  /** How many those were, as far as they count. */
  sent: number
}

/** Targets of which there are several equal ones, by id. Source of the default group: types/target.ts. */
export function groupMembers(targets: readonly TargetFacts[]): ReadonlyMap<string, Member> {
  const groups = Map.groupBy(targets, ({ group, card }) => group ?? `${card.provider}/${card.id}`)
  const members = new Map<string, Member>()
  for (const equals of groups.values()) {
    if (equals.length < 2) continue
    const group: Group = { promptTokens: 0, sent: 0 }
    for (const { id } of equals) members.set(id, memberOf(id, group))
  }
  return members
}

/** 2^52: a hash below it, as a share. */
const HASHES = 0x10_0000_0000_0000

function memberOf(id: string, group: Group): Member {
  const name = measureText(id).hash
  return { group, load: createTokenLoad(), rank: prefix => chain(prefix, name) / HASHES }
}
