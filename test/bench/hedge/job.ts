import { serveJobs } from '../../jobs.ts'
import { drive, type Drive } from './drive.ts'
import { type LawName, laws } from './law.ts'
import { readScenarios, type Replay } from './replay.ts'
import { createTally, type Outcome } from './tally.ts'

/** One run: by a law, or by measured latencies, whose scenarios are run one after the other and looked at as one. */
export type HedgeJob = Drive & {
  group: string
  arm: string
  /** Hedges after the 95th percentile of the bare time, as measured without hedges over requests of all sizes. */
  delay?: 'p95'
} & ({ law: LawName } | { replay: Replay })

async function outcomeOf(job: HedgeJob): Promise<Outcome> {
  const tally = createTally()
  for (const law of 'law' in job ? [laws[job.law]] : readScenarios(job.replay)) await drive(law(job.seed), job, tally)
  return tally.sum()
}

serveJobs(async ({ delay, ...job }: HedgeJob): Promise<Outcome> => {
  if (delay === undefined) return outcomeOf(job)
  const { firstTokenMs } = await outcomeOf({ ...job, options: { ...job.options, hedge: false } })
  return outcomeOf({ ...job, options: { ...job.options, hedge: { ...job.options.hedge, delayMs: firstTokenMs.p95 } } })
})
