import type { RoutingOptions } from '@routewise/core'
import type { SimulatedCall } from './dialect.ts'
import type { JudgePlan } from './judge.ts'
import { drawProvider, type ProviderPlan } from './provider-plan.ts'
import { createRandom, type SeededRandom } from './random.ts'
import type { StorePlan } from './store.ts'

/** How a caller goes away before the end. `afterMs` counts from the start of the call, `chunk` the chunks received. */
export type Leaving =
  | { how: 'aborted-before' }
  | { how: 'signal-at-time'; afterMs: number }
  | { how: 'signal-at-chunk'; chunk: number }
  | { how: 'return'; chunk: number }
  /** Asks for the end while a chunk is still awaited, as a cancelled web stream does. */
  | { how: 'return-at-time'; afterMs: number }
  | { how: 'throw'; chunk: number }
  /** Never asks for anything again, and says nothing. */
  | { how: 'forgets'; chunk: number }

export interface CallPlan {
  call: SimulatedCall
  leaving: Leaving | undefined
  /** The caller has a signal, whether it is used or not. */
  signal: boolean
  /** Milliseconds that the reader takes for a chunk. */
  readerMs: number
  allow: readonly string[] | undefined
}

export type Arrivals =
  | { type: 'open'; meanGapMs: number }
  | { type: 'bursts'; size: number; gapMs: number }
  /** So many callers, each of which thinks for a while and calls again. */
  | { type: 'closed'; callers: number; thinkMs: number }

export type PolicyName = 'cheapest' | 'fastest' | 'best' | 'listed'

/** A run, drawn from its seed and from nothing else. */
export interface Scenario {
  seed: number
  providers: readonly ProviderPlan[]
  /** Everything that is plain data. */
  options: Pick<
    RoutingOptions,
    'hedge' | 'retry' | 'breaker' | 'timeouts' | 'release' | 'onRefusal' | 'onStall' | 'valueOfTimeUsdPerSecond'
  >
  policy: PolicyName
  judge: JudgePlan | undefined
  listenersThrow: boolean
  store: StorePlan | undefined
  arrivals: Arrivals
  calls: readonly CallPlan[]
}

export function drawScenario(seed: number): Scenario {
  const random = createRandom(seed)
  const count = random.integer(200, 800)
  const arrivals = drawArrivals(random)
  const lastsMs = durationOf(arrivals, count)
  const flawless = random.chance(0.5) ? 0 : -1
  const providers = Array.from({ length: random.integer(1, 5) }, (_, at) =>
    drawProvider(`t${at}`, random, { flawless: at === flawless, lastsMs }),
  )
  const judge = random.chance(0.4) ? drawJudge(random) : undefined
  return {
    seed,
    providers,
    options: drawOptions(random, judge !== undefined),
    // The cheapest refuses targets whose price is not known.
    policy: providers.some(({ rates }) => rates === undefined) ? 'fastest' : random.pick(['cheapest', 'fastest', 'best', 'listed']),
    judge,
    listenersThrow: random.chance(0.2),
    store: random.chance(0.15)
      ? { delayMs: random.integer(0, 500), failShare: random.pick([0, 0.2, 1]), hangShare: random.pick([0, 0.2]) }
      : undefined,
    arrivals,
    calls: Array.from({ length: count }, (_, id) => drawCall(id, providers, random)),
  }
}

function drawArrivals(random: SeededRandom): Arrivals {
  const type = random.pick(['open', 'open', 'bursts', 'closed'] as const)
  if (type === 'open') return { type, meanGapMs: random.pick([5, 50, 300, 2_000]) }
  if (type === 'bursts') return { type, size: random.integer(2, 60), gapMs: random.pick([500, 5_000, 60_000]) }
  return { type, callers: random.integer(1, 40), thinkMs: random.pick([0, 500, 5_000]) }
}

function durationOf(arrivals: Arrivals, count: number): number {
  if (arrivals.type === 'open') return count * arrivals.meanGapMs
  if (arrivals.type === 'bursts') return (count / arrivals.size) * arrivals.gapMs
  return (count / arrivals.callers) * (arrivals.thinkMs + 2_000)
}

function drawOptions(random: SeededRandom, judged: boolean): Scenario['options'] {
  const maybe = <Value>(share: number, value: Value): Value | undefined => (random.chance(share) ? value : undefined)
  return defined({
    hedge: random.pick([
      false as const,
      {},
      { delayMs: random.pick([0, 50, 500, 2_000]), budget: random.pick([0, 0.05, 0.3]), burst: random.integer(1, 20) },
      { quantile: 0.8, minDelayMs: 10, maxHedges: random.integer(0, 4), budget: 0.2 },
    ]),
    retry: random.pick([
      false as const,
      {},
      {
        maxRetries: random.integer(0, 6),
        baseDelayMs: random.pick([1, 50, 1_000]),
        maxDelayMs: random.pick([100, 20_000]),
        budget: random.pick([0, 0.1, 0.5]),
        burst: random.integer(1, 20),
      },
    ]),
    breaker: random.pick([
      false as const,
      {},
      {
        consecutive: random.integer(1, 8),
        ratio: 0.3,
        minCalls: 5,
        windowMs: 10_000,
        openMs: random.pick([100, 5_000]),
        maxOpenMs: 20_000,
      },
    ]),
    timeouts: defined({
      headersMs: maybe(0.2, random.pick([500, 5_000, 30_000])),
      firstTokenMs: maybe(0.6, random.pick([1_000, 5_000, 30_000])),
      stallMs: maybe(0.6, random.pick([500, 5_000, 30_000])),
      totalMs: maybe(0.6, random.pick([5_000, 30_000, 120_000])),
    }),
    release: judged
      ? random.pick([undefined, 'judged' as const, 'first-token' as const, { tokens: 12 }, { ms: 300 }])
      : random.pick([
          undefined,
          undefined,
          'first-token' as const,
          { tokens: random.integer(1, 60) },
          { ms: random.pick([1, 300, 5_000]) },
        ]),
    onRefusal: maybe(0.4, 'fallback' as const),
    onStall: maybe(0.3, 'continue' as const),
    valueOfTimeUsdPerSecond: maybe(0.6, random.pick([0, 0.001, 0.1, 10])),
  })
}

function drawJudge(random: SeededRandom): JudgePlan {
  return {
    rejects: random.pick([10, 50, 80, 100]),
    repairs: random.pick([0, 50, 100]),
    throws: random.pick([0, 0, 20]),
    abstains: random.pick([0, 0, 20]),
    slow: random.pick([0, 20, 100]),
    slowMs: random.pick([10, 2_000, 60_000]),
    watches: random.chance(0.5),
    consults: random.pick(['nobody', 'nobody', 'nobody', 'arbiter', 'sample']),
  }
}

function drawCall(id: number, providers: readonly ProviderPlan[], random: SeededRandom): CallPlan {
  const leaving = random.chance(0.15) ? drawLeaving(random) : undefined
  const signal = leaving?.how.startsWith('signal') === true || leaving?.how === 'aborted-before' || random.chance(0.3)
  return {
    call: {
      id,
      inputTokens: Math.round(Math.exp(random.next() * 8) * 4) + 10,
      maxOutputTokens: random.chance(0.1) ? random.integer(1, 100) : undefined,
      streaming: random.chance(0.9),
      prefix: random.integer(1, 40),
      turn: random.chance(0.1) ? 'tool' : 'user',
      task: random.pick(['chat', 'code', 'extraction']),
      resumable: random.chance(0.8),
      asksForTool: random.chance(0.1),
    },
    leaving,
    signal,
    readerMs: random.chance(0.05) ? random.pick([1, 50, 2_000]) : 0,
    allow: random.chance(0.05) ? [random.pick(providers).facts.id] : undefined,
  }
}

function drawLeaving(random: SeededRandom): Leaving {
  const chunk = random.integer(1, 12)
  const afterMs = random.integer(0, 3_000)
  switch (random.integer(0, 6)) {
    case 0:
      return { how: 'aborted-before' }
    case 1:
      return { how: 'signal-at-time', afterMs }
    case 2:
      return { how: 'signal-at-chunk', chunk }
    case 3:
      return { how: 'return', chunk }
    case 4:
      return { how: 'return-at-time', afterMs }
    case 5:
      return { how: 'throw', chunk }
    default:
      return { how: 'forgets', chunk }
  }
}

/** Without the options that are not set: strict options know no `undefined`. */
function defined<Options extends object>(options: Options): { [Name in keyof Options]: Exclude<Options[Name], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never
}
