import type { RoutingOptions } from '@routewise/core'
import { createSimulatedClock } from '../../simulation/clock.ts'
import { createRandom } from '../../simulation/random.ts'
import { serveJobs } from '../../jobs.ts'
import type { VirtualCall } from '../virtual.ts'
import { type Client, routed, type Submit, unguarded } from './clients.ts'
import { createProvider } from './provider.ts'

/** `ours` has the product's own options; with `dear` time, money never keeps it from hedging, and only the guards do. */
export type Arm = 'none' | 'ours' | 'dear' | 'unguarded'

export interface MetastableJob {
  seed: number
  arm: Arm
  /** Arrivals as a share of what the provider can serve. */
  utilisation: number
  honoursCancels: boolean
}

export interface Recovery {
  /** Seconds from the end of the outage to the first ten in which 95 % as many calls are answered as arrive; absent: never. */
  recoveredS?: number
  /** Attempts ÷ calls, of the calls before the outage, and of those from 300 s on. */
  loadBefore: number
  steadyLoad: number
}

const SERVERS = 50
/** Service times, in seconds: lognormal, with a mean of 1. */
const SERVICE = { mu: -0.08, sigma: 0.4 }
const CAPACITY_PER_SECOND = SERVERS / Math.exp(SERVICE.mu + SERVICE.sigma ** 2 / 2)
const RUN_S = 600
const OUTAGE = { fromS: 60, toS: 90, servers: SERVERS * 0.2 }
const STEADY_FROM_S = 300
const GOOD = { seconds: 10, share: 0.95 }

const OPTIONS: Readonly<Record<Exclude<Arm, 'unguarded'>, RoutingOptions>> = {
  none: { hedge: false, retry: false },
  ours: {},
  dear: { valueOfTimeUsdPerSecond: 1 },
}

serveJobs(async ({ seed, arm, utilisation, honoursCancels }: MetastableJob): Promise<Recovery> => {
  const clock = createSimulatedClock()
  const random = createRandom(seed)
  const arrivals = random.fork(1)
  // The first attempts take the same, call by call, whatever the client does.
  const first = random.fork(2)
  const others = random.fork(3)
  const firstServiceMs = new WeakMap<VirtualCall, number>()
  const serviceMs = (from: typeof random) => 1_000 * from.lognormal(SERVICE.mu, SERVICE.sigma)
  const provider = createProvider(clock, { servers: SERVERS, honoursCancels })
  const submit: Submit = (call, done) => {
    const ms = firstServiceMs.get(call) ?? serviceMs(others)
    firstServiceMs.delete(call)
    return provider.submit(ms, done)
  }
  const client: Client =
    arm === 'unguarded'
      ? unguarded(clock, submit)
      : routed({ clock, random: random.fork(4).next, submit, honoursCancels, options: OPTIONS[arm] })

  const called = new Float64Array(RUN_S)
  const answeredAt = new Float64Array(RUN_S * 2)
  const attempts = new Float64Array(RUN_S)
  const second = () => Math.floor(clock.now() / 1_000)
  async function call(): Promise<void> {
    const calledAt = second()
    const asked = { inputTokens: 1_000, streaming: false }
    firstServiceMs.set(asked, serviceMs(first))
    called[calledAt]! += 1
    const end = await client(asked)
    attempts[calledAt]! += end.attempts
    if (end.answered) answeredAt[second()]! += 1
  }

  let failure: unknown
  const arrive = () => {
    if (second() >= RUN_S) return
    call().catch(error => (failure = error))
    clock.after(arrivals.exponential(1_000 / (CAPACITY_PER_SECOND * utilisation)), arrive)
  }
  clock.after(0, arrive)
  clock.after(OUTAGE.fromS * 1_000, () => provider.setServers(OUTAGE.servers))
  clock.after(OUTAGE.toS * 1_000, () => provider.setServers(SERVERS))
  // What a client has given up may be served for long after the last call.
  await clock.run((RUN_S + 60) * 1_000)
  if (failure !== undefined) throw failure

  const sum = (counts: Float64Array, from: number, to: number) => counts.subarray(from, to).reduce((all, count) => all + count, 0)
  const load = (from: number, to: number) => sum(attempts, from, to) / sum(called, from, to)
  const recovery: Recovery = { loadBefore: load(0, OUTAGE.fromS), steadyLoad: load(STEADY_FROM_S, RUN_S) }
  for (let from = OUTAGE.toS; from + GOOD.seconds <= RUN_S; from += 1) {
    const to = from + GOOD.seconds
    if (sum(answeredAt, from, to) < GOOD.share * sum(called, from, to)) continue
    return { ...recovery, recoveredS: from - OUTAGE.toS }
  }
  return recovery
})
