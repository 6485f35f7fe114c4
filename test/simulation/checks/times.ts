import type { CallRecord } from '../caller.ts'
import { type Entry, overAt } from '../ledger.ts'
import type { Report } from './call.ts'
import type { Settings } from './settings.ts'

/** Differences of times are off by their last bits. */
export const ROUNDING_MS = 1e-6

/** No attempt is waited for longer than the limits say. */
export function checkLimits(entry: Entry, { timeouts }: Settings, report: Report): void {
  const { name, openedAt, longestWaitMs } = entry
  const { headersMs = Number.POSITIVE_INFINITY, firstTokenMs, stallMs } = timeouts
  const exceeds = (at: number | undefined, ms: number) =>
    Math.min(at ?? Number.POSITIVE_INFINITY, overAt(entry)) > openedAt + ms + ROUNDING_MS
  if (exceeds(entry.firstTokenAt ?? entry.finishAt, firstTokenMs))
    report('time-limits', `${name} was given more than ${firstTokenMs} ms for its first token`)
  if (exceeds(entry.headersAt, headersMs)) report('time-limits', `${name} was given more than ${headersMs} ms for its headers`)
  if (longestWaitMs > stallMs + ROUNDING_MS) report('time-limits', `${name} was allowed to pause for ${longestWaitMs} ms`)
}

/** No call lasts longer than it may, unless its own reader kept it. */
export function checkTimes(
  { startedAt, endedAt, askedAt, longestWaitMs, plan }: CallRecord,
  { timeouts, onStall }: Settings,
  report: Report,
): void {
  if (endedAt === undefined) return
  const limit = Math.max(startedAt + timeouts.totalMs, askedAt)
  if (endedAt > limit + ROUNDING_MS) report('time-limits', `ended ${endedAt - limit} ms too late`)
  if (onStall === 'fail' && plan.call.streaming && longestWaitMs > timeouts.stallMs + ROUNDING_MS) {
    report('time-limits', `the reader waited ${longestWaitMs} ms for a chunk`)
  }
}
