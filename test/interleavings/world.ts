import type fc from 'fast-check'
import type { ScheduledClock } from './clock.ts'
import type { Journal } from './journal.ts'
import type { Moment } from './scenario.ts'

/** What everything in a run shares. */
export interface World {
  scheduler: fc.Scheduler
  clock: ScheduledClock
  journal: Journal
  /** Callers that go away in the middle of something, by call: they are told of each moment as it comes. */
  witnesses: Map<number, (moment: Moment) => void>
}
