import type { Message, ToolCall } from '../input/row.ts'

/** What tools returned to the calls of the last message, each for the call it belongs to, whatever order the model made them in. */
export function toolResults(said: readonly Message[], expected: readonly ToolCall[], results: readonly string[]): Message[] {
  const last = said.at(-1)
  if (last?.role !== 'assistant') throw new Error('Results of tools that nobody has called.')
  const open = expected.map((call, at) => ({ call: fingerprint(call), result: results[at] ?? '' }))
  return last.toolCalls.map(call => {
    const found = open.findIndex(({ call: made }) => made === fingerprint(call))
    const [taken] = open.splice(found < 0 ? 0 : found, 1)
    return { role: 'tool', text: taken?.result ?? '', toolCallId: call.id ?? '' }
  })
}

const fingerprint = ({ name, arguments: input }: ToolCall): string =>
  JSON.stringify([name, input], (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  )
