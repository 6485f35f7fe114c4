import type {
  ChatCompletionAssistantMessageParam,
  ChatCompletionChunk,
  ChatCompletionMessageFunctionToolCall,
} from 'openai/resources/chat/completions'

/** Signed thoughts, which some models want back with their next prompt. OpenRouter's convention. */
interface Thoughtful {
  reasoning_details?: readonly unknown[]
}

/** Puts a streamed answer together. */
export function createCollector() {
  let text = ''
  const calls: ChatCompletionMessageFunctionToolCall[] = []
  const thoughts: unknown[] = []
  return {
    /** Whether a user would see anything of this piece. */
    add({ choices: [choice] }: ChatCompletionChunk): boolean {
      const {
        content,
        tool_calls: parts = [],
        reasoning_details: details = [],
      }: Partial<ChatCompletionChunk.Choice.Delta> & Thoughtful = choice?.delta ?? {}
      text += content ?? ''
      thoughts.push(...details)
      for (const { index, id = '', function: { name = '', arguments: json = '' } = {} } of parts) {
        const call = (calls[index] ??= { id, type: 'function', function: { name, arguments: '' } })
        call.function.arguments += json
      }
      return (content ?? '') !== '' || parts.length > 0
    },
    /** The answer as it goes back with the next prompt. */
    message(): ChatCompletionAssistantMessageParam {
      const message: ChatCompletionAssistantMessageParam & Thoughtful = {
        role: 'assistant',
        content: text === '' && calls.length > 0 ? null : text,
      }
      if (calls.length > 0) message.tool_calls = calls
      if (thoughts.length > 0) message.reasoning_details = thoughts
      return message
    },
    /** What it says. Calls whose arguments are no JSON object are none. */
    answer: () => ({
      text,
      toolCalls: calls.flatMap(({ id, function: { name, arguments: json } }) => {
        const input = parsed(json === '' ? '{}' : json)
        return typeof input === 'object' && input !== null ? [{ id, name, arguments: { ...input } }] : []
      }),
    }),
  }
}

export function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}
