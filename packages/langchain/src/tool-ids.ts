import { createHash } from 'node:crypto'
import type { AIMessage } from '@langchain/core/messages'

export type ToolCall = NonNullable<AIMessage['tool_calls']>[number]

/** The id that a provider takes in place of one that it may refuse: always the same for the same. */
export type IdMap = (id: string) => string

/** Ids that match stay as they are. */
export function createIdMap(pattern: string | undefined): IdMap {
  if (pattern === undefined) return id => id
  const allowed = new RegExp(pattern)
  return id => (allowed.test(id) ? id : shortId(id))
}

/** Calls with ids that the provider takes; the same list where nothing changes. A call without an id stays without. */
export function callsAs(calls: readonly ToolCall[], ids: IdMap): readonly ToolCall[] {
  if (calls.every(({ id }) => id === undefined || ids(id) === id)) return calls
  return calls.map(call => (call.id === undefined ? call : { ...call, id: ids(call.id) }))
}

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** Nine letters and digits: what Mistral demands, and every other provider takes. */
export function shortId(id: string): string {
  const digest = createHash('sha256').update(id).digest()
  return Array.from({ length: 9 }, (_, at) => ALPHABET[digest[at]! % ALPHABET.length]).join('')
}
