import { AIMessage, type BaseMessage, HumanMessage, SystemMessage, ToolMessage } from '@langchain/core/messages'
import type { Message, ToolCall } from '../input/row.ts'
import type { Answer } from './conversation.ts'

/** What the whole desk shares is worth caching: marked as Anthropic and OpenAI want it, each of whom passes over the other's mark. */
const CACHE_MARKERS = { cache_control: { type: 'ephemeral' }, prompt_cache_breakpoint: { mode: 'explicit' } }

/** A message in LangChain's types; `position` is its place in the transcript. */
export function toLangChain(message: Message, position: number): BaseMessage {
  switch (message.role) {
    case 'system':
      if (message.marked !== true) return new SystemMessage(message.text)
      return new SystemMessage({ content: [{ type: 'text', text: message.text, ...CACHE_MARKERS }] })
    case 'user':
      if (message.images === undefined) return new HumanMessage(message.text)
      return new HumanMessage({
        content: [{ type: 'text', text: message.text }, ...message.images.map(url => ({ type: 'image_url', image_url: { url } }))],
      })
    case 'assistant':
      return assistantMessage(
        message,
        message.toolCalls.map(({ id }, at) => id ?? callId(position, at)),
      )
    case 'tool':
      return new ToolMessage({ content: message.text, tool_call_id: message.toolCallId })
  }
}

/** The answer that a conversation goes on with, as if a model had given it; `position` is its place in the transcript. */
export const referenceMessage = (answer: Answer, position: number): AIMessage =>
  assistantMessage(
    answer,
    answer.toolCalls.map((_, at) => callId(position, at)),
  )

/** What tools returned, each for the call it belongs to, whatever order the model made them in. */
export function toolMessages(message: AIMessage, expected: readonly ToolCall[], results: readonly string[]): ToolMessage[] {
  const open = expected.map((call, at) => ({ call: fingerprint(call.name, call.arguments), result: results[at] ?? '' }))
  return (message.tool_calls ?? []).map(call => {
    const found = open.findIndex(({ call: made }) => made === fingerprint(call.name, call.args))
    const [taken] = open.splice(found < 0 ? 0 : found, 1)
    return new ToolMessage({ content: taken?.result ?? '', tool_call_id: call.id ?? '', name: call.name })
  })
}

export const answerOf = (message: AIMessage): Answer => ({
  text: message.text,
  toolCalls: (message.tool_calls ?? []).map(({ name, args }) => ({ name, arguments: args })),
})

function assistantMessage({ text, toolCalls }: Answer, ids: readonly string[]): AIMessage {
  const calls = toolCalls.map((call, at) => ({
    type: 'tool_call' as const,
    id: ids[at] ?? '',
    name: call.name,
    args: { ...call.arguments },
  }))
  return new AIMessage({ content: text, tool_calls: calls })
}

/** Nine letters and digits: an id that every provider takes, unique in its transcript. */
const callId = (position: number, at: number): string => `c${String(position).padStart(5, '0')}${String(at).padStart(3, '0')}`

const fingerprint = (name: string, input: unknown): string =>
  JSON.stringify([name, input], (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  )
