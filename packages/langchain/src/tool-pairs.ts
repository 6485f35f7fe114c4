import type { AIMessage } from '@langchain/core/messages'
import { HumanMessage, ToolMessage, type BaseMessage } from '@langchain/core/messages'
import { reduced, saysNothing } from './model-turn.ts'
import { shortId, type ToolCall } from './tool-ids.ts'
import type { Turn } from './turn.ts'

/** Whether every call has an id of its own and its result right after it, and every result its call: what all providers take. */
export function arePaired(turns: readonly Turn[]): boolean {
  const seen = new Set<string>()
  let waiting: string[] = []
  for (const { message } of turns) {
    if (message.type === 'tool') {
      const at = waiting.indexOf((message as ToolMessage).tool_call_id)
      if (at === -1) return false
      waiting.splice(at, 1)
      continue
    }
    if (waiting.length > 0) return false
    if (message.type !== 'ai') continue
    const { tool_calls: calls = [], invalid_tool_calls: invalid = [] } = message as AIMessage
    if (invalid.length > 0) return false
    for (const { id } of calls) {
      if (id === undefined || id === '' || seen.has(id)) return false
      seen.add(id)
      waiting.push(id)
    }
  }
  return waiting.length === 0
}

/**
 * Puts results right after their calls. A call without a result gets one that says so, a result without a call is said by the user, and
 * calls that share an id, as those of some servers do, get ids of their own. What is in order stays as it is, so that a conversation that
 * grows keeps its beginning.
 */
export function pair(turns: readonly Turn[]): readonly Turn[] {
  if (arePaired(turns)) return turns
  const results = indexResults(turns)
  const claimed = new Set<number>()
  const used = new Set<string>()
  const paired: Turn[] = []

  /** The first result to come before the next answer; what comes later is news. */
  const claim = (id: string, at: number): number | undefined => {
    const found = results.get(id)?.find(position => position > at && !claimed.has(position))
    if (found === undefined || found > nextAnswer(at)) return undefined
    claimed.add(found)
    return found
  }
  const nextAnswer = (at: number): number => {
    const next = turns.findIndex(({ message }, position) => position > at && message.type === 'ai')
    return next === -1 ? turns.length : next
  }

  for (const [at, turn] of turns.entries()) {
    const { message } = turn
    if (message.type === 'tool') {
      if (!claimed.has(at)) paired.push(...saidByUser(turn))
      continue
    }
    const made =
      message.type === 'ai'
        ? withoutBrokenCalls(message as AIMessage, id =>
            (results.get(id) ?? []).some(position => position > at && position < nextAnswer(at)),
          )
        : message
    if (made === undefined) continue
    const calls = message.type === 'ai' ? ((made as AIMessage).tool_calls ?? []) : []
    if (calls.length === 0) {
      paired.push(made === message ? turn : { ...turn, message: made })
      continue
    }
    const claims = calls.map((call, index) => ({
      call,
      id: freshId(call, `${paired.length}:${index}`),
      position: call.id === undefined ? undefined : claim(call.id, at),
    }))
    const isSame = claims.every(({ call, id }) => call.id === id)
    const own = made as AIMessage
    paired.push(
      isSame
        ? { ...turn, message: own }
        : {
            ...turn,
            message: reduced(
              own,
              claims.map(({ call, id }) => ({ ...call, id })),
            ),
          },
    )
    const answered = claims.filter(({ position }) => position !== undefined).toSorted((a, b) => a.position! - b.position!)
    for (const { call, id, position } of answered) {
      const result = turns[position!]!
      paired.push(call.id === id ? result : { ...result, message: withCallId(result.message as ToolMessage, id) })
    }
    for (const { call, id, position } of claims) {
      if (position === undefined) paired.push({ message: unanswered(call, id), from: -1 })
    }
  }
  return paired

  /** An id that no earlier call of the conversation has. */
  function freshId({ id, name }: ToolCall, place: string): string {
    let fresh = id === undefined || id === '' ? shortId(`${name} ${place}`) : id
    for (let round = 2; used.has(fresh); round += 1) fresh = shortId(`${id} ${round}`)
    used.add(fresh)
    return fresh
  }
}

function indexResults(turns: readonly Turn[]): Map<string, number[]> {
  const results = new Map<string, number[]>()
  for (const [at, { message }] of turns.entries()) {
    if (message.type !== 'tool') continue
    const { tool_call_id: id } = message as ToolMessage
    const positions = results.get(id)
    if (positions === undefined) results.set(id, [at])
    else positions.push(at)
  }
  return results
}

/**
 * Calls whose arguments are no JSON: those that were answered, as agents do with the error, become calls without arguments, the others
 * are left out. `undefined`: nothing is left of the turn.
 */
function withoutBrokenCalls(message: AIMessage, isAnswered: (id: string) => boolean): AIMessage | undefined {
  const { invalid_tool_calls: invalid = [], tool_calls: calls = [] } = message
  if (invalid.length === 0) return message
  const mended = invalid.flatMap(({ id, name }): ToolCall[] =>
    id !== undefined && name !== undefined && name !== '' && isAnswered(id) ? [{ type: 'tool_call', id, name, args: {} }] : [],
  )
  const made = reduced(message, [...calls, ...mended])
  return saysNothing(made) ? undefined : made
}

const unanswered = ({ name }: ToolCall, id: string): ToolMessage =>
  new ToolMessage({ tool_call_id: id, name, status: 'error', content: 'No result provided.' })

function saidByUser({ message, from }: Turn): readonly Turn[] {
  const { text, name } = message
  if (text.trim() === '') return []
  return [{ from, message: new HumanMessage(`Result of ${name ?? 'a tool'}:\n\n${text}`) }]
}

/** The same result for a call of another id. */
export function withCallId(message: ToolMessage, id: string): BaseMessage {
  const { content, name, status, artifact } = message
  return new ToolMessage({
    content,
    tool_call_id: id,
    ...(name !== undefined && { name }),
    ...(status !== undefined && { status }),
    ...(artifact !== undefined && { artifact }),
    ...(message.id !== undefined && { id: message.id }),
  })
}
