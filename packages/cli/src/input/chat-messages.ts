import * as z from 'zod'
import type { Message, ToolCall } from './row.ts'

const part = z.union([
  z.string(),
  z.looseObject({ type: z.literal('text'), text: z.string() }),
  z.looseObject({ type: z.literal('image_url'), image_url: z.union([z.string(), z.looseObject({ url: z.string() })]) }),
])
const content = z.union([z.string(), z.array(part), z.null()]).optional()
const called = z.looseObject({ name: z.string(), arguments: z.union([z.string(), z.record(z.string(), z.unknown())]).optional() })

const chatMessage = z.looseObject({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool', 'function']),
  content,
  tool_calls: z.array(z.looseObject({ id: z.string().optional(), function: called })).nullish(),
  function_call: called.nullish(),
  tool_call_id: z.string().nullish(),
  name: z.string().nullish(),
})
/** Messages as a body of OpenAI's chat completions has them. */
export const chatMessages = z.array(chatMessage).min(1)
export type ChatMessage = z.output<typeof chatMessage>

export const readMessages = (messages: readonly ChatMessage[]): Message[] => messages.map(readMessage)

function readMessage(message: ChatMessage, at: number): Message {
  const text = textOf(message.content)
  switch (message.role) {
    case 'system':
    case 'developer':
      return { role: 'system', text }
    case 'user': {
      const images = imagesOf(message.content)
      return { role: 'user', text, ...(images.length > 0 ? { images } : {}) }
    }
    case 'assistant':
      return { role: 'assistant', text, toolCalls: callsOf(message, at) }
    case 'tool':
    case 'function':
      return { role: 'tool', text, toolCallId: message.tool_call_id ?? message.name ?? `call_${at - 1}_0` }
  }
}

function callsOf({ tool_calls: calls, function_call: older }: ChatMessage, at: number): ToolCall[] {
  const all = calls?.map(({ id, function: fn }) => ({ id, fn })) ?? (older ? [{ id: older.name, fn: older }] : [])
  return all.map(({ id, fn }, index) => ({ id: id ?? `call_${at}_${index}`, name: fn.name, arguments: argumentsOf(fn.arguments) }))
}

function argumentsOf(given: string | Record<string, unknown> | undefined): Record<string, unknown> {
  if (typeof given !== 'string') return given ?? {}
  try {
    const parsed: unknown = JSON.parse(given)
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

function textOf(given: z.output<typeof content>): string {
  if (typeof given === 'string') return given
  return (given ?? []).flatMap(piece => (typeof piece === 'string' ? [piece] : piece.type === 'text' ? [piece.text] : [])).join('\n')
}

function imagesOf(given: z.output<typeof content>): string[] {
  if (!Array.isArray(given)) return []
  return given.flatMap(piece => {
    if (typeof piece === 'string' || piece.type !== 'image_url') return []
    return [typeof piece.image_url === 'string' ? piece.image_url : piece.image_url.url]
  })
}
