import { RouterError, type RouterErrorCode } from '@routewise/core'
import { CallerError } from './caller.ts'
import { EARLY_MS } from './clock.ts'
import { type CallRecord, textOf } from './journal.ts'
import type { Report } from './property.ts'
import type { Scenario } from './scenario.ts'

const CODES: ReadonlySet<RouterErrorCode> = new Set(['aborted', 'deadline', 'all_attempts_failed', 'stream_interrupted'])

/** How and when the call ended, for its caller. */
export function checkEnd(record: CallRecord, { options, pace }: Scenario, report: Report): void {
  const { startedAt, askedAt, endedAt, error, end } = record
  const dueAt = startedAt + options.timeouts.totalMs
  // Whoever waits is told when the time is over, though it may be late by as much as timers are.
  const limit = Math.max(dueAt + Math.max(...pace.lags), askedAt)
  if (endedAt! > limit) report('rest', `ended ${endedAt! - limit} ms too late`)
  if (error === undefined || (error instanceof CallerError && end === 'left')) return
  if (!RouterError.isInstance(error)) return report('typed-errors', `${JSON.stringify(error)} is not a RouterError`)
  if (error.code === 'deadline' && endedAt! <= dueAt - EARLY_MS) report('typed-errors', `deadline ${dueAt - endedAt!} ms too early`)
  checkError(error, record, report)
}

function checkError({ code, message, partialText = '' }: RouterError, { plan, chunks }: CallRecord, report: Report): void {
  if (!CODES.has(code)) report('typed-errors', `${code}: ${message}`)
  // Who leaves may still hear of what had just happened, but not of its own leaving.
  if (code === 'aborted' && plan.leaves?.how !== 'aborts') report('typed-errors', 'aborted, and the caller did not')
  if (code === 'all_attempts_failed' && chunks.length > 0) report('typed-errors', `${code} after part of an answer`)
  if (code === 'stream_interrupted' && chunks.length === 0) report('typed-errors', `${code} before any part of an answer`)
  if (partialText !== textOf(chunks)) report('typed-errors', `partialText is ${partialText}, the caller has ${textOf(chunks)}`)
}
