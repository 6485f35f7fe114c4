import { type Clock, systemClock } from '@routewise/core'

/** Time as the simulated providers live it: `timeScale` of its milliseconds pass in one real millisecond. */
export function createProviderClock(timeScale: number, clock: Clock = systemClock): Clock {
  const startedAt = clock.now()
  const wallAtStart = clock.wall()
  const now = () => (clock.now() - startedAt) * timeScale
  return { now, wall: () => wallAtStart + now(), after: (ms, fire) => clock.after(ms / timeScale, fire) }
}
