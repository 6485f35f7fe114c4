import type { Clock } from '../clock.ts'

/**
 * One timer for limits that keep moving: it is set for the nearest and, when it fires too early, for what is left. A timer for each
 * chunk of a stream would cost more than the chunk.
 */
export function createWatchdog(clock: Clock, { dueAt, onDue }: { dueAt(): number; onDue(): void }) {
  let armedFor = Number.POSITIVE_INFINITY
  let cancel = () => {}
  const arm = (due: number): void => {
    cancel()
    armedFor = due
    if (Number.isFinite(due)) cancel = clock.after(due - clock.now(), fire)
  }
  const fire = (): void => {
    armedFor = Number.POSITIVE_INFINITY
    const due = dueAt()
    if (due <= clock.now()) onDue()
    else arm(due)
  }
  return {
    /** To be called when the limit may have come nearer. */
    check(): void {
      const due = dueAt()
      if (due < armedFor) arm(due)
    },
    stop: (): void => cancel(),
  }
}
