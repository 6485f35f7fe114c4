import type { LanguageModelV4Message, LanguageModelV4Prompt } from '@ai-sdk/provider'

type ToolMessage = Extract<LanguageModelV4Message, { role: 'tool' }>
type AssistantMessage = Extract<LanguageModelV4Message, { role: 'assistant' }>
type Call = Extract<AssistantMessage['content'][number], { type: 'tool-call' }>

/** Said for a tool that nobody has run: a call that was cut off, or given up. */
const NO_RESULT = 'No result provided'

/** Every call of a tool has its result right behind it, and every result its call: all wires refuse others. */
export function withPairedCalls(prompt: LanguageModelV4Prompt): LanguageModelV4Prompt {
  return isInPairs(prompt) ? prompt : paired(prompt)
}

/** As the SDK leaves it: the results of a message's calls stand in the next one, in their order. */
function isInPairs(prompt: LanguageModelV4Prompt): boolean {
  for (let at = 0; at < prompt.length; at += 1) {
    const message = prompt[at]!
    const next = prompt[at + 1]
    if (message.role !== 'assistant') {
      if (message.role === 'tool' && prompt[at - 1]?.role !== 'assistant') return false
      continue
    }
    let results = 0
    for (const part of message.content) {
      if (part.type !== 'tool-call' || part.providerExecuted === true) continue
      const result = next?.role === 'tool' ? next.content[results] : undefined
      if (result?.type !== 'tool-result' || result.toolCallId !== part.toolCallId) return false
      results += 1
    }
    if (next?.role === 'tool' && next.content.length !== results) return false
  }
  return true
}

function paired(prompt: LanguageModelV4Prompt): LanguageModelV4Prompt {
  const list: LanguageModelV4Message[] = []
  let isChanged = false
  /** Calls of the last message of the assistant, and those of them that wait for their results. */
  let known = new Set<string>()
  let waiting = new Map<string, Call>()
  /** Where the results of this turn end. */
  let results: { at: number; message: ToolMessage } | undefined

  function answerAll(): void {
    if (waiting.size === 0) return
    const missing = [...waiting.values()].map(({ toolCallId, toolName }) => ({
      type: 'tool-result' as const,
      toolCallId,
      toolName,
      output: { type: 'error-text' as const, value: NO_RESULT },
    }))
    if (results === undefined) list.push({ role: 'tool', content: missing })
    else list[results.at] = { ...results.message, content: [...results.message.content, ...missing] }
    isChanged = true
    waiting = new Map()
  }

  for (const message of prompt) {
    if (message.role !== 'tool') {
      answerAll()
      results = undefined
      known = new Set()
      if (message.role === 'assistant') {
        for (const part of message.content) {
          if (part.type !== 'tool-call') continue
          known.add(part.toolCallId)
          if (part.providerExecuted !== true) waiting.set(part.toolCallId, part)
        }
      }
      list.push(message)
      continue
    }
    const isKnown = (part: ToolMessage['content'][number]) => part.type !== 'tool-result' || known.has(part.toolCallId)
    const content = message.content.every(isKnown) ? message.content : message.content.filter(isKnown)
    if (content !== message.content) isChanged = true
    if (content.length === 0 && message.content.length > 0) continue
    const kept = content === message.content ? message : { ...message, content }
    for (const part of content) if (part.type === 'tool-result') waiting.delete(part.toolCallId)
    if (results !== undefined && results.at === list.length - 1 && message.providerOptions === undefined) {
      // Some wires want all results of a turn in one place.
      results = { at: results.at, message: { ...results.message, content: [...results.message.content, ...content] } }
      list[results.at] = results.message
      isChanged = true
    } else {
      results = { at: list.length, message: kept }
      list.push(kept)
    }
  }
  answerAll()
  return isChanged ? list : prompt
}
