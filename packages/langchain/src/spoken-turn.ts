import { AIMessage, HumanMessage, SystemMessage, type BaseMessage, type ChatMessage, type ToolMessage } from '@langchain/core/messages'
import { withContent } from './content.ts'
import { isNative, placeholderOf, writeMedia } from './media-notation.ts'
import { readMediaPart, type MediaPart } from './media-part.ts'
import type { Reader } from './reader.ts'
import type { IdMap } from './tool-ids.ts'
import { withCallId } from './tool-pairs.ts'

type Block = Readonly<Record<string, unknown>>

/** What a user, the app or a tool has said, as the candidate's class takes it: the same object where it does. `undefined`: it says nothing. */
export function createSpokenTurns({ family, form, senses }: Reader, ids: IdMap): (message: BaseMessage) => BaseMessage | undefined {
  const refusesEmpty = family === 'anthropic' || family === 'google'

  return message => {
    switch (message.type) {
      case 'tool':
        return result(message as ToolMessage)
      case 'generic':
      case 'function':
        return form === undefined || form === 'chat' ? message : spoken(named(message))
      default:
        return spoken(message)
    }
  }

  function result(message: ToolMessage): BaseMessage {
    const id = ids(message.tool_call_id)
    const shown = form === 'anthropic' || form === 'responses' ? shownBy(message) : message
    return id === message.tool_call_id ? shown : withCallId(shown as ToolMessage, id)
  }

  /** Media in the results of tools, in the provider's own notation: the integrations hand that on as it is. */
  function shownBy(message: ToolMessage): BaseMessage {
    const { content } = message
    if (typeof content === 'string' || !content.some(block => readMediaPart(block) !== undefined)) return message
    const isOwn = (block: Block): boolean =>
      form === 'anthropic' ? isNative(block, form, false) || block['type'] === 'text' : String(block['type']).startsWith('input_')
    if (content.every(isOwn)) return message
    return withContent(message, content.map(block => (isOwn(block) ? block : inResult(block))) as ToolMessage['content'])
  }

  function inResult(block: Block): Block {
    const part = readMediaPart(block)
    const made = part === undefined ? block : (writeMedia(part, form!, senses) ?? placeholderOf(part))
    if (form !== 'responses') return made
    const { text, image_url: image } = made as { text?: unknown; image_url?: { url: string; detail?: string } }
    if (image !== undefined && made['type'] === 'image_url')
      return { type: 'input_image', image_url: image.url, detail: image.detail ?? 'auto' }
    return String(made['type']).startsWith('input_')
      ? made
      : { type: 'input_text', text: typeof text === 'string' ? text : JSON.stringify(block) }
  }

  function spoken(message: BaseMessage): BaseMessage | undefined {
    const { content, response_metadata: metadata } = message
    if (typeof content === 'string') return content.trim() === '' ? silent(message) : message
    if (form === undefined) return message
    const isV1 = (metadata as Block | undefined)?.['output_version'] === 'v1'
    let blocks: Block[] | undefined
    for (const [at, block] of content.entries()) {
      const made = translated(block, isV1)
      if (made !== block) (blocks ??= content.slice() as Block[])[at] = made
    }
    const list = (blocks ?? content) as readonly Block[]
    const kept = refusesEmpty ? list.filter(block => block['type'] !== 'text' || String(block['text']).trim() !== '') : list
    if (kept.length === 0) return silent(message)
    return blocks === undefined && kept.length === list.length ? message : withContent(message, kept as BaseMessage['content'] & object)
  }

  function translated(block: Block, isV1: boolean): Block {
    const part = readMediaPart(block)
    if (part === undefined || isNative(block, form!, isV1)) return block
    return writeMedia(part, form!, senses) ?? placeholderOf(part)
  }

  /** Anthropic and Gemini refuse what is empty. */
  function silent(message: BaseMessage): BaseMessage | undefined {
    if (!refusesEmpty) return message
    return message.type === 'human' ? withContent(message as HumanMessage, '(Nothing was said.)') : undefined
  }
}

/** Messages of roles that most integrations refuse, as those of the roles they mean. */
function named(message: BaseMessage): BaseMessage {
  const { content, name, type } = message
  if (type === 'function') return new HumanMessage(`Result of ${name ?? 'a function'}:\n\n${message.text}`)
  switch ((message as ChatMessage).role) {
    case 'system':
    case 'developer':
      return new SystemMessage({ content })
    case 'assistant':
    case 'ai':
    case 'model':
      return new AIMessage({ content: message.text })
    default:
      return new HumanMessage({ content })
  }
}

/** Kinds of media that the class of a candidate cannot be given in this message; undefined: none. */
export function mediaOutOfReach({ content, response_metadata: metadata }: BaseMessage, { form, senses }: Reader): MediaPart | undefined {
  if (typeof content === 'string' || form === undefined) return undefined
  const isV1 = (metadata as Block | undefined)?.['output_version'] === 'v1'
  for (const block of content) {
    if (block['type'] === 'text') continue
    const part = readMediaPart(block)
    if (part !== undefined && !isNative(block, form, isV1) && writeMedia(part, form, senses) === undefined) return part
  }
  return undefined
}
