import { systemClock, type Clock, type RoutingOptions } from '@routewise/core'

/** What `timeouts` are where they are not given. */
const DEFAULTS = { firstTokenMs: 60_000, totalMs: 600_000 }

/** Waits for an answer no longer than the limit, or until the signal is aborted. @throws DOMException `TimeoutError` */
export type TimeLimit = <Answer>(answer: PromiseLike<Answer>, signal: AbortSignal) => Promise<Answer>

/** The core's own limits are for answers that stream: these come whole or not at all. */
export function createTimeLimit(ms: number, clock: Clock = systemClock): TimeLimit {
  return async (answer, signal) => {
    let stop = () => {}
    const over = new Promise<never>((_, reject) => {
      const leave = () => reject(signal.reason)
      signal.addEventListener('abort', leave)
      const stopTimer = clock.after(ms, () => reject(new DOMException(`No answer within ${ms} ms.`, 'TimeoutError')))
      stop = () => {
        stopTimer()
        signal.removeEventListener('abort', leave)
      }
    })
    try {
      return await Promise.race([answer, over])
    } finally {
      stop()
    }
  }
}

/** Whether an error says that there was no answer in time. */
export const isTimeout = (error: unknown): boolean => error instanceof DOMException && error.name === 'TimeoutError'

/** Milliseconds that each of several models has where answers may take long: its share of the call's. */
export const shareOfTimeMs = ({ timeouts }: RoutingOptions, models: number): number =>
  (timeouts?.totalMs ?? DEFAULTS.totalMs) / Math.max(1, models)

/** Milliseconds that each of several models has where answers are short: as long as a first token may take, and no more than its share. */
export const timeToAnswerMs = (routing: RoutingOptions, models: number): number =>
  Math.min(routing.timeouts?.firstTokenMs ?? DEFAULTS.firstTokenMs, shareOfTimeMs(routing, models))
