// What the endpoint on Express costs, beside a pass-through of bytes and Portkey's gateway. Upstream and client share one core, what is
// measured has the other; contenders take turns, and all figures are ratios or differences within a round.
import { type Field, startField, TICK_MS } from './endpoint/contenders.ts'
import { measureCrowd } from './endpoint/crowd.ts'
import { paces } from './endpoint/exchange.ts'
import type { FetchTimes, Round } from './endpoint/fetch.ts'
import { measureHostile } from './endpoint/hostile.ts'
import { measureLatency } from './endpoint/latency.ts'
import { measureLeavers } from './endpoint/leavers.ts'
import { measureThroughput } from './endpoint/throughput.ts'
import { startWorker } from './endpoint/worker.ts'
import { atLeast, atMost, type BenchOptions, type Figure, median, quantile, quartiles } from './figures.ts'

type Figures = Readonly<Record<string, Figure>>

const LONG_BODY = 100_000

export async function run(options: BenchOptions): Promise<Figures> {
  return {
    ...(await besideOthers(options)),
    ...(await crowded(options)),
    ...(await withoutHop(options)),
    ...(await left(options)),
    ...(await attacked(options)),
  }
}

async function besideOthers(options: BenchOptions): Promise<Figures> {
  await using field = await startField(['direct', 'passThrough', 'portkey', 'routed'])
  return { ...(await rates(field, options)), ...(await latencies(field, options)) }
}

async function rates(field: Field, options: BenchOptions): Promise<Figures> {
  options.log('\n32 requests in flight, 1 KB, whole answers')
  const whole = await measureThroughput(field, ['direct', 'passThrough', 'routed', 'portkey'], {}, options)
  options.log('\n32 requests in flight, streams of 200 events')
  const streams = await measureThroughput(field, ['direct', 'passThrough', 'routed', 'portkey'], { stream: true }, options)
  const ratio = (some: readonly number[], others: readonly number[], least: number): Figure => {
    const all = some.map((value, at) => value / others[at]!)
    return atLeast(median(all), least, '×', quartiles(all))
  }
  return {
    rps_vs_passthrough: ratio(whole.routed.perSecond, whole.passThrough.perSecond, 0.7),
    stream_rps_vs_passthrough: ratio(streams.routed.perSecond, streams.passThrough.perSecond, 0.7),
    rps_vs_portkey: ratio(whole.routed.perSecond, whole.portkey.perSecond, 3),
  }
}

async function latencies(field: Field, options: BenchOptions): Promise<Figures> {
  options.log('\n1 request in flight, 1 KB, whole answers')
  const whole = await measureLatency(field, ['direct', 'passThrough', 'routed', 'portkey'], {}, options)
  options.log('\n1 request in flight, 100 KB, whole answers')
  const long = await measureLatency(field, ['passThrough', 'routed'], { bytes: LONG_BODY }, options)
  options.log('\n1 stream in flight, its first word')
  const first = await measureLatency(field, ['passThrough', 'routed'], { stream: true, words: paces.stepwise }, options)
  const added = (some: readonly number[], others: readonly number[]) => some.map((ms, at) => ms - others[at]!)
  const ofPortkey = added(whole.portkey, whole.direct)
  const shares = added(whole.routed, whole.direct).map((ms, at) => ms / ofPortkey[at]!)
  const longer = added(long.routed, long.passThrough)
  const later = added(first.routed, first.passThrough)
  return {
    added_latency_vs_portkey: atMost(median(shares), 0.5, '×', quartiles(shares)),
    added_100kb_ms: atMost(median(longer), 1, 'ms', quartiles(longer)),
    stream_first_token_ms: atMost(median(later), 1, 'ms', quartiles(later)),
  }
}

async function crowded({ quick, log }: BenchOptions): Promise<Figures> {
  const streams = quick ? 100 : 1_000
  const tickMs = quick ? TICK_MS / 4 : TICK_MS
  const through = await measureCrowd('passThrough', streams, tickMs)
  const routed = await measureCrowd('routed', streams, tickMs)
  log(`\n${streams} streams at once: pass-through ${through.rssMb.toFixed(0)} MB over idle, routed ${routed.rssMb.toFixed(0)} MB`)
  if (routed.wrong > 0) throw new Error(`${routed.wrong} of ${streams} streams were not what the upstream said.`)
  return {
    rss_1000_streams_mb: atMost(routed.rssMb, 150, 'MB'),
    lost_chunks: atMost(routed.lostWords, 0, ''),
  }
}

/** The `openai` SDK with a routed fetch beside the same with its own. */
async function withoutHop({ quick, log }: BenchOptions): Promise<Figures> {
  const upstream = await startWorker('upstream.ts', 'around-it', { tickMs: TICK_MS })
  const caller = await startWorker('fetch.ts', 'under-test')
  try {
    const { bare, routed } = await caller.ask<FetchTimes>({ upstream: upstream.port, quick })
    const ratio = (of: (round: Round) => number): Figure => {
      const all = routed.map((round, at) => of(round) / of(bare[at]!))
      return atMost(median(all), 1.1, '×', quartiles(all))
    }
    const told = (rounds: readonly Round[]) =>
      `${median(rounds.map(({ ms }) => ms)).toFixed(3)} ms, ${median(rounds.map(({ cpuUs }) => cpuUs)).toFixed(0)} µs of CPU`
    log(`\nthe openai SDK: with its own fetch ${told(bare)}; with a routed one ${told(routed)}`)
    return { fetch_ratio: ratio(({ ms }) => ms), fetch_cpu_ratio: ratio(({ cpuUs }) => cpuUs) }
  } finally {
    caller.stop()
    upstream.stop()
  }
}

async function left({ quick, log }: BenchOptions): Promise<Figures> {
  const { closeMs, missed, unanswered, differenceNanoUsd, unmatched } = await measureLeavers(quick ? 120 : 1_200)
  if (unanswered > 0) throw new Error(`${unanswered} clients who stayed were not answered.`)
  if (missed > 0 || differenceNanoUsd > 0 || unmatched > 0)
    throw new Error(`${missed} clients who left were not heard; the books differ by ${differenceNanoUsd} n$ and ${unmatched} requests.`)
  log(`\n${closeMs.length} clients who left while their provider was busy`)
  return {
    disconnect_p50_ms: atMost(quantile(closeMs, 0.5), 2, 'ms', quartiles(closeMs)),
    disconnect_p99_ms: atMost(quantile(closeMs, 0.99), 25, 'ms'),
    disconnects_missed: atMost(missed, 0, ''),
    bill_difference_nano_usd: atMost(differenceNanoUsd, 0, 'n$'),
    unmatched_requests: atMost(unmatched, 0, ''),
  }
}

async function attacked(options: BenchOptions): Promise<Figures> {
  const { p999 } = await measureHostile(options)
  return { hostile_block_p999_ms: atMost(p999, 10, 'ms') }
}
