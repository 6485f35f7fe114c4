// Plays seeds, on a core of its own.
import { serveJobs } from '../jobs.ts'
import { checkOutcome } from './checks/outcome.ts'
import type { Violation } from './checks/violation.ts'
import { drawScenario } from './scenario.ts'
import { simulate } from './simulate.ts'

/** What a seed has come to. */
export interface Played {
  seed: number
  requests: number
  hash: string
  /** Of this thread, where Node tells it; else of the process. */
  cpuMs: number
  violations: readonly Violation[]
}

async function play(seed: number): Promise<Played> {
  const before = cpuMs()
  const outcome = await simulate(drawScenario(seed), { readable: false })
  const violations = checkOutcome(outcome)
  return { seed, requests: outcome.records.length, hash: outcome.hash, cpuMs: cpuMs() - before, violations }
}

function cpuMs(): number {
  const { user, system } = process.threadCpuUsage?.() ?? process.cpuUsage()
  return (user + system) / 1_000
}

serveJobs(async (seeds: readonly number[]): Promise<readonly Played[]> => {
  // Most errors here are part of the play, and nobody reads their stacks.
  Error.stackTraceLimit = 0
  const played: Played[] = []
  for (const seed of seeds) played.push(await play(seed))
  return played
})
