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

/**
 * Targets of which there are several equal ones, by id: those that their user has put into one group, and those of one model on different
 * accounts. The same model twice on one account is two ways of asking it, and there is one cache.
 */
export function groupMembers(targets: readonly TargetFacts[]): ReadonlyMap<string, Member> {
  const groups = Map.groupBy(
    targets,
    ({ id, group, account, card }) => group ?? (account === undefined ? `alone/${id}` : `${card.provider}/${card.id}`),
  )
  const members = new Map<string, Member>()
  for (const equals of groups.values()) {
    const accounts = new Set(equals.map(({ group, account, id }) => (group === undefined ? account : id)))
    if (equals.length < 2 || accounts.size < equals.length) continue
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
