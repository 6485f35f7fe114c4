import { type Attempt, StreamFailure } from './attempt.ts'
import type { Run } from './dispatch.ts'

interface DeliveryOptions<Call, Chunk> {
  run: Run<Call>
  /** Resolves to the attempt whose answer is passed on; `undefined` when all have failed. */
  start(run: Run<Call>): Promise<Attempt<Call, Chunk> | undefined>
  /** The run that goes on from what has been passed on; `undefined` where that may not be. Absent: it never may. */
  resume: ((run: Run<Call>, broken: Attempt<Call, Chunk>, delivered: string) => Run<Call> | undefined) | undefined
}

/** An answer on its way to the caller: of one attempt or, where it was asked for, of one that goes on where another broke off. */
export function createDelivery<Call, Chunk>({ run, start, resume }: DeliveryOptions<Call, Chunk>) {
  const { cancellation, settle } = run
  let current = run
  let answering: Attempt<Call, Chunk> | undefined
  let delivered = ''

  async function open(next: Run<Call>): Promise<boolean> {
    current = next
    answering = await start(next)
    const opened = answering
    if (opened !== undefined) cancellation.onCancel(error => opened.abort(error))
    return opened !== undefined
  }

  async function goOn(error: unknown): Promise<{ value: Chunk } | undefined> {
    const broken = answering!
    const rest = error instanceof StreamFailure ? resume?.(current, broken, delivered + broken.meter.text) : undefined
    if (rest === undefined) throw error
    delivered += broken.meter.text
    answering = undefined
    settle(broken, { type: 'interrupted', failure: (error as StreamFailure).failure })
    if (await open(rest)) return nextOrRest()
    throw error
  }

  async function nextOrRest(): Promise<{ value: Chunk } | undefined> {
    try {
      return await answering!.next()
    } catch (error) {
      return goOn(error)
    }
  }

  return {
    /** Resolves to `false` when all attempts have failed. */
    open: (): Promise<boolean> => open(run),
    /** The next chunk; `undefined` at the end. Most answers are never resumed: theirs come without a promise of their own. */
    next: (): ReturnType<Attempt<Call, Chunk>['next']> => (resume === undefined ? answering!.next() : nextOrRest()),
    /** The answer is complete. */
    end(): void {
      const winner = answering!
      answering = undefined
      settle(winner, { type: 'answered', finish: winner.meter.finish })
    },
    /** The attempt that was answering, which is the caller's to settle from now on; `undefined` when there is none. */
    take(): Attempt<Call, Chunk> | undefined {
      const taken = answering
      if (taken !== undefined) delivered += taken.meter.text
      answering = undefined
      return taken
    },
    /** Text that has been passed on, for an answer that is not complete. */
    delivered: (): string => delivered,
  }
}
