import type { BaseMessage } from '@langchain/core/messages'

type Block = Readonly<Record<string, unknown>>

/** What a user reads of a message, as its own `text` gives it: no reasoning, and none of the fields beside the content. */
export function visibleText({ content }: BaseMessage): string {
  if (typeof content === 'string') return content
  let text = ''
  for (const block of content) text += visibleTextOf(block)
  return text
}

/** What a user reads of a block of content. */
export const visibleTextOf = (block: object): string => {
  const { type, text } = block as Block
  return type === 'text' && typeof text === 'string' ? text : ''
}

/** Characters that a model has generated of a message, reasoning included, tool calls not. */
export function contentChars({ content, additional_kwargs: extra }: BaseMessage): number {
  let chars = typeof extra?.['reasoning_content'] === 'string' ? extra['reasoning_content'].length : 0
  if (typeof content === 'string') return chars + content.length
  for (const block of content) chars += blockChars(block)
  return chars
}

/** Fields of content blocks that hold what the model has generated, whatever the integration calls the block. */
const generated = ['text', 'thinking', 'reasoning', 'input', 'refusal', 'args', 'name'] as const

export function blockChars(block: object): number {
  let chars = 0
  for (const key of generated) {
    const value = (block as Block)[key]
    if (typeof value === 'string') chars += value.length
  }
  return chars
}

/** The same message with another content: its class, ids and metadata stay. */
export function withContent<Message extends BaseMessage>(message: Message, content: Message['content']): Message {
  return Object.assign(Object.create(Object.getPrototypeOf(message) as object) as Message, message, { content })
}
