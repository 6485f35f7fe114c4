// Whether hedging can keep a provider down that an outage has filled with work: the real router in virtual time, before a provider of
// 50 servers with one queue, of which for 30 s a fifth is left. Each run is made without hedges and with them, with the same arrivals.
import { atLeast, atMost, type BenchOptions, type Figure, median, quartiles } from './figures.ts'
import { runJobs } from './jobs.ts'
import type { Arm, MetastableJob, Recovery } from './metastable/job.ts'

const UTILISATIONS = [0.5, 0.6, 0.7, 0.8, 0.9]
const SEEDS = 100
/** One as full as it gets and one at 80 %, each with and without a provider that honours cancels. */
const QUICK_SEEDS = [3, 4, 8, 9]
const ROUTED: readonly Arm[] = ['ours', 'dear']
/** Recovering in a second or in three is the same. */
const GRACE_S = 5
/** Stands for a recovery that never came. */
const RUN_S = 600

const settingOf = (seed: number) => ({
  utilisation: UTILISATIONS[seed % UTILISATIONS.length]!,
  honoursCancels: Math.floor(seed / UTILISATIONS.length) % 2 === 1,
})

export async function run({ quick, log }: BenchOptions): Promise<Readonly<Record<string, Figure>>> {
  const seeds = quick ? QUICK_SEEDS : Array.from({ length: SEEDS }, (_, seed) => seed)
  const arms: readonly Arm[] = quick ? ['none', 'ours'] : ['none', ...ROUTED]
  const jobs: MetastableJob[] = seeds.flatMap(seed => arms.map(arm => ({ seed, arm, ...settingOf(seed) })))
  // To show that what is measured can fail.
  for (const seed of QUICK_SEEDS.slice(0, quick ? 1 : 4)) jobs.push({ seed, arm: 'unguarded', ...settingOf(seed) })
  const results = await runJobs<MetastableJob, Recovery>(
    import.meta.resolve('./metastable/job.ts'),
    jobs,
    ({ seed, arm, utilisation, honoursCancels }, { recoveredS, steadyLoad }) =>
      log(
        `seed ${seed}, ${utilisation * 100} % used, cancels ${honoursCancels ? 'honoured' : 'ignored'}, ${arm}: ${recoveredS === undefined ? 'never recovered' : `recovered after ${recoveredS} s`}, load from 300 s on ${steadyLoad.toFixed(3)}`,
      ),
  )

  const of = (wanted: Arm) => jobs.flatMap((job, at) => (job.arm === wanted ? [{ job, ...results[at]! }] : []))
  const before = new Map(of('none').map(({ job, recoveredS }) => [job.seed, recoveredS]))
  log(
    `\n${'arm, cancels'.padEnd(22)}${['runs', 'stuck', 'median s', 'most s', 'worst ratio', 'load', 'most'].map(head => head.padStart(12)).join('')}`,
  )
  for (const arm of new Set(jobs.map(job => job.arm))) {
    for (const honoursCancels of [false, true]) {
      const runs = of(arm).filter(({ job }) => job.honoursCancels === honoursCancels)
      if (runs.length === 0) continue
      const recovered = runs.map(({ recoveredS = Number.POSITIVE_INFINITY }) => recoveredS)
      const loads = runs.map(({ steadyLoad }) => steadyLoad)
      const cells = [
        runs.length,
        recovered.filter(seconds => !Number.isFinite(seconds)).length,
        median(recovered),
        Math.max(...recovered),
        Math.max(...ratios(runs, before)).toFixed(2),
        median(loads).toFixed(3),
        Math.max(...loads).toFixed(3),
      ]
      log(`${`${arm}, ${honoursCancels ? 'honoured' : 'ignored'}`.padEnd(22)}${cells.map(cell => String(cell).padStart(12)).join('')}`)
    }
  }
  log('')

  const routed = arms.filter(arm => arm !== 'none').map(of)
  const loads = routed.map(runs => runs.map(({ steadyLoad }) => steadyLoad)).toSorted((a, b) => median(b) - median(a))[0]!
  return {
    seeds: atLeast(seeds.length, SEEDS, 'runs'),
    stuck: atMost(routed.flat().filter(({ recoveredS }) => recoveredS === undefined).length, 0, 'runs'),
    recovery_ratio_max: atMost(Math.max(...ratios(routed.flat(), before)), 1.25, '×'),
    steady_load: atMost(median(loads), 1.05, '×', quartiles(loads)),
  }
}

/** How much longer than without hedges, beyond the grace. */
function ratios(runs: readonly { job: MetastableJob; recoveredS?: number }[], before: ReadonlyMap<number, number | undefined>): number[] {
  return runs.map(({ job, recoveredS = Number.POSITIVE_INFINITY }) => recoveredS / ((before.get(job.seed) ?? RUN_S) + GRACE_S))
}
