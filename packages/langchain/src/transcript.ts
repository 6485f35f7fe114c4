import { createHash } from 'node:crypto'
import { AIMessage, HumanMessage, SystemMessage, ToolMessage, type BaseMessage } from '@langchain/core/messages'
import { metadataProvider, type Family } from './family.ts'
import { withHiddenThoughts } from './hidden-thoughts.ts'

/** For whom a conversation is made valid. */
export interface Reader {
  family: Family | undefined
  /** Model id that the provider's API takes. */
  model: string
  /** Regular expression that tool-call ids must match. */
  toolIdPattern: string | undefined
}

/**
 * Makes conversations valid for one candidate. What other models have left in them is reduced to text and tool calls: their
 * thinking, signatures and items mean nothing to another provider, or are refused by it. Tool-call ids that the provider
 * would refuse are replaced, always by the same id. A message that needs no change stays the same object, and so does the list.
 */
export function createTranscript({ family, model, toolIdPattern }: Reader): (messages: readonly BaseMessage[]) => readonly BaseMessage[] {
  const pattern = toolIdPattern === undefined ? undefined : new RegExp(toolIdPattern)
  const provider = family === undefined ? undefined : metadataProvider[family]
  const prepared = new WeakMap<BaseMessage, BaseMessage>()

  const prepare = (message: BaseMessage): BaseMessage => {
    // Only what a model or a tool has said can need a change; looking a message up costs more than looking at it.
    if (message.type !== 'ai' && message.type !== 'tool') return message
    const known = prepared.get(message)
    if (known !== undefined) return known
    const made = change(message)
    if (made !== message) prepared.set(message, made)
    return made
  }

  // Answers name dated versions: `gpt-6-luna-2026-10-01` is `gpt-6-luna`.
  const isModel = (said: string): boolean => said.startsWith(model) || model.startsWith(said)

  const idFor = (id: string): string => (pattern === undefined || pattern.test(id) ? id : shortId(id))

  function change(message: BaseMessage): BaseMessage {
    if (message.type === 'tool') return changeToolMessage(message as ToolMessage)
    const own = message as AIMessage
    const calls = own.tool_calls ?? []
    const ids = calls.map(({ id }) => (id === undefined ? undefined : idFor(id)))
    const sameIds = calls.every(({ id }, at) => id === ids[at])
    if (sameIds && staysAsItIs(own)) return family === 'anthropic' ? withHiddenThoughts(own) : message
    return new AIMessage({
      content: textOf(own),
      tool_calls: calls.map((call, at) => ({ ...call, ...(ids[at] !== undefined && { id: ids[at] }) })),
      ...(own.name !== undefined && family !== 'google' && own.name !== 'model' && { name: own.name }),
      ...(own.id !== undefined && { id: own.id }),
    })
  }

  function changeToolMessage(message: ToolMessage): BaseMessage {
    const id = idFor(message.tool_call_id)
    if (id === message.tool_call_id) return message
    const { content, name, status, artifact } = message
    return new ToolMessage({
      content,
      tool_call_id: id,
      ...(name !== undefined && { name }),
      ...(status !== undefined && { status }),
      ...(artifact !== undefined && { artifact }),
      ...(message.id !== undefined && { id: message.id }),
    })
  }

  /** Plain text with tool calls is valid everywhere; anything more only for the model that said it. */
  function staysAsItIs(message: AIMessage): boolean {
    const from = originOf(message)
    if (provider !== undefined && from.provider === provider)
      return from.model === undefined || isModel(from.model) || !holdsReasoning(message)
    if (typeof message.content === 'string') return !hasForeignExtras(message)
    return message.content.every(block => block['type'] === 'text' && Object.keys(block).every(key => key === 'type' || key === 'text'))
  }

  return messages => {
    let changed: BaseMessage[] | undefined
    for (let at = 0; at < messages.length; at += 1) {
      const message = messages[at]!
      const made = prepare(message)
      if (made !== message) (changed ??= messages.slice())[at] = made
    }
    const list = changed ?? messages
    return family === 'google' ? systemFirst(list) : list
  }
}

interface Origin {
  provider: string | undefined
  model: string | undefined
}

/** Who has said it: the router's own receipt, else what the integration noted. */
function originOf({ response_metadata: metadata }: AIMessage): Origin {
  const { model_provider: provider, model_name: name, model } = (metadata ?? {}) as Record<string, unknown>
  const said = typeof model === 'string' ? model : name
  return { provider: typeof provider === 'string' ? provider : undefined, model: typeof said === 'string' ? said : undefined }
}

const reasoningBlocks = new Set(['thinking', 'redacted_thinking', 'reasoning'])

function holdsReasoning({ content, additional_kwargs: extra }: AIMessage): boolean {
  if (extra?.['reasoning'] !== undefined) return true
  return typeof content !== 'string' && content.some(({ type }) => reasoningBlocks.has(type))
}

/** Fields of `additional_kwargs` that integrations send back to their provider. */
const sentBack = ['reasoning', 'reasoning_content', 'tool_outputs', 'audio', '__openai_function_call_ids__'] as const

const hasForeignExtras = ({ additional_kwargs: extra, response_metadata: metadata }: AIMessage): boolean =>
  sentBack.some(key => extra?.[key] !== undefined) || (metadata as Record<string, unknown> | undefined)?.['output_version'] === 'v1'

function textOf({ content }: AIMessage): string {
  if (typeof content === 'string') return content
  return content.map(block => (block['type'] === 'text' && typeof block['text'] === 'string' ? block['text'] : '')).join('')
}

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** Nine letters and digits: what Mistral demands, and every other provider takes. */
function shortId(id: string): string {
  const digest = createHash('sha256').update(id).digest()
  return Array.from({ length: 9 }, (_, at) => ALPHABET[digest[at]! % ALPHABET.length]).join('')
}

/** Gemini takes one system message, and only in front: several become one, a later one is said by the user. */
function systemFirst(messages: readonly BaseMessage[]): readonly BaseMessage[] {
  const leading = messages.findIndex(({ type }) => type !== 'system')
  const front = leading === -1 ? messages.length : leading
  if (front <= 1 && !messages.slice(front).some(({ type }) => type === 'system')) return messages
  const rest = messages.slice(front).map(message => (message.type === 'system' ? new HumanMessage({ content: message.content }) : message))
  if (front === 0) return rest
  const system = new SystemMessage({
    content: messages
      .slice(0, front)
      .map(({ text }) => text)
      .join('\n\n'),
  })
  return [front === 1 ? messages[0]! : system, ...rest]
}
