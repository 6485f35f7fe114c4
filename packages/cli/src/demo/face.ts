import type { Clock, Consideration, ModelCard, Receipt, RoutingOptions } from '@routewise/core'
import type { Message } from '../input/row.ts'
import type { Answer, Conversation } from './conversation.ts'

/** A framework that the demo's app can be written on. All else is the same: input, providers, outage, bill and report. */
export interface Face {
  /** What routes there. */
  router: string
  /** The app on one model, as its provider's package gives it or as near to that as there is, without retries. */
  bare(model: ReachedModel): App
  /** The app on a router between models. */
  routed(models: readonly ReachedModel[], routing: RoutingOptions): App
}

/** A model, and where it answers. */
export interface ReachedModel {
  card: ModelCard
  apiKey: string
  /** Base URL as the provider's own SDK takes it. Default: the provider's own. */
  baseUrl?: string | undefined
}

/** The demo's app on one model. It cannot tell which model it was given. */
export interface App {
  begin(conversation: Conversation, clock: Clock): Thread
  /** The receipt of a call that failed; `undefined` where no router made it. */
  receiptOf(error: unknown): Receipt | undefined
  /** Tells every receipt; none where there is no router. */
  onReceipt(listener: (receipt: Receipt) => void): void
  /** Closes what it has opened, such as a server of its own. */
  close(): Promise<void>
}

/** A conversation so far. It never changes: to go on gives another, so that a turn can be left out by going on from before it. */
export interface Thread {
  /** All that was said, oldest first. */
  readonly said: readonly Message[]
  /** Goes on with messages to the model. */
  with(messages: readonly Message[]): Thread
  /** Goes on with an answer, as if a model had given it. */
  withAnswer(answer: Answer): Thread
  /** Asks the model. */
  ask(options: { signal: AbortSignal }): Promise<Reply>
  /** What a router would consider if it were asked now; nothing where there is none. Asks nobody. */
  consider(): Promise<readonly Consideration[]>
}

export interface Reply {
  answer: Answer
  /** From the call to the first piece of the answer that a user would see, or to all of one that comes whole. */
  firstTokenMs: number
  /** Where a router made the call. */
  receipt: Receipt | undefined
  /** The conversation with this answer. */
  thread: Thread
}
