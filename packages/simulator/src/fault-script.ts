import { seededRandom } from './seed.ts'
import type { Fault, FaultEffect, FaultMatch } from './fault.ts'

/** What a request is matched by. */
export interface FaultSubject {
  provider: string
  model: string | undefined
  stream: boolean
  nowMs: number
}

/** The script of faults, changed while it runs. */
export interface FaultScript {
  /** Adds a fault; the returned function takes it away. */
  add: (fault: Fault) => () => void
  /** Effects that strike this request, in the order they were added. */
  strike(subject: FaultSubject): readonly FaultEffect[]
}

export function createFaultScript(faults: readonly Fault[], seed: number): FaultScript {
  const active: { fault: Fault; matched: number; struck: number; random: () => number }[] = []
  let added = 0
  const add = (fault: Fault) => {
    added += 1
    const entry = { fault, matched: 0, struck: 0, random: seededRandom(seed, 'fault', added) }
    active.push(entry)
    return () => {
      const index = active.indexOf(entry)
      if (index >= 0) active.splice(index, 1)
    }
  }
  faults.forEach(add)
  return {
    add,
    strike(subject) {
      const effects: FaultEffect[] = []
      for (const entry of active) {
        const { when = {}, effect, times = Infinity } = entry.fault
        if (!matches(when, subject)) continue
        entry.matched += 1
        const drawn = entry.random() < (when.probability ?? 1)
        if (!drawn || !isTurn(when.nth, entry.matched) || entry.struck >= times) continue
        entry.struck += 1
        effects.push(effect)
      }
      return effects
    },
  }
}

function matches(when: FaultMatch, { provider, model, stream, nowMs }: FaultSubject): boolean {
  if (when.provider !== undefined && when.provider !== provider) return false
  if (when.model !== undefined && when.model !== model) return false
  if (when.stream !== undefined && when.stream !== stream) return false
  return nowMs >= (when.fromMs ?? 0) && nowMs < (when.toMs ?? Infinity)
}

function isTurn(nth: FaultMatch['nth'], count: number): boolean {
  if (nth === undefined) return true
  if (typeof nth === 'number') return count === nth
  const { from = 1, to = Infinity, every = 1 } = nth
  return count >= from && count <= to && (count - from) % every === 0
}
