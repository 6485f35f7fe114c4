import { chain, EMPTY_PREFIX } from '../describe/prefix.ts'
import type { PrefixBlock } from '../types.ts'

/** Blocks of a prompt that are remembered one by one; the rest are known by the hash of the whole. */
const MAX_BLOCKS = 256
/** Two prompts that share a block of so many tokens, or two blocks, do so by more than chance. */
const TELLING_TOKENS = 32

/** What is kept of a prompt to recognise it in a later one, and to tell what was changed. At most about 2 KB. */
export interface Outline {
  /** Blocks of the prompt. */
  length: number
  /** Hash of all of it. */
  hash: number
  /** Digests of the first blocks. */
  digests: Float64Array
  /** Digests of the tools, of all system blocks before the first message, of the user's first message and of the last block; 0: there is none. */
  tools: number
  system: number
  firstUser: number
  tail: number
  /** Where the messages begin: after tools and system. */
  messagesFrom: number
  /** Estimated `o200k` tokens, and blocks of content, of the whole prompt. */
  tokens: number
  parts: number
}

/** Where a prompt departs from the one before it in its conversation. */
export interface Change {
  cause: 'tools-changed' | 'system-changed' | 'first-message-changed' | 'history-changed'
  /** The first block that differs, counted from 0, with the tools as one; `undefined`: far down a long history. */
  block: number | undefined
}

/** The outline of a prompt; `undefined` for an empty one. */
export function outlineOf(prefix: readonly PrefixBlock[]): Outline | undefined {
  const last = prefix.at(-1)
  if (last === undefined) return undefined
  const digests = new Float64Array(Math.min(prefix.length, MAX_BLOCKS))
  for (let at = 0; at < digests.length; at += 1) digests[at] = prefix[at]!.digest
  return {
    length: prefix.length,
    hash: last.hash,
    digests,
    tail: last.digest,
    tokens: last.tokens,
    parts: last.parts,
    ...sectionsOf(prefix),
  }
}

/** What was changed of the prompt before; `undefined`: this one begins with all of it. */
export function changeOf(before: Outline, prefix: readonly PrefixBlock[]): Change | undefined {
  if (prefix[before.length - 1]?.hash === before.hash) return undefined
  const now = sectionsOf(prefix)
  const differing = before.digests.findIndex((digest, at) => prefix[at]?.digest !== digest)
  const block = differing < 0 ? undefined : differing
  if (now.tools !== before.tools) return { cause: 'tools-changed', block }
  if (now.system !== before.system) return { cause: 'system-changed', block }
  // A first message that came later before was not changed: those above it are gone.
  if (now.firstUser !== before.firstUser && !before.digests.includes(now.firstUser)) return { cause: 'first-message-changed', block }
  return { cause: 'history-changed', block }
}

/**
 * The prompt goes on with a conversation although its beginning is another: it shares messages, and has got an answer since. In one
 * `session` less of them is asked for.
 */
export function goesOn(before: Outline, prefix: readonly PrefixBlock[], session: boolean): boolean {
  const last = prefix.at(-1)
  if (last === undefined || last.digest === before.tail) return false
  const messagesFrom = messageStart(prefix)
  const keepsTail = prefix.some(({ digest }, at) => at >= messagesFrom && digest === before.tail)
  const answeredAt = messagesFrom + before.length - before.messagesFrom
  if (!keepsTail && prefix[answeredAt]?.role !== 'assistant') return false

  const messages = new Map<number, number>()
  for (let at = messagesFrom; at < prefix.length; at += 1) {
    const { digest, tokens } = prefix[at]!
    messages.set(digest, tokens - (prefix[at - 1]?.tokens ?? 0))
  }
  let shared = 0
  let sharedTokens = 0
  const kept = before.digests.subarray(before.messagesFrom)
  for (const digest of kept) {
    const tokens = messages.get(digest)
    if (tokens === undefined) continue
    shared += 1
    sharedTokens += tokens
  }
  if (session) return shared > 0 || (messagesFrom > 0 && keepsSections(before, prefix))
  return (shared > 1 || sharedTokens >= TELLING_TOKENS) && shared * 2 >= kept.length
}

/** Salted digest by which a conversation is looked for when the hash of its prompt is not found. */
export const saltedDigest = (salt: number, digest: number): number => chain(salt, digest)

/** Digest of the user's first message; 0: there is none. */
export const firstUserOf = (prefix: readonly PrefixBlock[]): number => prefix.find(({ role }) => role === 'user')?.digest ?? EMPTY_PREFIX

type Sections = Pick<Outline, 'tools' | 'system' | 'firstUser' | 'messagesFrom'>

function sectionsOf(prefix: readonly PrefixBlock[]): Sections {
  const messagesFrom = messageStart(prefix)
  let tools = EMPTY_PREFIX
  let system = EMPTY_PREFIX
  for (let at = 0; at < messagesFrom; at += 1) {
    const { role, digest } = prefix[at]!
    if (role === 'tools') tools = chain(tools, digest)
    else system = chain(system, digest)
  }
  return { tools, system, firstUser: firstUserOf(prefix), messagesFrom }
}

function messageStart(prefix: readonly PrefixBlock[]): number {
  const first = prefix.findIndex(({ role }) => role !== 'tools' && role !== 'system')
  return first < 0 ? prefix.length : first
}

function keepsSections(before: Outline, prefix: readonly PrefixBlock[]): boolean {
  const { tools, system } = sectionsOf(prefix)
  return tools === before.tools && system === before.system
}
