import type { BaseChatModel } from '@langchain/core/language_models/chat_models'
import type { AIMessage, BaseMessage } from '@langchain/core/messages'
import { type Clock, type Receipt, RouterError, withContext } from '@routewise/core'
import type { Conversation, Source, Step, Turn } from './conversation.ts'
import { createDesk, type Desk } from './desk.ts'
import type { InFlight } from './in-flight.ts'
import { answerOf, referenceMessage, toLangChain, toolMessages } from './messages.ts'

/** One turn as it went. */
export interface TurnRecord {
  id: string
  task: string
  /** Why the user got no answer; absent: there was one. */
  failure?: string
  /** Quality, 0 to 1, of the worst of its steps; absent: nobody can tell, or there was no answer. */
  score?: number
  /** Of every answered call. */
  firstTokenMs: readonly number[]
  /** Of every call, where a router made it. */
  receipts: readonly Receipt[]
}

export interface RunOptions {
  source: Source
  model: BaseChatModel
  /** Name of the model, where no router says who answered. */
  modelId: string
  clock: Clock
  /** Conversations at once. */
  concurrency: number
  signal: AbortSignal
  inFlight: InFlight
  onTurnStart(): void
  onTurnEnd(record: TurnRecord): void
}

/** Runs the app over all conversations. What fails is on record; only the caller's own abort is thrown. */
export async function runApp(options: RunOptions): Promise<void> {
  const { source, concurrency, signal, model, clock } = options
  const conversations = iterate(source.open(signal))
  const work = async () => {
    for (let next = await conversations.next(); next.done !== true; next = await conversations.next()) {
      signal.throwIfAborted()
      const conversation = next.value
      // One line in the app: what kind of work this part of it does. A bare model does not hear it.
      const context = conversation.task === undefined ? {} : { task: conversation.task }
      await withContext(context, () => runConversation(conversation, createDesk(model, conversation, clock), options))
    }
  }
  const workers = await Promise.allSettled(Array.from({ length: concurrency }, work))
  const broken = workers.find(worker => worker.status === 'rejected')
  if (broken !== undefined) throw broken.reason
}

async function* iterate<Item>(items: AsyncIterable<Item> | Iterable<Item>): AsyncGenerator<Item, void, void> {
  yield* items
}

async function runConversation(conversation: Conversation, desk: Desk, options: RunOptions): Promise<void> {
  let transcript: readonly BaseMessage[] = conversation.start.map(toLangChain)
  for (const turn of conversation.turns) {
    options.onTurnStart()
    const { after, record } = await runTurn(turn, transcript, desk, options)
    transcript = after
    options.onTurnEnd(record)
  }
}

interface TurnOutcome {
  after: readonly BaseMessage[]
  record: TurnRecord
}

/**
 * A turn ends with its last step. A wrong answer is put right before the conversation goes on, as a person at the desk would,
 * so that both runs are asked the same; so is a missing one.
 */
async function runTurn(turn: Turn, before: readonly BaseMessage[], desk: Desk, options: RunOptions): Promise<TurnOutcome> {
  const { id, task } = turn
  const transcript = [...before]
  const firstTokenMs: number[] = []
  const receipts: Receipt[] = []
  const scores: number[] = []
  let failure: string | undefined
  let previous: { message: AIMessage; step: Step } | undefined
  for (const step of turn.steps) {
    transcript.push(...askedOf(step, previous, transcript.length))
    const reply = failure === undefined ? await askDesk(step, turn, transcript, desk, options) : { failure }
    if (reply.receipt !== undefined) receipts.push(reply.receipt)
    const { reference } = step
    if (reply.message === undefined) {
      failure = reply.failure
      // Nobody knows what to go on with: the turn is left out of the conversation.
      if (reference === undefined) return { after: before, record: { id, task, failure, firstTokenMs, receipts } }
      previous = { message: referenceMessage(reference, transcript.length), step }
    } else {
      firstTokenMs.push(reply.firstTokenMs)
      if (reply.score !== undefined) scores.push(reply.score)
      const keep = reference === undefined || reply.score === 1
      previous = { message: keep ? reply.message : referenceMessage(reference, transcript.length), step }
    }
    transcript.push(previous.message)
  }
  const outcome = failure !== undefined ? { failure } : scores.length > 0 ? { score: Math.min(...scores) } : {}
  return { after: transcript, record: { id, task, ...outcome, firstTokenMs, receipts } }
}

function askedOf({ ask }: Step, previous: { message: AIMessage; step: Step } | undefined, position: number): BaseMessage[] {
  if (ask.type === 'messages') return ask.messages.map((message, at) => toLangChain(message, position + at))
  if (previous === undefined) throw new Error('Results of tools that nobody has called.')
  return toolMessages(previous.message, previous.step.reference?.toolCalls ?? [], ask.results)
}

type Asked =
  | { message: AIMessage; firstTokenMs: number; score: number | undefined; receipt: Receipt | undefined; failure?: undefined }
  | { message?: undefined; failure: string; receipt?: Receipt | undefined }

async function askDesk(step: Step, turn: Turn, transcript: readonly BaseMessage[], desk: Desk, options: RunOptions): Promise<Asked> {
  const { signal, inFlight, modelId } = options
  const done = inFlight.add(transcript, step, turn)
  try {
    const { message, firstTokenMs } = await desk(transcript, { signal })
    const receipt = message.response_metadata['routewise'] as Receipt | undefined
    return { message, firstTokenMs, score: step.score?.(answerOf(message), receipt?.target ?? modelId), receipt }
  } catch (error) {
    signal.throwIfAborted()
    return { failure: messageOf(error), ...(RouterError.isInstance(error) ? { receipt: error.receipt } : {}) }
  } finally {
    done()
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? ''
