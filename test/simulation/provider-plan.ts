import type { ModelCard, Target } from '@routewise/core'
import { scriptedCard } from '@routewise/core/testing'
import type { SimulatedCall, SimulatedChunk } from './dialect.ts'
import { BREAKDOWNS, type Fault, POOR_ANSWERS, REFUSALS } from './faults.ts'
import type { PicoRates } from './ledger.ts'
import type { SeededRandom } from './random.ts'
import type { Law, UsageMode } from './script.ts'
import type { Manners } from './stream.ts'

/** A time in which a provider has one fault only. Milliseconds from the start of the run. */
export interface Outage {
  fromMs: number
  toMs: number
  fault: Fault
  /** It is down for `downMs` of every so many milliseconds. */
  flapping?: { periodMs: number; downMs: number }
}

/** Everything that a simulated provider is. Plain data. */
export interface ProviderPlan {
  facts: Pick<Target<SimulatedCall, SimulatedChunk>, 'id' | 'card' | 'account' | 'tags' | 'terminalEvent'>
  rates: PicoRates | undefined
  law: Law
  /** Calls that it serves at once; the others wait, first come first served. */
  servers: number
  /** Calls that may wait; those beyond are refused. */
  queueLimit: number
  /** Told of in headers, and held to. */
  requestsPerMinute: number | undefined
  /** Its work, and its bill, end when the caller cancels. */
  honoursCancel: boolean
  manners: Manners
  faultShare: number
  /** Drawn from with equal chances. */
  faults: readonly Fault[]
  outages: readonly Outage[]
  usageModes: readonly UsageMode[]
  /** Real tokens of a prompt as a multiple of what is estimated. */
  tokenBias: number
  /** Share of the prompt that is read from a cache, at most. */
  cachedShare: number
}

const EVERY_FAULT: readonly Fault[] = [...REFUSALS, ...BREAKDOWNS, ...POOR_ANSWERS]
/** Faults that a whole provider has at once. */
const OUTAGE_FAULTS: readonly Fault[] = ['server', 'overloaded', 'rate-limit', 'hang', 'network', 'cut', 'silent-end', 'stall', 'auth']

/** Draws a provider; one that is `flawless` always answers, fast and honestly. */
export function drawProvider(
  id: string,
  random: SeededRandom,
  { flawless, lastsMs }: { flawless: boolean; lastsMs: number },
): ProviderPlan {
  const inputRate = random.pick([0, 37_500, 100_000, 250_000, 1_250_000, 3_000_000]) + random.integer(0, 3)
  const rates: PicoRates | undefined =
    !flawless && random.chance(0.04)
      ? undefined
      : { input: inputRate, cacheRead: Math.floor(inputRate / 10), output: inputRate * random.integer(2, 8) + random.integer(0, 3) }
  const honoursCancel = flawless || random.chance(0.7)
  const baseMs = random.pick([80, 200, 400, 1_000])
  const msPerInputToken = random.pick([0, 0.01, 0.05])
  const law: Law = {
    baseMs,
    msPerInputToken,
    sigma: random.pick([0.1, 0.3, 0.6]),
    stragglerShare: flawless ? 0 : random.pick([0, 0, 0.01, 0.05]),
    stragglerFactor: random.integer(5, 40),
    msPerToken: random.pick([2, 10, 25]),
    headersShare: random.pick([0.2, 1, 1]),
    chunks: [8, 16],
  }
  const outages: Outage[] = []
  if (!flawless) while (outages.length < 3 && random.chance(0.35)) outages.push(drawOutage(random, lastsMs))
  return {
    facts: {
      id,
      card: drawCard(id, rates, law, random.chance(0.95) ? honoursCancel : !honoursCancel, random),
      ...(random.chance(0.2) ? { tags: ['tagged'] } : {}),
      ...(flawless || random.chance(0.95) ? {} : { terminalEvent: false }),
    },
    rates,
    law,
    servers: flawless || random.chance(0.6) ? Number.POSITIVE_INFINITY : random.integer(1, 40),
    queueLimit: random.pick([0, 10, 1_000]),
    requestsPerMinute: !flawless && random.chance(0.15) ? random.integer(5, 600) : undefined,
    honoursCancel,
    manners: flawless
      ? { onAbort: 'rejects', onReturn: 'settles' }
      : {
          onAbort: random.pick(['rejects', 'rejects', 'ends', 'ignores']),
          onReturn: random.pick(['settles', 'settles', 'settles', 'hangs', 'throws', 'missing']),
        },
    faultShare: flawless ? 0 : random.pick([0, 0.01, 0.05, 0.2, 0.6]),
    faults: random.chance(0.5) ? EVERY_FAULT : [random.pick(EVERY_FAULT), random.pick(EVERY_FAULT), random.pick(EVERY_FAULT)],
    outages,
    usageModes: drawUsageModes(flawless, random),
    tokenBias: random.pick([0.9, 1, 1, 1.2]),
    cachedShare: random.pick([0, 0, 0.5]),
  }
}

function drawUsageModes(flawless: boolean, random: SeededRandom): readonly UsageMode[] {
  const honest: readonly UsageMode[] = ['end', 'after-finish', 'with-finish', 'start-and-end']
  if (flawless || random.chance(0.7)) return [random.pick(honest)]
  return [...honest, 'missing', 'wrong']
}

function drawOutage(random: SeededRandom, lastsMs: number): Outage {
  const fromMs = random.integer(0, lastsMs)
  const periodMs = random.integer(200, 20_000)
  return {
    fromMs,
    toMs: fromMs + random.integer(1_000, lastsMs),
    fault: random.pick(OUTAGE_FAULTS),
    ...(random.chance(0.3) ? { flapping: { periodMs, downMs: Math.floor(periodMs * random.next()) } } : {}),
  }
}

function drawCard(
  id: string,
  rates: PicoRates | undefined,
  { baseMs, msPerInputToken, msPerToken }: Law,
  cancelStopsBilling: boolean,
  random: SeededRandom,
): ModelCard {
  return scriptedCard(`model-${id}`, {
    provider: random.pick(['north', 'south', 'west']),
    contextTokens: random.pick([8_000, 100_000, 100_000]),
    tokenFactor: random.pick([1, 1, 1.3]),
    prices:
      rates === undefined ? [] : [{ rates: { input: rates.input / 1e6, cacheRead: rates.cacheRead / 1e6, output: rates.output / 1e6 } }],
    cache: {
      kind: random.pick(['none', 'auto-prefix']),
      minTokens: 1_024,
      ttls: [{ id: '5m', seconds: 300, sliding: true }],
      readableAfter: 'first-token',
      scope: 'org',
      guaranteed: false,
    },
    quality: { default: random.integer(50, 99) / 100 },
    firstToken: { baseMs, msPerInputToken },
    outputTokensPerSecond: 1_000 / msPerToken,
    cancelStopsBilling,
    source: 'simulated',
  })
}
