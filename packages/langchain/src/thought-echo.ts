import type { AIMessage, BaseMessage } from '@langchain/core/messages'
import type { BaseChatModel } from '@langchain/core/language_models/chat_models'
import type { Family } from './family.ts'

type Message = Readonly<Record<string, unknown>>

/** Puts into a request what a provider wants to hear of the model's own thoughts, and its integration leaves out. */
export type EchoThoughts = (request: unknown, messages: readonly BaseMessage[]) => unknown

/**
 * DeepSeek refuses a call of tools that comes back without the thoughts that led to it, while it is set to think: they are given back, and
 * empty ones where the call is another model's. Source: api-docs.deepseek.com, thinking mode, tool calls.
 */
export function thoughtEchoFor(model: BaseChatModel, family: Family | undefined, reasons: boolean): EchoThoughts | undefined {
  const { thinking } = ((model as { modelKwargs?: unknown }).modelKwargs ?? {}) as { thinking?: { type?: unknown } }
  if (family !== 'deepseek' || !reasons || thinking?.type === 'disabled') return undefined
  return (request, messages) => {
    const sent = (request as { messages?: unknown } | undefined)?.messages
    if (!Array.isArray(sent) || sent.length !== messages.length) return request
    return {
      ...(request as object),
      messages: sent.map((message: Message, at) => (callsTools(message) ? withThoughts(message, messages[at]!) : message)),
    }
  }
}

const callsTools = ({ role, tool_calls: calls }: Message): boolean => role === 'assistant' && Array.isArray(calls) && calls.length > 0

function withThoughts(message: Message, { additional_kwargs: extra }: BaseMessage): Message {
  const thoughts: unknown = (extra as AIMessage['additional_kwargs'] | undefined)?.['reasoning_content']
  return { ...message, reasoning_content: typeof thoughts === 'string' ? thoughts : '' }
}
