// Ten thousand hedges, and calls of every kind with faults of every kind: what is left behind, and whether the books agree.
import { atLeast, atMost, type BenchOptions, type Figure, quantile } from './figures.ts'
import { mixedSoak } from './soak/mixed.ts'
import { hedgeStorm } from './soak/storm.ts'

export async function run({ quick, log }: BenchOptions): Promise<Readonly<Record<string, Figure>>> {
  const hedges = quick ? 300 : 10_000
  const storm = await hedgeStorm(hedges, 8)
  log(
    `${storm.hedges} hedges: losers closed in ${quantile(storm.closeMs, 0.5).toFixed(2)} ms at the median; ${storm.unmatched} requests without a receipt`,
  )
  const mixed = await mixedSoak(quick ? 300 : 10_000, 16, 15)
  log(`mixed: ${[...mixed.ends].map(([end, count]) => `${end} ${count}`).join(', ')}`)
  return {
    hedges: atLeast(storm.hedges, hedges, ''),
    loser_close_p50_ms: atMost(quantile(storm.closeMs, 0.5), 2, 'ms'),
    loser_close_p99_ms: atMost(quantile(storm.closeMs, 0.99), 25, 'ms'),
    sockets_left: atMost(storm.sockets + mixed.sockets, 0, ''),
    timers_left: atMost(storm.timers + storm.processTimers + mixed.timers + mixed.processTimers, 0, ''),
    listeners_left: atMost(storm.listeners + mixed.listeners, 0, ''),
    warnings: atMost(storm.warnings + mixed.warnings, 0, ''),
    unmatched_requests: atMost(storm.unmatched + mixed.unmatched, 0, ''),
    bill_difference_nano_usd: atMost(storm.differenceNanoUsd + mixed.differenceNanoUsd, 0, 'n$'),
    // What nobody has told must not be billed at less than it costs.
    estimated_ratio: atLeast(storm.estimatedRatio, 1, '×'),
  }
}
