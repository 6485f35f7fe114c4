import { createToolOrder, RouterError } from '@routewise/core'
import { RoutedChatModel } from '@routewise/langchain'
import type { Face } from '../face.ts'
import { createThread } from '../thread.ts'
import { createDesk, toolsOf } from './desk.ts'
import { connect } from './models.ts'

/** The demo's app on LangChain. */
export const langChainFace: Face = {
  router: 'RoutedChatModel',

  bare(reached) {
    const model = connect(reached)
    return {
      begin: (conversation, clock) => createThread(createDesk(model, conversation, clock)).with(conversation.start),
      receiptOf: () => undefined,
      onReceipt() {},
      async close() {},
    }
  },

  routed(models, routing) {
    const model = new RoutedChatModel({
      ...routing,
      models: models.map(reached => ({ model: connect(reached), id: reached.card.id, card: reached.card })),
    })
    // As the model itself puts them.
    const order = createToolOrder<ReturnType<typeof toolsOf>[number]>({ nameOf: ({ function: { name } }) => name })
    return {
      begin(conversation, clock) {
        const tools = conversation.tools.length > 0 ? order(toolsOf(conversation.tools)) : undefined
        const desk = createDesk(model, conversation, clock)
        const consider: typeof desk.consider = async messages =>
          model.router.decide({ kind: 'stream', messages, tools, structured: undefined, options: {} }).considered
        return createThread({ ...desk, consider }).with(conversation.start)
      },
      receiptOf: error => (RouterError.isInstance(error) ? error.receipt : undefined),
      onReceipt: listener => void model.router.on('receipt', listener),
      async close() {},
    }
  },
}
