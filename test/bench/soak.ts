// Ten thousand hedges, and calls of every kind with faults of every kind: what is left behind, and whether the books agree.
import { atLeast, atMost, type BenchOptions, type Figure, quantile } from './figures.ts'
import { leavingCallers } from './soak/aborts.ts'
import { mixedSoak } from './soak/mixed.ts'
import { hedgeStorm } from './soak/storm.ts'
import type { Ended } from './soak/world.ts'

export async function run({ quick, log }: BenchOptions): Promise<Readonly<Record<string, Figure>>> {
  const hedges = quick ? 300 : 10_000
  const storm = await hedgeStorm(hedges, 8)
  log(`${storm.hedges} hedges: losers closed in ${quantiles(storm.closeMs)}`)
  const callers = quick ? 150 : 1_000
  const aborts = await leavingCallers(callers, 4, 10, false)
  const bare = await leavingCallers(callers, 4, 10, true)
  log(`${callers} callers who left: heard in ${quantiles(aborts.closeMs)}; of bare models: in ${quantiles(bare.closeMs)}`)
  const mixed = await mixedSoak(quick ? 300 : 10_000, 16, 15)
  log(`mixed: ${[...mixed.ends].map(([end, count]) => `${end} ${count}`).join(', ')}`)
  const soaks = [storm, aborts, mixed]
  const none = (count: (soak: Ended) => number): Figure =>
    atMost(
      soaks.reduce((sum, soak) => sum + count(soak), 0),
      0,
      '',
    )
  return {
    hedges: atLeast(storm.hedges, hedges, ''),
    loser_close_p50_ms: atMost(quantile(warm(storm.closeMs), 0.5), 2, 'ms'),
    loser_close_p99_ms: atMost(quantile(warm(storm.closeMs), 0.99), 25, 'ms'),
    abort_close_p50_ms: atMost(quantile(warm(aborts.closeMs), 0.5), 2, 'ms'),
    abort_close_p99_ms: atMost(quantile(warm(aborts.closeMs), 0.99), 25, 'ms'),
    aborts_undetected: atMost(aborts.undetected, 0, ''),
    sockets_left: none(({ sockets }) => sockets),
    timers_left: none(({ timers, processTimers }) => timers + processTimers),
    listeners_left: none(({ listeners }) => listeners),
    warnings: none(({ warnings }) => warnings),
    unmatched_requests: atMost(storm.unmatched + mixed.unmatched, 0, ''),
    bill_difference_nano_usd: atMost(storm.differenceNanoUsd + mixed.differenceNanoUsd, 0, 'n$'),
    // What nobody has told is estimated, and not far below what it costs.
    estimated_ratio: atLeast(storm.estimatedRatio, 0.9, '×'),
  }
}

/** Without the first ones, which wait for the code to be compiled. */
const warm = (ms: readonly number[]): readonly number[] => ms.slice(50)
const quantiles = (ms: readonly number[]): string =>
  `${quantile(warm(ms), 0.5).toFixed(2)} ms at the median, ${quantile(warm(ms), 0.99).toFixed(2)} at p99`
