import { getEventListeners } from 'node:events'
import { type Clock, systemClock } from '@routewise/core'

/** What a run has left behind. All should be 0. */
export interface Leftovers {
  /** Armed by the router, neither fired nor cancelled. */
  timers: number
  /** Of the whole process, beside those that were there before. */
  processTimers: number
  /** On the one signal that all calls were given. */
  listeners: number
  /** Of Node, about too many listeners anywhere or timers in the past. */
  warnings: number
}

/** Gives calls a clock and a signal that tell afterwards what was left on them. */
export function watchLeftovers() {
  const timersOfProcess = () => process.getActiveResourcesInfo().filter(name => name === 'Timeout').length
  const timersBefore = timersOfProcess()
  const { signal } = new AbortController()
  let armed = 0
  let warnings = 0
  const onWarning = ({ name }: Error) => {
    if (name === 'MaxListenersExceededWarning' || name === 'TimeoutNegativeWarning') warnings += 1
  }
  process.on('warning', onWarning)
  const clock: Clock = {
    ...systemClock,
    after(ms, fire) {
      armed += 1
      let isArmed = true
      const disarm = () => {
        if (isArmed) armed -= 1
        isArmed = false
      }
      const cancel = systemClock.after(ms, () => {
        disarm()
        fire()
      })
      return () => {
        disarm()
        cancel()
      }
    },
  }
  return {
    clock,
    signal,
    count: (): Leftovers => ({
      timers: armed,
      processTimers: Math.max(0, timersOfProcess() - timersBefore),
      listeners: getEventListeners(signal, 'abort').length,
      warnings,
    }),
    dispose: (): void => void process.off('warning', onWarning),
  }
}
