import { fittingId, isJson, objectsOf, type Json } from '@routewise/core'

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
    const name = fittingId(id, pattern, taken)
    names.set(id, name)
    taken.add(name)
    if (name === id) return call
    isChanged = true
    return { ...call, id: name }
  })
  return isChanged ? { ...message, tool_calls: named } : message
}
