import type { AssistantModelMessage, ModelMessage, ToolModelMessage, UserModelMessage } from 'ai'
import type { SaidMessage } from '../thread.ts'

/** What the whole desk shares is worth caching: marked as Anthropic and OpenAI want it, each of whom passes over the other's mark. */
const CACHE_MARKERS = {
  anthropic: { cacheControl: { type: 'ephemeral' } },
  openai: { promptCacheBreakpoint: { mode: 'explicit' } },
}

/** Messages in the SDK's types. What several tools returned is one message. */
export function toModelMessages(messages: readonly SaidMessage[]): ModelMessage[] {
  const written: ModelMessage[] = []
  for (const message of messages) {
    const last = written.at(-1)
    if (message.role !== 'tool') written.push(toModelMessage(message))
    else if (last?.role === 'tool') last.content.push(toToolResult(message))
    else written.push({ role: 'tool', content: [toToolResult(message)] })
  }
  return written
}

function toModelMessage(message: Exclude<SaidMessage, { role: 'tool' }>): ModelMessage {
  switch (message.role) {
    case 'system':
      return { role: 'system', content: message.text, ...(message.marked === true && { providerOptions: CACHE_MARKERS }) }
    case 'user':
      return { role: 'user', content: message.images === undefined ? message.text : withImages(message.text, message.images) }
    case 'assistant':
      return { role: 'assistant', content: withCalls(message) }
  }
}

const withImages = (text: string, images: readonly string[]): UserModelMessage['content'] => [
  { type: 'text', text },
  ...images.map(url => ({ type: 'file' as const, mediaType: 'image', data: new URL(url) })),
]

function withCalls({ text, toolCalls }: Extract<SaidMessage, { role: 'assistant' }>): AssistantModelMessage['content'] {
  if (toolCalls.length === 0) return text
  const calls = toolCalls.map(({ id, name, arguments: input }) => ({
    type: 'tool-call' as const,
    toolCallId: id,
    toolName: name,
    input: { ...input },
  }))
  return text === '' ? calls : [{ type: 'text', text }, ...calls]
}

const toToolResult = ({
  text,
  toolCallId,
  toolName = toolCallId,
}: Extract<SaidMessage, { role: 'tool' }>): ToolModelMessage['content'][number] => ({
  type: 'tool-result',
  toolCallId,
  toolName,
  output: { type: 'text', value: text },
})
