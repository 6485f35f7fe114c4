import type { Fault } from '@routewise/simulator'
import { expect, test } from 'vitest'
import { createOutage, type OutagePlan } from './outage.ts'

const plan: OutagePlan = { where: { provider: 'anthropic' }, from: 0.4, to: 0.6, silentShare: 0.2, silenceMs: 30_000 }

test.each([
  [10, [5, 6]],
  [100, Array.from({ length: 20 }, (_, at) => 41 + at)],
  [3, [] as number[]],
])('of %i turns, those after 40 % and up to 60 % begin while the provider is down', (turns, expected) => {
  const active = new Set<Fault>()
  const simulator = {
    fault(fault: Fault) {
      active.add(fault)
      return () => active.delete(fault)
    },
  }
  const outage = createOutage(simulator, plan, turns)
  const down: number[] = []
  for (let turn = 1; turn <= turns; turn += 1) {
    outage.turnBegins()
    if (active.size > 0) down.push(turn)
  }
  expect(down).toEqual(expected)
  outage.stop()
  expect(active.size).toBe(0)
})
