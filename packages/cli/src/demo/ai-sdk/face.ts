import { createRouted, receiptOf, type RoutedProvider } from '@routewise/ai-sdk'
import type { Consideration } from '@routewise/core'
import { type ModelMessage, streamText, wrapLanguageModel } from 'ai'
import type { Conversation } from '../conversation.ts'
import type { Face } from '../face.ts'
import { createThread } from '../thread.ts'
import { callOf, createDesk, toolsOf } from './desk.ts'
import { connect } from './models.ts'

/** The demo's app on the AI SDK. */
export const aiSdkFace: Face = {
  router: 'createRouted',

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
    const routed = createRouted({
      ...routing,
      models: models.map(reached => ({ model: connect(reached), id: reached.card.id, card: reached.card })),
    })
    return {
      begin(conversation, clock) {
        const desk = createDesk(routed('auto'), conversation, clock)
        return createThread({ ...desk, consider: considererOf(routed, conversation) }).with(conversation.start)
      },
      receiptOf,
      onReceipt: listener => void routed.on('receipt', listener),
      async close() {},
    }
  },
}

/** The router sees a call as the SDK has made it: so the SDK makes it, for a model that hands it on and answers nothing. */
function considererOf(routed: RoutedProvider, conversation: Conversation) {
  return async (messages: readonly ModelMessage[]) => {
    let considered: readonly Consideration[] = []
    const model = wrapLanguageModel({
      model: routed('auto'),
      middleware: {
        specificationVersion: 'v4',
        async wrapStream({ params }) {
          considered = routed.decide(params).considered
          return { stream: new ReadableStream({ start: controller => controller.close() }) }
        },
      },
    })
    const call = callOf(model, conversation)(messages, new AbortController().signal)
    await streamText({ ...call, tools: toolsOf(conversation.tools), onError() {} }).consumeStream()
    return considered
  }
}
