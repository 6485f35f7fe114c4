import type { ChatModelStreamEvent } from '@langchain/core/language_models/event'
import { AIMessageChunk } from '@langchain/core/messages'
import { ChatGenerationChunk } from '@langchain/core/outputs'
import { visibleText } from './content.ts'
import { usageMetadataOf } from './usage-metadata.ts'

// A continuation is text. What else another model has to say, its thoughts and its ids, would be joined with those of the first.

/** A chunk of a continuation, as one more chunk of the message that it goes on with. */
export function continuingChunk({ message, generationInfo }: ChatGenerationChunk, id: string | undefined): ChatGenerationChunk {
  const text = visibleText(message)
  const usage = usageMetadataOf(message)
  return new ChatGenerationChunk({
    text,
    ...(generationInfo !== undefined && { generationInfo }),
    message: new AIMessageChunk({
      content: text,
      response_metadata: message.response_metadata,
      ...(usage !== undefined && { usage_metadata: usage as never }),
      ...(id !== undefined && { id }),
    }),
  })
}

type FinishEvent = Extract<ChatModelStreamEvent, { event: 'content-block-finish' }>
type Block = FinishEvent['content'] & { text?: string; reasoning?: string }

/** Joins the events of an answer that breaks off with those of its continuation: to one message, with its blocks in order. */
export function createEventJoin() {
  const open = new Map<number, Block>()
  const indexOf = new Map<number, number>()
  let next = 0

  return {
    /** Notes an event of an answer that may break off. */
    note(event: ChatModelStreamEvent): void {
      switch (event.event) {
        case 'content-block-start':
          next = Math.max(next, event.index + 1)
          open.set(event.index, { ...event.content })
          return
        case 'content-block-delta': {
          const block = open.get(event.index)
          const { delta } = event
          if (block === undefined) return
          if (delta.type === 'text-delta') block.text = (block.text ?? '') + delta.text
          else if (delta.type === 'reasoning-delta') block.reasoning = (block.reasoning ?? '') + delta.reasoning
          else if (delta.type === 'block-delta') Object.assign(block, delta.fields)
          return
        }
        case 'content-block-finish':
          open.delete(event.index)
          return
        default:
      }
    },
    /** The ends of the blocks that broke off. */
    ends(): readonly FinishEvent[] {
      const ends = [...open].map(([index, content]): FinishEvent => ({ event: 'content-block-finish', index, content }))
      open.clear()
      return ends
    },
    /** An event of a continuation, as one of the message that it goes on with; `undefined` for what is no part of that. */
    goOn(event: ChatModelStreamEvent): ChatModelStreamEvent | undefined {
      switch (event.event) {
        case 'message-start':
          return undefined
        case 'content-block-start':
          if (event.content.type !== 'text') return undefined
          indexOf.set(event.index, next)
          next += 1
          break
        case 'content-block-delta':
        case 'content-block-finish':
          break
        default:
          return event
      }
      const index = indexOf.get(event.index)
      return index === undefined ? undefined : { ...event, index }
    },
  }
}
