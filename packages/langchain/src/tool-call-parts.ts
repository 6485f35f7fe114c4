import type { ToolCallPart } from '@routewise/core'
import type { AIMessage, AIMessageChunk } from '@langchain/core/messages'

type Chunks = NonNullable<AIMessageChunk['tool_call_chunks']>

/** Tool calls of a whole answer, those that LangChain could not parse among them. */
export function wholeToolCalls({ tool_calls: calls, invalid_tool_calls: invalid }: AIMessage): readonly ToolCallPart[] | undefined {
  const parts = [
    ...(calls ?? []).map(({ name, args }) => part(name, JSON.stringify(args))),
    ...(invalid ?? []).map(({ name, args }) => part(name, args)),
  ]
  return parts.length === 0 ? undefined : parts.map((one, index) => ({ index, ...one }))
}

/** Name and arguments of a call, as far as they are given. */
export const part = (name: string | undefined, json: string | undefined): Omit<ToolCallPart, 'index'> => ({
  ...(name !== undefined && name !== '' && { name }),
  ...(json !== undefined && json !== '' && { arguments: json }),
})

/**
 * Numbers the tool calls of one stream. Google's integration gives their chunks no index and Mistral's begins again with each chunk:
 * there, an id of its own tells that a call is another.
 */
export function createToolCallNumbering(): (chunks: Chunks) => readonly ToolCallPart[] {
  const open = new Map<number, { id: string | undefined; number: number }>()
  let next = 0
  return chunks => {
    const parts: ToolCallPart[] = []
    for (const { index, id, name, args } of chunks) {
      let call = index === undefined ? undefined : open.get(index)
      const begins = name !== undefined && name !== '' && (call === undefined || (Boolean(id) && id !== call.id))
      if (begins) {
        call = { id, number: next++ }
        if (index !== undefined) open.set(index, call)
      }
      // Arguments of tools that the provider runs by itself come without the name of a call.
      if (call === undefined) continue
      parts.push({ index: call.number, ...part(name, args) })
    }
    return parts
  }
}
