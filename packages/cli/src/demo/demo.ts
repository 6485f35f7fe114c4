import { type Clock, costOf, type ModelCard, type Receipt, toUsd } from '@routewise/core'
import type { App } from './face.ts'
import { type FaceName, faces } from './faces.ts'
import { createOutage } from './outage.ts'
import { createReceiptPick } from './pick-receipt.ts'
import type { DemoPlan } from './plan.ts'
import type { Progress } from './progress.ts'
import { createProviderClock } from './provider-clock.ts'
import { answeredByBoth, type DemoReport, ratio, taskRows } from './report-data.ts'
import { runApp, type TurnRecord } from './run.ts'
import { scenario } from './scenario.ts'
import { outageOf, type Simulation, startSimulation } from './simulation.ts'
import { createTally, type Tally } from './tally.ts'

export interface DemoSettings {
  /** What the app is written on. */
  face: FaceName
  seed: number
  concurrency: number
  timeScale: number
  signal: AbortSignal
  progress: Progress
  /** The machine's time. */
  now(): number
  /** Hears how each turn went. */
  onTurn?(record: TurnRecord, side: SideName): void
}

export type SideName = 'before' | 'after'

/** Time runs fast here: no timeout may be so short that a busy machine looks like a dead provider. */
const LEAST_PATIENCE_REAL_MS = 2_000

/** Runs the app twice over the plan's input, before and after, each time against fresh simulated providers, and reports both. */
export async function runDemo(plan: DemoPlan, settings: DemoSettings): Promise<DemoReport> {
  const startedAt = settings.now()
  const { flagship, pool, policy } = plan
  const face = await faces[settings.face].load()
  const before = await runSide(plan, settings, 'before', ({ reach }) => face.bare(reach(flagship)))
  const after = await runSide(plan, settings, 'after', ({ reach }, clock) => {
    const timeouts = { firstTokenMs: Math.max(scenario.firstTokenTimeoutMs, LEAST_PATIENCE_REAL_MS * settings.timeScale) }
    return face.routed(pool.map(reach), { policy, clock, timeouts })
  })
  const picked = after.pick.best()
  const [total, totalAfter] = [before.tally.total(), after.tally.total()]
  return {
    face: settings.face,
    before: { model: flagship.id, ...total },
    after: {
      model: `${face.router} over ${pool.length} models`,
      ...totalAfter,
      models: after.models,
      receiptsUsd: toUsd(after.receiptsNanoUsd),
      billMinusReceiptsNanoUsd: after.billNanoUsd - after.receiptsNanoUsd,
    },
    usdRatio: ratio(totalAfter.usd, total.usd),
    answeredByBoth: answeredByBoth(before.tally, after.tally),
    tasks: taskRows(before.tally, after.tally),
    receipt: picked?.receipt,
    receiptFlagshipUsd: picked === undefined ? undefined : flagshipUsd(picked.receipt, flagship, pool),
    seed: settings.seed,
    timeScale: settings.timeScale,
    notes: [...plan.notes, ...simulationNotes(plan, settings)],
    seconds: (settings.now() - startedAt) / 1000,
  }
}

async function runSide(
  { source, flagship, pool, skills }: DemoPlan,
  { face, seed, concurrency, timeScale, signal, progress, onTurn }: DemoSettings,
  side: SideName,
  build: (simulation: Simulation, clock: Clock) => App,
) {
  const clock = createProviderClock(timeScale)
  const simulation = await startSimulation({ cards: pool, skills, seed, timeScale })
  const { simulator, inFlight } = simulation
  const cutOff = () => void simulator.close()
  signal.addEventListener('abort', cutOff, { once: true })
  let app: App | undefined
  try {
    app = build(simulation, clock)
    const tally = createTally()
    const pick = createReceiptPick()
    let receiptsNanoUsd = 0
    app.onReceipt(({ costNanoUsd }) => {
      receiptsNanoUsd += costNanoUsd
    })
    const { from, to, silentShare, silenceMs } = scenario.outage
    const outage = createOutage(simulator, { where: outageOf(flagship, pool), from, to, silentShare, silenceMs }, source.turns)
    const bar = progress.start(`${side} on ${faces[face].framework}`, source.turns)
    await runApp({
      source,
      app,
      modelId: flagship.id,
      clock,
      concurrency,
      signal,
      inFlight,
      onTurnStart: outage.turnBegins,
      onTurnEnd(record) {
        tally.turn(record)
        pick.offer(record)
        onTurn?.(record, side)
        bar.step(record.failure !== undefined)
      },
    })
    bar.done()
    outage.stop()
    await simulator.settled()
    const { bill } = simulator
    bill.rows.forEach(tally.request)
    return { tally, pick, receiptsNanoUsd, billNanoUsd: bill.totalNanoUsd, models: modelsOf(bill.byModel) }
  } finally {
    signal.removeEventListener('abort', cutOff)
    await app?.close()
    await simulator.close()
  }
}

const modelsOf = (totals: readonly { model: string; requests: number; costNanoUsd: number }[]) =>
  totals
    .toSorted((a, b) => b.costNanoUsd - a.costNanoUsd)
    .map(({ model, requests, costNanoUsd }) => ({ model, requests, usd: toUsd(costNanoUsd) }))

/** What the flagship would have charged for the tokens of this call, in its own tokens, with the same share cached. */
export function flagshipUsd(receipt: Receipt, flagship: ModelCard, pool: readonly ModelCard[]): number | undefined {
  const answered = pool.find(({ id }) => id === receipt.target)
  if (answered === undefined) return undefined
  const factor = flagship.tokenFactor / answered.tokenFactor
  const { inputTokens, cacheReadTokens, cacheWriteTokens, outputTokens } = receipt.usage
  const tokens = (count: number) => Math.round(count * factor)
  const usage = {
    inputTokens: tokens(inputTokens),
    cacheReadTokens: tokens(cacheReadTokens),
    cacheWriteTokens: tokens(cacheWriteTokens),
    outputTokens: tokens(outputTokens),
    reasoningTokens: 0,
  }
  const cost = costOf(flagship, usage, Date.parse(receipt.at))
  return cost === undefined ? undefined : toUsd(cost)
}

function simulationNotes({ flagship, pool }: DemoPlan, { face, timeScale, seed }: DemoSettings): string[] {
  const where = outageOf(flagship, pool)
  const { from, to, silentShare, silenceMs } = scenario.outage
  const percent = (share: number) => `${Math.round(share * 100)} %`
  return [
    `Outage, in both runs: ${'provider' in where ? where.provider : where.model} is down from ${percent(from)} to ${percent(to)} of the turns; ${percent(1 - silentShare)} of its requests get a 503, the others ${silenceMs / 1000} s of silence.`,
    `Before: ${flagship.id} alone, ${faces[face].bare(flagship)}, without retries. Failed turns are in neither score and cost nothing.`,
    `Costs are from the simulated providers' own bills. Times are in provider milliseconds, which pass ${timeScale} times faster than real ones; the app's own work counts ${timeScale}-fold.`,
    `Seed ${seed}.`,
  ]
}

export type { Tally }
