// Whether hedging can keep a provider down that an outage has filled with work: the real router in virtual time, before a provider of
// 50 servers with one queue, of which for 30 s a fifth is left. Each run is made without hedges and with them, with the same arrivals.
import { atLeast, atMost, type BenchOptions, type Figure, median, quartiles } from './figures.ts'
import { runJobs } from '../jobs.ts'
import type { Arm, MetastableJob, Recovery } from './metastable/job.ts'

const UTILISATIONS = [0.5, 0.6, 0.7, 0.8, 0.9]
const SEEDS = 100
/** One as full as it gets and one at 80 %, each with and without a provider that honours cancels. */
const QUICK_SEEDS = [3, 4, 8, 9]
/** Recovering in a second or in three is the same. */
const GRACE_S = 5

const settingOf = (seed: number) => ({
  utilisation: UTILISATIONS[seed % UTILISATIONS.length]!,
  honoursCancels: Math.floor(seed / UTILISATIONS.length) % 2 === 1,
})

export async function run({ quick, log }: BenchOptions): Promise<Readonly<Record<string, Figure>>> {
  const seeds = quick ? QUICK_SEEDS : Array.from({ length: SEEDS }, (_, seed) => seed)
  const hedged: readonly Arm[] = quick ? ['ours'] : ['ours', 'dear']
  const jobs: MetastableJob[] = seeds.flatMap(seed => ['none' as const, ...hedged].map(arm => ({ seed, arm, ...settingOf(seed) })))
  // To show that what is measured can fail.
  for (const seed of QUICK_SEEDS.slice(0, quick ? 1 : 4)) jobs.push({ seed, arm: 'unguarded', ...settingOf(seed) })
  const results = await runJobs<MetastableJob, Recovery>(import.meta.resolve('./metastable/job.ts'), jobs, (job, recovery) =>
    log(line({ ...job, ...recovery })),
  )
  const runs: Run[] = jobs.map((job, at) => ({ ...job, ...results[at]! }))
  const none = new Map(runs.filter(({ arm }) => arm === 'none').map(run => [run.seed, secondsOf(run)]))
  /** How much longer than without hedges, which may take a grace longer. */
  const ratio = (one: Run) => secondsOf(one) / (none.get(one.seed)! + GRACE_S)

  log(`\n${'arm, cancels'.padEnd(22)}${COLUMNS.map(head => head.padStart(13)).join('')}`)
  for (const arm of new Set(jobs.map(job => job.arm))) {
    for (const honoured of [false, true]) {
      const those = runs.filter(one => one.arm === arm && one.honoursCancels === honoured)
      if (those.length === 0) continue
      const cells = [
        those.length,
        those.filter(isStuck).length,
        median(those.map(secondsOf)),
        Math.max(...those.map(secondsOf)),
        Math.max(...those.map(ratio)).toFixed(3),
        median(those.map(({ loadBefore }) => loadBefore)).toFixed(3),
        median(those.map(({ steadyLoad }) => steadyLoad)).toFixed(3),
        Math.max(...those.map(({ steadyLoad }) => steadyLoad)).toFixed(3),
      ]
      log(`${`${arm}, ${honoured ? 'honoured' : 'ignored'}`.padEnd(22)}${cells.map(cell => String(cell).padStart(13)).join('')}`)
    }
  }
  log('')

  const routed = runs.filter(({ arm }) => hedged.includes(arm))
  const loads = hedged.map(wanted => routed.filter(({ arm }) => arm === wanted).map(({ steadyLoad }) => steadyLoad))
  const heaviest = loads.toSorted((a, b) => median(b) - median(a))[0]!
  return {
    seeds: atLeast(seeds.length, SEEDS, 'runs'),
    stuck: atMost(routed.filter(isStuck).length, 0, 'runs'),
    recovery_ratio_max: atMost(Math.max(...routed.map(ratio)), 1.25, '×'),
    steady_load: atMost(median(heaviest), 1.05, '×', quartiles(heaviest)),
  }
}

type Run = MetastableJob & Recovery

const COLUMNS = ['runs', 'stuck', 'recovered s', 'at most', 'worst ratio', 'load before', 'load after', 'at most']
const isStuck = ({ recoveredS }: Recovery): boolean => recoveredS === undefined
const secondsOf = ({ recoveredS = Number.POSITIVE_INFINITY }: Recovery): number => recoveredS

function line({ seed, utilisation, honoursCancels, arm, recoveredS, steadyLoad }: Run): string {
  const cancels = honoursCancels ? 'honoured' : 'ignored'
  const recovered = recoveredS === undefined ? 'never recovered' : `recovered after ${recoveredS} s`
  return `seed ${seed}, ${utilisation * 100} % used, cancels ${cancels}, ${arm}: ${recovered}, load then ${steadyLoad.toFixed(3)}`
}
