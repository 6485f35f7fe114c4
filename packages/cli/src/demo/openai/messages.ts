import type { ChatCompletionMessageParam } from 'openai/resources/chat/completions'
import type { SaidMessage } from '../thread.ts'

/** What the whole desk shares is worth caching: marked as Anthropic and OpenAI want it, each of whom passes over the other's mark. */
const CACHE_MARKERS = { cache_control: { type: 'ephemeral' }, prompt_cache_breakpoint: { mode: 'explicit' } } as const

/** A message in OpenAI's words. */
export function toChatMessage(message: SaidMessage): ChatCompletionMessageParam {
  switch (message.role) {
    case 'system':
      if (message.marked !== true) return { role: 'system', content: message.text }
      return { role: 'system', content: [{ type: 'text', text: message.text, ...CACHE_MARKERS }] }
    case 'user':
      if (message.images === undefined) return { role: 'user', content: message.text }
      return {
        role: 'user',
        content: [{ type: 'text', text: message.text }, ...message.images.map(url => ({ type: 'image_url' as const, image_url: { url } }))],
      }
    case 'assistant': {
      const { text, toolCalls } = message
      if (toolCalls.length === 0) return { role: 'assistant', content: text }
      const calls = toolCalls.map(({ id, name, arguments: input }) => ({
        id,
        type: 'function' as const,
        function: { name, arguments: JSON.stringify(input) },
      }))
      return { role: 'assistant', content: text === '' ? null : text, tool_calls: calls }
    }
    case 'tool':
      return { role: 'tool', tool_call_id: message.toolCallId, content: message.text }
  }
}
