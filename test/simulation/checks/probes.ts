import type { Made, RunReport } from './outcome.ts'
import { type Entry, overAt } from '../ledger.ts'
import type { Settings } from './settings.ts'
import type { Outcome } from '../simulate.ts'

type State = Outcome['told']['breakers'][number]['state']

/**
 * An open breaker lets no attempt through while another target could be asked, and a half-open one a single probe at a time. Attempts for
 * which there was nobody else are nobody's fault.
 */
export function checkProbes(made: readonly Made[], { scenario, ledger, told }: Outcome, { breaker }: Settings, report: RunReport): void {
  // With a judge, who else may be asked is a matter of quality too.
  if (breaker === false || scenario.judge !== undefined) return
  const madeOf = new Map(made.map(one => [one.record.plan.call.id, one]))
  const probes = new Map<string, Entry>()
  const stateOf = new Map<string, State>()
  let heard = 0
  for (const [at, entry] of ledger.entries.entries()) {
    for (; heard < told.breakers.length && told.breakers[heard]!.before <= at; heard += 1) {
      const { target, state } = told.breakers[heard]!
      stateOf.set(target, state)
      if (state === 'half-open') probes.delete(target)
    }
    const state = stateOf.get(entry.target)
    if (state !== 'open' && state !== 'half-open') continue
    const one = madeOf.get(entry.call)
    const probe = probes.get(entry.target)
    const isFirst = state === 'half-open' && probe === undefined
    if (!isFirst && (one === undefined || !hadAnother(one, entry, stateOf))) continue
    if (state === 'half-open' && (probe === undefined || isOver(probe, entry.openedAt, breaker.maxOpenMs))) probes.set(entry.target, entry)
    else report('one-probe', `${entry.name} was sent to a target that is ${state}, and there were others`, entry.call)
  }
}

const isOver = (probe: Entry, now: number, maxOpenMs: number): boolean => overAt(probe) <= now || now - probe.openedAt >= maxOpenMs

function hadAnother({ record, pairs }: Made, entry: Entry, stateOf: ReadonlyMap<string, State>): boolean {
  const reason = pairs.find(pair => pair.entry === entry)?.attempt.reason
  if (reason !== 'first' && reason !== 'fallback' && reason !== 'hedge') return false
  const considered = record.receipt?.considered ?? []
  return considered.some(
    ({ target, rank, resting }) =>
      target !== entry.target &&
      rank !== undefined &&
      resting === undefined &&
      (stateOf.get(target) ?? 'closed') === 'closed' &&
      !pairs.some(pair => pair.entry.target === target && pair.entry.openedAt <= entry.openedAt),
  )
}
