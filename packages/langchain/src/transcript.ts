import type { AIMessage, BaseMessage } from '@langchain/core/messages'
import { createModelTurns } from './model-turn.ts'
import type { Reader } from './reader.ts'
import { createSpokenTurns } from './spoken-turn.ts'
import type { ChatCandidate } from './target.ts'
import { createIdMap } from './tool-ids.ts'
import { besideResults } from './tool-media.ts'
import { pair } from './tool-pairs.ts'
import { inOrder } from './turn-order.ts'
import type { Turn } from './turn.ts'

/** A conversation that is ready for a candidate. */
export interface Transcript {
  /** The list that was given, where nothing had to change. */
  messages: readonly BaseMessage[]
  /** Where a message that was given has gone; -1: it is not there any more, as such. */
  placeOf(index: number): number
}

interface Prepared {
  content: BaseMessage['content']
  /** `undefined`: there is nothing left of it. */
  made: BaseMessage | undefined
}

const samePlace = (index: number): number => index

/**
 * Makes conversations valid for one candidate, always in the same way, so that what a provider has cached of one is found again when it has
 * grown. What other models have left in them is reduced to text and tool calls; ids, media, the order of turns and what a failed turn left
 * behind are put as the provider takes them. A message that needs no change stays the same object, and so does the list.
 */
export function createTranscript(
  reader: Reader,
  candidates: ReadonlyMap<string, ChatCandidate>,
): (messages: readonly BaseMessage[]) => Transcript {
  const ids = createIdMap(reader.toolIdPattern)
  const modelTurn = createModelTurns(reader, candidates, ids)
  const spokenTurn = createSpokenTurns(reader, ids)
  const prepared = new WeakMap<BaseMessage, Prepared>()

  const prepare = (message: BaseMessage): BaseMessage | undefined => {
    // Looking a message up costs more than looking at it.
    if (isPlainWords(message)) return message
    const { content } = message
    const known = prepared.get(message)
    if (known !== undefined && known.content === content) return known.made
    const made = message.type === 'ai' ? modelTurn(message as AIMessage) : spokenTurn(message)
    prepared.set(message, { content, made })
    return made
  }

  return messages => {
    const turns: Turn[] = []
    for (let from = 0; from < messages.length; from += 1) {
      const message = prepare(messages[from]!)
      if (message !== undefined) turns.push({ message, from })
    }
    const arranged = inOrder(besideResults(pair(turns), reader.form, reader.senses), reader.family, reader.model)
    if (arranged.length === messages.length && arranged.every(({ message }, at) => message === messages[at]))
      return { messages, placeOf: samePlace }
    return { messages: arranged.map(({ message }) => message), placeOf: index => arranged.findIndex(({ from }) => from === index) }
  }
}

const isPlainWords = ({ type, content }: BaseMessage): boolean =>
  (type === 'human' || type === 'system') && typeof content === 'string' && content !== '' && content.charCodeAt(0) > 32
