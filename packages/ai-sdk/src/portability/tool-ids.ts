import type { LanguageModelV4Prompt } from '@ai-sdk/provider'
import { fittingId } from '@routewise/core'

/**
 * Ids of tool calls as the model's provider takes them: those that fit, and were not given to an earlier call, stay. Others become what
 * they always become, so that the prompt of the next turn begins like this one. Results follow their calls.
 */
export function withFittingIds(prompt: LanguageModelV4Prompt, pattern: RegExp | undefined): LanguageModelV4Prompt {
  const taken = new Set<string>()
  /** What the latest call of an id is named now. */
  const names = new Map<string, string>()
  let fitting: LanguageModelV4Prompt | undefined
  for (const [at, message] of prompt.entries()) {
    if (message.role !== 'assistant' && message.role !== 'tool') continue
    const own = new Set<string>()
    let isChanged = false
    for (const part of message.content) {
      if (message.role === 'assistant' && part.type === 'tool-call' && !own.has(part.toolCallId)) {
        own.add(part.toolCallId)
        // What a provider's own tool did goes to that provider alone, under its name for it.
        const name = part.providerExecuted === true ? part.toolCallId : fittingId(part.toolCallId, pattern, taken)
        names.set(part.toolCallId, name)
        taken.add(name)
      }
      isChanged ||= 'toolCallId' in part && (names.get(part.toolCallId) ?? part.toolCallId) !== part.toolCallId
    }
    if (!isChanged) continue
    const renamed = <Part extends object>(part: Part): Part =>
      'toolCallId' in part && typeof part.toolCallId === 'string'
        ? { ...part, toolCallId: names.get(part.toolCallId) ?? part.toolCallId }
        : part
    ;(fitting ??= [...prompt])[at] =
      message.role === 'tool'
        ? { ...message, content: message.content.map(renamed) }
        : { ...message, content: message.content.map(renamed) }
  }
  return fitting ?? prompt
}
