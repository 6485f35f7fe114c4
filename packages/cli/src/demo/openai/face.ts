import type { RoutingOptions } from '@routewise/core'
import { createRouter, type WireRouter } from '@routewise/http'
import OpenAI from 'openai'
import type { App, Face } from '../face.ts'
import { createThread } from '../thread.ts'
import { createDesk, streamed } from './desk.ts'
import { createReceiptBox, type ReceiptBox } from './receipt-box.ts'
import { isOpenAi, OPENAI, toTarget } from './targets.ts'

/** A router, and the client that asks it. */
export interface Mounted {
  client: OpenAI
  close(): Promise<void>
}

type Mount = (router: WireRouter) => Promise<Mounted>

/** Longest request that the demo's endpoints take: the input is the user's own, images and all. */
export const MAX_BODY_BYTES = 64 * 1024 * 1024

/** What a model does is what the app gets. */
const AS_IT_IS: RoutingOptions = { hedge: false, retry: false, breaker: false }

/** The demo's app on the `openai` SDK, with a router that is mounted in one way or another. */
export function openAiFace(router: string, mount: Mount): Face {
  return {
    router,

    bare(reached) {
      const { card, apiKey, baseUrl = OPENAI } = reached
      if (!isOpenAi(reached)) return appOn(createRouter({ ...AS_IT_IS, targets: [toTarget(reached)] }), mount, createReceiptBox())
      const client = new OpenAI({ apiKey, baseURL: baseUrl, maxRetries: 0 })
      const asked = { client: async () => client, model: card.id, headers: {}, takeReceipt: () => undefined }
      return {
        begin: (conversation, clock) => createThread(createDesk(asked, conversation, clock)).with(conversation.start),
        receiptOf: () => undefined,
        onReceipt() {},
        async close() {},
      }
    },

    routed(models, routing) {
      const made = createRouter({ ...routing, targets: models.map(toTarget) })
      const receipts = createReceiptBox()
      made.on('receipt', receipts.put)
      return { ...appOn(made, mount, receipts), onReceipt: listener => void made.on('receipt', listener) }
    },
  }
}

function appOn(router: WireRouter, mount: Mount, receipts: ReceiptBox): App {
  let mounted: Promise<Mounted> | undefined
  const client = async () => (await (mounted ??= mount(router))).client
  let conversations = 0
  return {
    begin(conversation, clock) {
      conversations += 1
      const session = `conversation-${conversations}`
      const { task } = conversation
      const headers = { 'x-routewise-session': session, ...(task !== undefined && { 'x-routewise-task': task }) }
      const desk = createDesk({ client, model: 'auto', headers, takeReceipt: () => receipts.take(session) }, conversation, clock)
      return createThread({
        ...desk,
        ask: (messages, options) => receipts.watch(session, () => desk.ask(messages, options)),
        consider: async messages => router.decide(streamed(conversation, 'auto', messages)).considered,
      }).with(conversation.start)
    },
    receiptOf: receipts.of,
    onReceipt() {},
    async close() {
      await (await mounted?.catch(() => undefined))?.close()
    },
  }
}
