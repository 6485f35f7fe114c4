import type { Answered, Receipt, Router } from '@routewise/core'
import type { SimulatedClock } from './clock.ts'
import type { SimulatedCall, SimulatedChunk } from './dialect.ts'
import type { Journal } from './journal.ts'
import type { Ledger } from './ledger.ts'
import type { CallPlan } from './scenario.ts'

/** A run of chunks of one attempt that followed one another without a gap. */
export interface Segment {
  attempt: string
  from: number
  count: number
  at: number
  /** What the attempt had said by then, in tokens as the core counts them, and whether it had ended, or said so. */
  tokens: number
  ended: boolean
  /** Attempts of the call that were neither ended nor told to end when it began. */
  running: readonly string[]
}

/** One call as its caller saw it. */
export interface CallRecord {
  plan: CallPlan
  startedAt: number
  endedAt: number | undefined
  end: 'answered' | 'failed' | 'left' | undefined
  segments: Segment[]
  receipt: Receipt | undefined
  error: unknown
  /** When the caller last asked for something. */
  askedAt: number
  /** Longest wait for a chunk that was not the first. */
  longestWaitMs: number
  signal: AbortSignal | undefined
  /** Number of attempts that had been opened in the run when the caller left. */
  leftBefore: number | undefined
}

/** What a caller throws into the stream when it leaves by throwing. */
export class CallerError extends Error {}

interface CallerOptions {
  router: Router<SimulatedCall, SimulatedChunk>
  clock: SimulatedClock
  ledger: Ledger
  journal: Journal
  totalMs: number
}

/** Makes one call and reads it, or leaves it, as the plan says. Never rejects. */
export async function makeCall(plan: CallPlan, { router, clock, ledger, journal, totalMs }: CallerOptions): Promise<CallRecord> {
  const { call, leaving, readerMs } = plan
  const now = clock.now()
  const controller = plan.signal ? new AbortController() : undefined
  const record: CallRecord = {
    plan,
    startedAt: now,
    endedAt: undefined,
    end: undefined,
    segments: [],
    receipt: undefined,
    error: undefined,
    askedAt: now,
    longestWaitMs: 0,
    signal: controller?.signal,
    leftBefore: undefined,
  }
  const leave = () => (record.leftBefore = ledger.entries.length)
  const abort = () => {
    controller?.abort(new CallerError('The caller has had enough.'))
    leave()
  }
  if (leaving?.how === 'aborted-before') abort()
  const callOptions = { signal: controller?.signal, allow: plan.allow }
  const answer = wantsWhole(plan) ? whole(router.answer(call, callOptions)) : router.run(call, callOptions)
  const stop =
    leaving?.how === 'signal-at-time'
      ? clock.after(leaving.afterMs, abort)
      : leaving?.how === 'return-at-time'
        ? clock.after(leaving.afterMs, () => {
            record.end = 'left'
            answer.return(undefined as never).then(undefined, () => undefined)
            leave()
          })
        : undefined
  let chunks = 0
  let forgets = false
  try {
    for (;;) {
      record.askedAt = clock.now()
      const step = await answer.next()
      if (chunks > 0) record.longestWaitMs = Math.max(record.longestWaitMs, clock.now() - record.askedAt)
      if (step.done === true) {
        record.end ??= 'answered'
        record.receipt = step.value ?? undefined
        break
      }
      chunks += 1
      receive(record, step.value, ledger, clock.now())
      journal.note('chunk', call.id, step.value.attempt, step.value.index)
      if (readerMs > 0) await new Promise<void>(resolve => clock.after(readerMs, resolve))
      if (leaving === undefined || !('chunk' in leaving) || leaving.chunk !== chunks) continue
      if (leaving.how === 'signal-at-chunk') abort()
      else {
        record.askedAt = clock.now()
        record.end = 'left'
        if (leaving.how === 'forgets') forgets = true
        else if (leaving.how === 'return') await answer.return(undefined as never)
        else await answer.throw(new CallerError('The caller has a fault of its own.'))
        break
      }
    }
  } catch (error) {
    record.error = error
    record.end ??= 'failed'
  }
  stop?.()
  record.endedAt = clock.now()
  journal.note(record.end ?? 'left', call.id, codeOf(record.error))
  // What it has left behind is the router's until the call would have to be over.
  if (forgets) await new Promise<void>(resolve => clock.after(totalMs, resolve))
  return record
}

/** Every other caller who reads nothing before the end asks for the whole answer at once. */
const wantsWhole = ({ call, leaving }: CallPlan): boolean =>
  !call.streaming && call.id % 2 === 0 && (leaving === undefined || leaving.how === 'aborted-before' || leaving.how === 'signal-at-time')

async function* whole(answered: Promise<Answered<SimulatedChunk>>): AsyncGenerator<SimulatedChunk, Receipt, void> {
  const { chunks, receipt } = await answered
  yield* chunks
  return receipt
}

function receive({ segments, plan }: CallRecord, { attempt, index }: SimulatedChunk, ledger: Ledger, now: number): void {
  const last = segments.at(-1)
  if (last !== undefined && last.attempt === attempt && last.from + last.count === index) {
    last.count += 1
    return
  }
  const running = ledger
    .of(plan.call.id)
    .filter(({ name, ended, abortedAt }) => name !== attempt && ended === undefined && abortedAt === undefined)
    .map(({ name }) => name)
  const entry = ledger.named(attempt)
  const tokens = entry?.tokens ?? 0
  segments.push({
    attempt,
    from: index,
    count: 1,
    at: now,
    tokens,
    ended: entry?.finish !== undefined || entry?.ended !== undefined,
    running,
  })
}

const codeOf = (error: unknown): string | undefined =>
  error === undefined ? undefined : error instanceof Error && 'code' in error ? String(error.code) : 'other'
