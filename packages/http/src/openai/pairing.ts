import { isJson, objectsOf, type Json } from '@routewise/core'

/** Said for a tool that nobody has run: a call that was cut off, or given up. */
export const NO_RESULT = 'No result provided'

/**
 * Every call of a tool has its result right behind it, and every result its call: all servers refuse others. A result whose call is gone,
 * as where a history was cut, is said by the user.
 */
export function withPairedCalls(messages: readonly unknown[]): readonly unknown[] {
  const paired: unknown[] = []
  let isChanged = false
  /** Calls that wait for their results. */
  let waiting = new Set<unknown>()
  /** Results without calls, among others that have theirs: they are said after these. */
  let lost: Json[] = []

  function endTurn(): void {
    if (waiting.size === 0 && lost.length === 0) return
    isChanged = true
    for (const id of waiting) paired.push({ role: 'tool', tool_call_id: id, content: NO_RESULT })
    paired.push(...lost)
    waiting = new Set()
    lost = []
  }

  for (const message of messages) {
    if (!isJson(message) || message['role'] !== 'tool') {
      endTurn()
      if (isJson(message) && message['role'] === 'assistant') waiting = new Set(objectsOf(message['tool_calls']).map(({ id }) => id))
      paired.push(message)
    } else if (waiting.delete(message['tool_call_id'])) paired.push(message)
    else lost.push({ role: 'user', content: saidByUser(message) })
  }
  endTurn()
  return isChanged ? paired : messages
}

/** A result as whoever asked for it might tell it. */
export function saidByUser({ content, output = content }: Json): string {
  const parts = typeof output === 'string' ? [{ type: 'text', text: output }] : objectsOf(output)
  const text = parts.map(part => (typeof part['text'] === 'string' ? part['text'] : '')).join('\n')
  return `Result of an earlier call of a tool:\n${text}`
}
