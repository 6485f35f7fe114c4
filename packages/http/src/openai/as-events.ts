import { jsonOf, objectsOf, type Json } from '@routewise/core'

/** A whole chat completion as the events of a stream, for who has asked for one; `wantsUsage`: its usage as an event of its own. */
export function asEvents({ choices, usage, ...envelope }: Json, wantsUsage: boolean): Buffer {
  const chunk = { ...envelope, object: 'chat.completion.chunk', choices: objectsOf(choices).map(asDelta) }
  const events = wantsUsage && usage !== undefined ? [chunk, { ...chunk, choices: [], usage }] : [chunk]
  return Buffer.from(events.map(event => `data: ${JSON.stringify(event)}\n\n`).join(''))
}

function asDelta({ message, ...choice }: Json): Json {
  const { tool_calls: calls, ...delta } = jsonOf(message)
  return { ...choice, delta: calls == null ? delta : { ...delta, tool_calls: objectsOf(calls).map((call, index) => ({ index, ...call })) } }
}
