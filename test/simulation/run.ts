// pnpm simulate [--seeds N] [--seed S] [--seconds T] [--json]
import { parseArgs } from 'node:util'
import { runJobs } from '../jobs.ts'
import { checkOutcome } from './checks/outcome.ts'
import type { Violation } from './checks/violation.ts'
import type { Played } from './play.ts'
import { drawScenario } from './scenario.ts'
import { simulate } from './simulate.ts'

const usage = `pnpm simulate [--seeds N] [--seed S] [--seconds T] [--json]

--seeds N     the first N seeds; default 200
--seed S      this seed alone, with everything that happens in it
--seconds T   fresh seeds for so long; with --seeds the first ones, for so long at most
--json        one object on the last line of stdout, and nothing else there`

/** Seeds that a core plays before it is asked how it went. */
const BATCH = 10

const { values } = parseArgs({
  options: {
    seeds: { type: 'string' },
    seed: { type: 'string' },
    seconds: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
})
const isNumber = (value: string | undefined): boolean => value === undefined || /^\d+$/.test(value)
if (values.help || ![values.seeds, values.seed, values.seconds].every(isNumber)) {
  console.log(usage)
  process.exit(values.help ? 0 : 2)
}
if (values.seed === undefined) await playMany()
else await playOne(Number(values.seed))

/** One seed, told in full. */
async function playOne(seed: number): Promise<void> {
  const outcome = await simulate(drawScenario(seed), { readable: true })
  const violations = checkOutcome(outcome)
  if (values.json)
    console.log(JSON.stringify({ violations: violations.length, seeds: 1, requests: outcome.records.length, hash: outcome.hash }))
  else console.log([describe(outcome.scenario), ...outcome.lines].join('\n'))
  tell(violations)
  process.exitCode = violations.length > 0 ? 1 : 0
}

/** Many seeds, on every core there is. */
async function playMany(): Promise<void> {
  const startedAt = performance.now()
  const seconds = (): number => (performance.now() - startedAt) / 1_000
  let count = 0
  let requests = 0
  let violated = 0
  const batches = await runJobs<readonly number[], readonly Played[]>(
    new URL('play.ts', import.meta.url).href,
    seedsToPlay(seconds),
    (_, batch) => {
      for (const played of batch) {
        count += 1
        requests += played.requests
        violated += played.violations.length
        tell(played.violations)
        if (count % 100 === 0) console.error(`${count} seeds, ${requests} requests, ${violated} violations, ${seconds().toFixed(1)} s`)
      }
    },
  )
  const all = batches.flat()
  const hash = all.reduce((before, played) => chain(before, played.hash), '')
  const perSecond = Math.round(requests / seconds())
  /** On a machine that does other things too, this is what a core would do. */
  const perCpuSecond = Math.round((requests * 1_000) / all.reduce((sum, { cpuMs }) => sum + cpuMs, 0))
  if (values.json) {
    const figures = { requests_per_s: perSecond, requests_per_cpu_s: perCpuSecond }
    console.log(JSON.stringify({ ...figures, violations: violated, seeds: count, requests, hash }))
  } else {
    console.log(
      `seeds ${all[0]?.seed} … ${all.at(-1)?.seed}: ${requests} requests, ${perSecond} a second (${perCpuSecond} for each second of a core), ${violated} violations, hash ${hash}`,
    )
  }
  process.exitCode = violated > 0 ? 1 : 0
}

/** Batches of seeds, until there are no more or time is over. */
function* seedsToPlay(seconds: () => number): Generator<readonly number[]> {
  const isFresh = values.seconds !== undefined && values.seeds === undefined
  // Fresh ones are what a fixed corpus has not met: below 2^31, and far from the first few.
  const first = isFresh ? Math.floor(Math.random() * 2e9) + 10_000 : 1
  const end = isFresh ? Number.POSITIVE_INFINITY : first + Number(values.seeds ?? 200)
  const limit = Number(values.seconds ?? Number.POSITIVE_INFINITY)
  for (let seed = first; seed < end && seconds() < limit; seed += BATCH) {
    yield Array.from({ length: Math.min(BATCH, end - seed) }, (_, at) => seed + at)
  }
}

function tell(violations: readonly Violation[]): void {
  for (const violation of violations.slice(0, 10)) console.error(`✗ ${sentence(violation)}`)
  if (violations.length > 10) console.error(`  … and ${violations.length - 10} more`)
}

/** A hash of all that came before and of this. */
function chain(before: string, next: string): string {
  let mixed = 0x811c9dc5
  let other = 0x9e3779b9
  for (const letter of before + next) {
    mixed = Math.imul(mixed ^ letter.charCodeAt(0), 0x01000193)
    other = Math.imul((other << 7) ^ (other >>> 25) ^ letter.charCodeAt(0), 0x85ebca6b)
  }
  return [mixed, other].map(word => (word >>> 0).toString(16).padStart(8, '0')).join('')
}

function sentence({ check, seed, call, message }: Violation): string {
  return `${check}: ${call === undefined ? '' : `call ${call}: `}${message}\n  pnpm simulate --seed ${seed}`
}

function describe(scenario: ReturnType<typeof drawScenario>): string {
  const { calls, providers, ...rest } = scenario
  const cards = providers.map(({ facts: { card, ...facts }, ...plan }) => ({
    ...facts,
    ...plan,
    card: {
      provider: card.provider,
      contextTokens: card.contextTokens,
      tokenFactor: card.tokenFactor,
      quality: card.quality.default,
      cancelStopsBilling: card.cancelStopsBilling,
    },
  }))
  return JSON.stringify({ ...rest, calls: calls.length, providers: cards }, undefined, 2)
}
