import type { BaseMessage } from '@langchain/core/messages'

/** A message on its way to a candidate, and its place among those that were given; -1: it was added. */
export interface Turn {
  message: BaseMessage
  from: number
}
