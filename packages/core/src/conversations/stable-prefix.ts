import { EMPTY_PREFIX } from '../describe/prefix.ts'
import type { PrefixBlock } from '../types.ts'

/** The part of a prompt that stays as its conversation grows: tools, system and the first message of the user. Empty prompts have hash 0. */
export function stablePrefix(prefix: readonly PrefixBlock[]): number {
  const first = prefix.findIndex(({ role }) => role === 'user')
  return (first >= 0 ? prefix[first] : prefix.at(-1))?.hash ?? EMPTY_PREFIX
}

/** The part of a prompt that many conversations share: tools and system. Hash 0 where there is none. */
export function sharedPrefix(prefix: readonly PrefixBlock[]): number {
  let hash = EMPTY_PREFIX
  for (const block of prefix) {
    if (block.role !== 'tools' && block.role !== 'system') break
    hash = block.hash
  }
  return hash
}

/** Tokens, `o200k`, of the part that many conversations share. */
export function sharedTokens(prefix: readonly PrefixBlock[]): number {
  let shared = 0
  for (const { role, tokens } of prefix) {
    if (role !== 'tools' && role !== 'system') break
    shared = tokens
  }
  return shared
}
