import { AIMessage, type BaseMessage, HumanMessage, SystemMessage, ToolMessage } from '@langchain/core/messages'
import type { SaidMessage } from '../thread.ts'

/** What the whole desk shares is worth caching: marked as Anthropic and OpenAI want it, each of whom passes over the other's mark. */
const CACHE_MARKERS = { cache_control: { type: 'ephemeral' }, prompt_cache_breakpoint: { mode: 'explicit' } }

/** A message in LangChain's types. */
export function toLangChain(message: SaidMessage): BaseMessage {
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
      return new AIMessage({
        content: message.text,
        tool_calls: message.toolCalls.map(({ id, name, arguments: args }) => ({ type: 'tool_call', id, name, args: { ...args } })),
      })
    case 'tool':
      return new ToolMessage({ content: message.text, tool_call_id: message.toolCallId })
  }
}

/** What an answer says. */
export const answerOf = (message: AIMessage) => ({
  text: message.text,
  toolCalls: (message.tool_calls ?? []).map(({ id = '', name, args }) => ({ id, name, arguments: args })),
})
