// What hedging gains and what it costs, asked of the real router in virtual time: the best published benchmark, traffic as language
// models have it, and with --data DIR, latencies that others have measured (hedge/replay.ts says where to get them).
import { atLeast, atMost, type BenchOptions, type Figure, measured, median, quartiles } from './figures.ts'
import type { HedgeJob } from './hedge/job.ts'
import { plan } from './hedge/plan.ts'
import type { Outcome } from './hedge/tally.ts'
import { runJobs } from '../jobs.ts'

const SEEDS = [1, 2, 3, 4, 5]

export async function run(options: BenchOptions): Promise<Readonly<Record<string, Figure>>> {
  const { quick, log } = options
  const jobs = (quick ? SEEDS.slice(0, 1) : SEEDS).flatMap(seed => plan(seed, options))
  const outcomes = await runJobs<HedgeJob, Outcome>(import.meta.resolve('./hedge/job.ts'), jobs, ({ group, arm, seed }) =>
    log(`done: ${group}, ${arm}, seed ${seed}`),
  )
  /** What one arm gave, seed by seed. */
  const given = (group: string, arm: string) => outcomes.filter((_, at) => jobs[at]!.group === group && jobs[at]!.arm === arm)

  log(`\n${'medians over seeds'.padEnd(32)}${COLUMNS.map(([head]) => head.padStart(11)).join('')}`)
  for (const { group, arm } of jobs.filter(({ seed }) => seed === SEEDS[0])) {
    const cells = COLUMNS.map(([, value, digits]) => median(given(group, arm).map(value)).toFixed(digits).padStart(11))
    log(`${`${group}: ${arm}`.padEnd(32)}${cells.join('')}`)
  }
  log(
    'slowdown: first token ÷ what is to be expected of the prompt; tokens: of the hedges; money: of the attempts that did not answer, as a share of the bill; none is targeted\n',
  )

  const ours = (group: string, value: Value) => given(group, 'ours').map(value)
  const won = ours('llm', hedgesWon)
  const figures: Record<string, Figure> = {
    p99_ms: held(ours('published', p99), 16.5, 'ms'),
    p999_ms: held(ours('published', p999), 25, 'ms'),
    extra_load: held(ours('published', extraLoad), 0.085, ''),
    llm_p99_slowdown: held(ours('llm', slowdownP99), 3, '×'),
    llm_p999_slowdown: held(ours('llm', slowdownP999), 4, '×'),
    llm_extra_tokens: held(ours('llm', extraTokens), 0.055, ''),
    llm_hedges_won: atLeast(median(won), 0.55, '', quartiles(won)),
  }
  for (const group of new Set(jobs.filter(job => 'replay' in job).map(job => job.group))) {
    const shown = (value: Value, unit: string) => measured(median(ours(group, value)), unit, quartiles(ours(group, value)))
    const key = group.replaceAll(' ', '_')
    figures[`${key}_p99_ms`] = shown(p99, 'ms')
    figures[`${key}_p999_ms`] = shown(p999, 'ms')
    figures[`${key}_duplicates`] = shown(hedges, '')
    figures[`${key}_extra_money`] = shown(extraCost, '')
  }
  return figures
}

const held = (values: readonly number[], limit: number, unit: string) => atMost(median(values), limit, unit, quartiles(values))

type Value = (outcome: Outcome) => number
const p50: Value = ({ firstTokenMs }) => firstTokenMs.p50
const p95: Value = ({ firstTokenMs }) => firstTokenMs.p95
const p99: Value = ({ firstTokenMs }) => firstTokenMs.p99
const p999: Value = ({ firstTokenMs }) => firstTokenMs.p999
const slowdownP99: Value = ({ slowdown }) => slowdown.p99
const slowdownP999: Value = ({ slowdown }) => slowdown.p999
const extraLoad: Value = outcome => outcome.extraLoad
const hedges: Value = outcome => outcome.hedges
const extraTokens: Value = outcome => outcome.extraTokens
const extraCost: Value = outcome => outcome.extraCost
const hedgesWon: Value = outcome => outcome.hedgesWon

const COLUMNS: readonly [head: string, value: Value, digits: number][] = [
  ['p50 ms', p50, 1],
  ['p95 ms', p95, 1],
  ['p99 ms', p99, 1],
  ['p99.9 ms', p999, 1],
  ['slow p99', slowdownP99, 2],
  ['slow p99.9', slowdownP999, 2],
  ['duplicates', hedges, 4],
  ['tokens', extraTokens, 4],
  ['money', extraCost, 4],
  ['won', hedgesWon, 3],
  ['failed', ({ failed }) => failed, 0],
]
