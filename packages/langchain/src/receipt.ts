import type { Receipt } from '@routewise/core'
import type { BaseMessage } from '@langchain/core/messages'

/** The receipt on a message; `undefined` when no routed model has answered it, or its stream is not over. Also in `response_metadata.routewise`. */
export const receiptOf = (message: BaseMessage): Receipt | undefined => message.response_metadata?.['routewise'] as Receipt | undefined
