import type { AnswerEvent, AnswerPart, PromptBlock, TokenLogprob } from '../types.ts'

/** Puts the fragments of an answer together again, for calls that do not stream. */
export function assembleParts(events: readonly AnswerEvent[]): AnswerPart[] {
  const parts: AnswerPart[] = []
  const logprobs: TokenLogprob[] = []
  for (const event of events) {
    if (event.type === 'tool-end') parts.push({ type: 'tool-call', id: event.id, name: event.name, json: event.json })
    if (event.type !== 'text' && event.type !== 'reasoning' && event.type !== 'refusal') continue
    const last = parts.at(-1)
    if (last?.type === event.type) last.text += event.text
    else parts.push({ type: event.type, text: event.text })
    if (event.type === 'text' && event.logprob !== undefined) logprobs.push({ token: event.text, logprob: event.logprob })
  }
  const text = parts.find(part => part.type === 'text')
  if (text !== undefined && logprobs.length > 0) text.logprobs = logprobs
  return parts
}

/** How a tool call reads in a prompt. Wires use it too, so that a call sent back in the history is the one that was made. */
export const toolCallText = (name: string, json: string): string => `${name}(${json})`

/** The answer as the blocks that the next request of the conversation will carry. */
export const answerBlocks = (parts: readonly AnswerPart[]): PromptBlock[] =>
  parts.flatMap((part): PromptBlock[] => {
    if (part.type === 'reasoning') return []
    return [{ section: 'messages', role: 'assistant', text: part.type === 'tool-call' ? toolCallText(part.name, part.json) : part.text }]
  })
