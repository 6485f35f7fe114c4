import { isJson, objectsOf, type Json } from '@routewise/core'

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
/** Mistral takes ids of this length alone; all others take it, too. Source: its error 3280. */
const LENGTH = 9

/**
 * Ids of tool calls as the server takes them: those that fit, and were not given to an earlier call, stay. Others become what they always
 * become, so that the prompt of the next turn begins like this one. Results follow their calls.
 */
export function withFittingIds(messages: readonly unknown[], pattern: RegExp): readonly unknown[] {
  const taken = new Set<string>()
  /** What the latest call of an id is named now. */
  const names = new Map<unknown, string>()
  let fitting: unknown[] | undefined
  for (const [at, message] of messages.entries()) {
    if (!isJson(message)) continue
    const renamed = message['role'] === 'tool' ? resultNamed(message, names) : callsNamed(message, pattern, names, taken)
    if (renamed !== message) (fitting ??= [...messages])[at] = renamed
  }
  return fitting ?? messages
}

function resultNamed(message: Json, names: ReadonlyMap<unknown, string>): Json {
  const { tool_call_id: id } = message
  const name = names.get(id)
  return name === undefined || name === id ? message : { ...message, tool_call_id: name }
}

function callsNamed(message: Json, pattern: RegExp, names: Map<unknown, string>, taken: Set<string>): Json {
  const { tool_calls: calls } = message
  if (!Array.isArray(calls) || message['role'] !== 'assistant') return message
  let isChanged = false
  const named = objectsOf(calls).map(call => {
    const { id } = call
    if (typeof id !== 'string') return call
    const name = nameFor(id, pattern, taken)
    names.set(id, name)
    taken.add(name)
    if (name === id) return call
    isChanged = true
    return { ...call, id: name }
  })
  return isChanged ? { ...message, tool_calls: named } : message
}

function nameFor(id: string, pattern: RegExp, taken: ReadonlySet<string>): string {
  if (pattern.test(id) && !taken.has(id)) return id
  for (let round = 0; ; round += 1) {
    const name = nineOf(id, round)
    if (!taken.has(name)) return name
  }
}

function nineOf(id: string, round: number): string {
  let [low, high] = [hashOf(id, 2 * round), hashOf(id, 2 * round + 1)]
  let name = ''
  for (let at = 0; at < LENGTH; at += 1) {
    name += LETTERS[low % LETTERS.length]
    low = Math.floor(low / LETTERS.length)
    // Each half gives five letters.
    if (at === 4) [low, high] = [high, low]
  }
  return name
}

/** A number that stands for a text, the same in every process. 32 bits. Source: FNV-1a, with the finalizer of MurmurHash3. */
function hashOf(text: string, seed: number): number {
  let hash = 0x811c9dc5 ^ seed
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
