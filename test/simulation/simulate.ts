import { best, cheapest, type Clock, createRouter, fastest, type Receipt, type Router, type RouterOptions } from '@routewise/core'
import { type CallRecord, makeCall } from './caller.ts'
import { createSimulatedClock, type SimulatedClock } from './clock.ts'
import { type SimulatedCall, type SimulatedChunk, simulatedDialect } from './dialect.ts'
import { createJournal } from './journal.ts'
import { createJudge, type Verdicts } from './judge.ts'
import { countTimers, watchRejections } from './leaks.ts'
import { createLedger, type Ledger } from './ledger.ts'
import { listen, type Told } from './listen.ts'
import { createProvider } from './provider.ts'
import { drawProvider } from './provider-plan.ts'
import { createRandom } from './random.ts'
import type { CallPlan, PolicyName, Scenario } from './scenario.ts'
import { settingsOf } from './checks/settings.ts'
import { createStore } from './store.ts'

type SimulatedRouter = Router<SimulatedCall, SimulatedChunk>

/** Everything that came of a run. */
export interface Outcome {
  scenario: Scenario
  records: readonly CallRecord[]
  ledger: Ledger
  /** Receipts that listeners were told of, by call. */
  receipts: ReadonlyMap<number, readonly Receipt[]>
  told: Told
  verdicts: Verdicts
  /** Calls that have never ended. */
  waiting: readonly number[]
  /** Most timers that the router had pending while no call was under way. */
  timersLeft: number
  /** Targets that were still left alone long after everything had healed. */
  stillResting: readonly string[]
  unhandled: readonly unknown[]
  hash: string
  lines: readonly string[]
}

export interface SimulateOptions {
  readable?: boolean
  /** Puts a fault into the router or what it is given: tests show with it that the checks see. */
  sabotage?: Sabotage
}

export interface Sabotage {
  options?(options: RouterOptions<SimulatedCall, SimulatedChunk>): RouterOptions<SimulatedCall, SimulatedChunk>
  router?(router: SimulatedRouter, clock: Clock): SimulatedRouter
  /** What is put into the books afterwards. */
  outcome?(outcome: Outcome): void
}

/** Longer than any cooldown, window or open breaker lasts. */
const RECOVERY_MS = 7_200_000

/** Longer than any call may last, and in which steps that is waited for. */
const PATIENCE_MS = 3_600_000
const STEP_MS = 60_000

const policies: Readonly<Record<PolicyName, () => RouterOptions<SimulatedCall, SimulatedChunk>['policy']>> = {
  cheapest: () => cheapest({ quality: 0.8 }),
  fastest: () => fastest(),
  best: () => best(),
  // A user's own: whatever order the targets are in.
  listed: () => candidates => candidates,
}

/** Runs a scenario from the first call to long after the last, in simulated time. */
export async function simulate(scenario: Scenario, { readable = false, sabotage = {} }: SimulateOptions = {}): Promise<Outcome> {
  const clock = createSimulatedClock()
  const journal = createJournal(clock, { readable })
  const ledger = createLedger()
  const random = createRandom(scenario.seed ^ 0x5eed)
  const shared = { clock, ledger, journal }
  const providers = scenario.providers.map((plan, at) => createProvider(plan, { ...shared, random: random.fork(at) }))
  const arbiter = createProvider(drawProvider('judge', random, { flawless: true, lastsMs: 0 }), { ...shared, random: random.fork(99) })
  const bench = scenario.judge === undefined ? undefined : createJudge(scenario.judge, { clock, ledger, arbiter })
  const timers = countTimers(clock)
  const { totalMs } = settingsOf(scenario).timeouts
  const chance = random.fork(100)
  let calling = -1

  const options: RouterOptions<SimulatedCall, SimulatedChunk> = {
    targets: providers,
    dialect: simulatedDialect,
    ...scenario.options,
    ...(bench === undefined ? {} : { judge: bench.judge }),
    ...(scenario.store === undefined ? {} : { store: createStore(scenario.store, { clock, random: random.fork(101) }) }),
    policy: policies[scenario.policy]()!,
    clock: timers.clock,
    random: chance.next,
    // A call asks for its id before it does anything else.
    newId: () => `call-${calling}`,
  }
  const created = createRouter(sabotage.options?.(options) ?? options)
  const router = sabotage.router?.(created, timers.clock) ?? created
  const { receipts, told } = listen(router, scenario, ledger, journal)
  const { unhandled, stop } = watchRejections()

  const records: CallRecord[] = []
  const waiting = new Set<number>()
  let timersLeft = 0
  const make = async (plan: CallPlan): Promise<void> => {
    calling = plan.call.id
    waiting.add(calling)
    records.push(await makeCall(plan, { router, totalMs, ...shared }))
    waiting.delete(plan.call.id)
    // Once the last promise has settled, and before time goes on.
    if (waiting.size === 0) process.nextTick(() => (timersLeft = Math.max(timersLeft, timers.count())))
  }
  let lastCallAt = 0
  arrive(scenario, clock, plan => {
    lastCallAt = clock.now()
    return make(plan)
  })
  // A router that goes on for ever must not keep the simulation.
  while (clock.pending() > 0 && clock.now() < lastCallAt + PATIENCE_MS) await clock.run(clock.now() + STEP_MS)
  // When everything has been well for long, nothing may be held against anybody, and everybody can be called again.
  for (const provider of [...providers, arbiter]) provider.heal()
  bench?.heal()
  await clock.run(clock.now() + RECOVERY_MS)
  const last = providers.map(({ id }, at) => lateCall(scenario.calls.length + at, id))
  const stillResting = last.flatMap(({ call }) =>
    router.decide(call).considered.flatMap(({ target, resting }) => (resting === undefined ? [] : [`${target} (${resting})`])),
  )
  for (const plan of last) {
    void make(plan)
    await clock.run(clock.now() + PATIENCE_MS)
  }
  // Rejections that nobody handles are told of only now.
  await new Promise(resolve => setImmediate(resolve))
  stop()

  const outcome: Outcome = {
    scenario,
    records,
    ledger,
    receipts,
    told,
    verdicts: bench?.verdicts ?? new Map(),
    waiting: [...waiting],
    timersLeft,
    stillResting,
    unhandled,
    hash: journal.hash(),
    lines: journal.lines,
  }
  sabotage.outcome?.(outcome)
  return outcome
}

const lateCall = (id: number, target: string): CallPlan => ({
  call: {
    id,
    inputTokens: 100,
    maxOutputTokens: undefined,
    streaming: true,
    prefix: id,
    turn: 'user',
    task: 'chat',
    resumable: false,
    asksForTool: false,
  },
  leaving: undefined,
  signal: false,
  readerMs: 0,
  allow: [target],
})

function arrive({ arrivals, calls }: Scenario, clock: SimulatedClock, make: (plan: CallPlan) => Promise<void>): void {
  const random = createRandom(calls.length)
  let next = 0
  const one = (): Promise<void> | undefined => {
    const plan = calls[next]
    next += 1
    return plan === undefined ? undefined : make(plan)
  }
  if (arrivals.type === 'open') {
    const tick = () => {
      void one()
      if (next < calls.length) clock.after(Math.round(random.exponential(arrivals.meanGapMs) * 16) / 16, tick)
    }
    tick()
  } else if (arrivals.type === 'bursts') {
    const tick = () => {
      for (let at = 0; at < arrivals.size; at += 1) void one()
      if (next < calls.length) clock.after(arrivals.gapMs, tick)
    }
    tick()
  } else {
    const live = () => void one()?.then(() => clock.after(Math.round(random.exponential(arrivals.thinkMs)), live))
    for (let at = 0; at < arrivals.callers; at += 1) live()
  }
}
