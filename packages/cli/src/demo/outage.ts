import type { Fault, Simulator } from '@routewise/simulator'

/** Part of a run during which one provider is down. */
export interface OutagePlan {
  /** What is down: a whole provider, or one model where the whole pool lives on one provider. */
  where: { provider: string } | { model: string }
  /** Shares of all turns between which it is down. */
  from: number
  to: number
  /** Share of the requests that get no answer at all, only silence; the rest get a 503. */
  silentShare: number
  /** Provider milliseconds of that silence, after which the answer comes. */
  silenceMs: number
}

/** Takes the provider down and up again, by the number of turns that have begun. */
export function createOutage(simulator: Pick<Simulator, 'fault'>, { where, from, to, silentShare, silenceMs }: OutagePlan, turns: number) {
  const faults: Fault[] = [
    { when: { ...where, probability: 1 - silentShare }, effect: { type: 'http-error', kind: 'overloaded', status: 503 } },
    { when: where, effect: { type: 'hang', at: 'headers', ms: silenceMs } },
  ]
  let begun = 0
  let end: (() => void) | undefined
  const stop = () => {
    end?.()
    end = undefined
  }
  return {
    turnBegins(): void {
      begun += 1
      if (begun === Math.ceil(turns * from) + 1) {
        const ends = faults.map(simulator.fault)
        end = () => ends.forEach(remove => remove())
      }
      if (begun > Math.floor(turns * to)) stop()
    },
    stop,
  }
}
