import type { RoutingOptions } from '@routewise/core'
import type { BenchOptions } from '../figures.ts'
import type { HedgeJob } from './job.ts'
import type { LawName } from './law.ts'
import type { Replay } from './replay.ts'

const NONE: RoutingOptions = { hedge: false, retry: false }
/** The laws know of no time limits: the longest prompts straggle for minutes. */
const PATIENT: RoutingOptions = { timeouts: { firstTokenMs: 3_600_000, stallMs: 3_600_000, totalMs: 3_600_000 } }
/**
 * Budget and burst as the published benchmark sets its own; the purse that hedges share with retries must not bind. Its requests take
 * 5 ms: at $0.01 a second, as time is worth by default, the 20 ms that a second hedge saves are worth less than a model's call.
 */
const PUBLISHED: RoutingOptions = {
  ...PATIENT,
  hedge: { budget: 0.1, burst: 50, minDelayMs: 0 },
  retry: { budget: 0.2, burst: 100 },
  valueOfTimeUsdPerSecond: 1,
}
const LLM: RoutingOptions = { ...PATIENT, hedge: { budget: 0.06, burst: 50 } }
/** Polly's default. */
const FIXED_DELAY_MS = 2_000

const VARIANTS: readonly LawName[] = ['cached', 'blocks', 'unlike', 'prior / 2', 'prior x 2', 'slope / 2']
const REPLAYS: readonly Omit<Replay, 'data'>[] = [
  { set: 'llmperf', redraw: 'independent' },
  { set: 'llmperf', redraw: 'blocks' },
  { set: 'llmdrift', redraw: 'independent' },
  { set: 'llmdrift', redraw: 'blocks' },
]

/** All runs of one seed. */
export function plan(seed: number, { quick, data }: BenchOptions): HedgeJob[] {
  const published = { group: 'published', law: 'published' as const, traffic: { inFlight: 20 }, requests: 50_000, seed }
  // What is only printed beside the figures has a quarter of the requests.
  const llm = (law: LawName, requests = 50_000) => ({
    group: law,
    law,
    traffic: { perSecond: 20 },
    requests: quick ? 50_000 : requests,
    seed,
  })
  const jobs: HedgeJob[] = [
    { ...published, arm: 'none', options: { ...PATIENT, ...NONE } },
    { ...published, arm: 'ours', options: PUBLISHED },
    { ...llm('llm'), arm: 'none', options: { ...PATIENT, ...NONE } },
    { ...llm('llm'), arm: 'global p95', options: LLM, delay: 'p95' },
    { ...llm('llm', 200_000), arm: 'ours', options: LLM },
  ]
  if (!quick) {
    for (const law of VARIANTS) {
      jobs.push({ ...llm(law), arm: 'none', options: { ...PATIENT, ...NONE } }, { ...llm(law), arm: 'ours', options: LLM })
    }
  }
  if (data !== undefined) {
    for (const { set, redraw } of REPLAYS) {
      // Each of the 19 or 4 scenarios has this many, and the product's own options.
      const requests = (set === 'llmperf' ? 3_000 : 15_000) / (quick ? 10 : 1)
      const replay = { group: `${set} ${redraw}`, replay: { data, set, redraw }, traffic: { perSecond: 2 }, requests, seed }
      jobs.push(
        { ...replay, arm: 'none', options: NONE },
        { ...replay, arm: 'fixed delay', options: { hedge: { delayMs: FIXED_DELAY_MS } } },
        { ...replay, arm: 'global p95', options: {}, delay: 'p95' },
        { ...replay, arm: 'ours', options: {} },
      )
    }
  }
  return jobs
}
