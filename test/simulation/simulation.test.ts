import { expect, test } from 'vitest'
import { checkOutcome } from './checks/outcome.ts'
import { SABOTAGES } from './sabotage.ts'
import { drawScenario, type Scenario } from './scenario.ts'
import { simulate } from './simulate.ts'

/** A scenario in which much of everything happens, so that no fault has to be waited for. */
function busy(seed: number): Scenario {
  const { providers, calls, ...drawn } = drawScenario(seed)
  return {
    ...drawn,
    providers: providers.slice(0, 3).map((provider, at) => ({
      ...provider,
      faultShare: at === 0 ? 0 : 0.3,
      faults: ['cut', 'stall', 'hang', 'server', 'silent-end', 'pause'],
      usageModes: ['end'],
      outages: at === 1 ? [{ fromMs: 10_000, toMs: 30_000, fault: 'server' }] : [],
    })),
    calls: calls.slice(0, 150).map(plan => ({ ...plan, allow: undefined })),
    arrivals: { type: 'open', meanGapMs: 300 },
    policy: 'fastest',
    judge: undefined,
    options: {
      hedge: { delayMs: 300, budget: 0.2, burst: 5 },
      breaker: { consecutive: 2, openMs: 1_000 },
      timeouts: { firstTokenMs: 3_000, stallMs: 5_000, totalMs: 60_000 },
      valueOfTimeUsdPerSecond: 1,
    },
  }
}

const judged = (scenario: Scenario): Scenario => ({
  ...scenario,
  judge: { rejects: 40, repairs: 0, throws: 0, abstains: 0, slow: 0, slowMs: 0, watches: false, consults: 'nobody' },
})

/** Nobody is hedged, so that every limit is reached. */
const patient = (scenario: Scenario): Scenario => ({ ...scenario, options: { ...scenario.options, hedge: false } })

test.each([1, 2, 3, 4, 5])('breaks no promise with seed %i', async seed => {
  expect(checkOutcome(await simulate(drawScenario(seed)))).toEqual([])
})

test('the same seed gives the same run, to the last event', async () => {
  const [first, second, other] = [await simulate(busy(9)), await simulate(busy(9)), await simulate(busy(10))]
  expect(second.hash).toBe(first.hash)
  expect(other.hash).not.toBe(first.hash)
})

test('a scenario that is to be sabotaged is in order without', async () => {
  expect(checkOutcome(await simulate(busy(11)))).toEqual([])
  expect(checkOutcome(await simulate(judged(busy(11))))).toEqual([])
})

test.each(SABOTAGES)('$check sees when $fault', async ({ check, sabotage }) => {
  const scenario = check === 'judged' ? judged(busy(11)) : check === 'time-limits' ? patient(busy(11)) : busy(11)
  const violations = checkOutcome(await simulate(scenario, { sabotage }))
  expect(violations.map(violation => violation.check)).toContain(check)
})
