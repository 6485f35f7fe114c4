import { type Clock, type Receipt, withContext } from '@routewise/core'
import type { Source, Step, Turn } from './conversation.ts'
import type { App, Reply, Thread } from './face.ts'
import type { InFlight } from './in-flight.ts'
import { toolResults } from './tool-results.ts'

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
  app: App
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
  const { source, concurrency, signal, app, clock } = options
  const conversations = iterate(source.open(signal))
  const work = async () => {
    for (let next = await conversations.next(); next.done !== true; next = await conversations.next()) {
      signal.throwIfAborted()
      const conversation = next.value
      // One line in the app: what kind of work this part of it does. A bare model does not hear it.
      const context = conversation.task === undefined ? {} : { task: conversation.task }
      await withContext(context, () => runConversation(conversation.turns, app.begin(conversation, clock), options))
    }
  }
  const workers = await Promise.allSettled(Array.from({ length: concurrency }, work))
  const broken = workers.find(worker => worker.status === 'rejected')
  if (broken !== undefined) throw broken.reason
}

async function* iterate<Item>(items: AsyncIterable<Item> | Iterable<Item>): AsyncGenerator<Item, void, void> {
  yield* items
}

async function runConversation(turns: readonly Turn[], begun: Thread, options: RunOptions): Promise<void> {
  let thread = begun
  for (const turn of turns) {
    options.onTurnStart()
    const { after, record } = await runTurn(turn, thread, options)
    thread = after
    options.onTurnEnd(record)
  }
}

interface TurnOutcome {
  after: Thread
  record: TurnRecord
}

/**
 * A turn ends with its last step. A wrong answer is put right before the conversation goes on, as a person at the desk would,
 * so that both runs are asked the same; so is a missing one.
 */
async function runTurn(turn: Turn, before: Thread, options: RunOptions): Promise<TurnOutcome> {
  const { id, task } = turn
  const firstTokenMs: number[] = []
  const receipts: Receipt[] = []
  const scores: number[] = []
  let failure: string | undefined
  let thread = before
  let previous: Step | undefined
  for (const step of turn.steps) {
    const { reference } = step
    const asked = askedOf(step, thread, previous)
    const outcome = failure === undefined ? await ask(step, turn, asked, options) : { failure, receipt: undefined }
    if (outcome.receipt !== undefined) receipts.push(outcome.receipt)
    if (outcome.failure !== undefined) {
      failure = outcome.failure
      // Nobody knows what to go on with: the turn is left out of the conversation.
      if (reference === undefined) return { after: before, record: { id, task, failure, firstTokenMs, receipts } }
      thread = asked.withAnswer(reference)
    } else {
      firstTokenMs.push(outcome.firstTokenMs)
      if (outcome.score !== undefined) scores.push(outcome.score)
      const keep = reference === undefined || outcome.score === 1
      thread = keep ? outcome.thread : asked.withAnswer(reference)
    }
    previous = step
  }
  const outcome = failure !== undefined ? { failure } : scores.length > 0 ? { score: Math.min(...scores) } : {}
  return { after: thread, record: { id, task, ...outcome, firstTokenMs, receipts } }
}

function askedOf({ ask: asked }: Step, thread: Thread, previous: Step | undefined): Thread {
  if (asked.type === 'messages') return thread.with(asked.messages)
  return thread.with(toolResults(thread.said, previous?.reference?.toolCalls ?? [], asked.results))
}

type Asked = (Reply & { score: number | undefined; failure?: undefined }) | { failure: string; receipt: Receipt | undefined }

async function ask(step: Step, turn: Turn, thread: Thread, { app, signal, inFlight, modelId }: RunOptions): Promise<Asked> {
  const done = inFlight.add(thread.said, step, turn)
  try {
    const reply = await thread.ask({ signal })
    return { ...reply, score: step.score?.(reply.answer, reply.receipt?.target ?? modelId) }
  } catch (error) {
    signal.throwIfAborted()
    return { failure: messageOf(error), receipt: app.receiptOf(error) }
  } finally {
    done()
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? ''
