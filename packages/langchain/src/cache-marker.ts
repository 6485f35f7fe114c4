import type { BindToolsInput } from '@langchain/core/language_models/chat_models'
import type { BaseMessage } from '@langchain/core/messages'

/** Fields by which a caller marks content for a prompt cache: Anthropic's, and OpenAI's. */
const markers = ['cache_control', 'prompt_cache_breakpoint'] as const

/** Whether the caller has set a cache marker in a message. */
export const isMarkedMessage = ({ content }: BaseMessage): boolean => typeof content !== 'string' && content.some(block => isMarked(block))

/** Whether the caller has set a cache marker on a tool, in any of LangChain's notations. */
export function isMarkedTool(tool: BindToolsInput): boolean {
  const { function: definition } = tool as { function?: unknown }
  return isMarked(tool) || isMarked(definition)
}

function isMarked(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  for (const marker of markers) if (Reflect.get(value, marker) != null) return true
  // Notations that have no field for it carry it among what they do not know.
  const extras: unknown = Reflect.get(value, 'extras') ?? Reflect.get(value, 'metadata')
  return typeof extras === 'object' && extras !== null && markers.some(marker => Reflect.get(extras, marker) != null)
}
