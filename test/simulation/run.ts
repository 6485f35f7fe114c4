// pnpm simulate [--seeds N] [--seed S] [--seconds T] [--json]
import { parseArgs } from 'node:util'
import { checkOutcome } from './checks/outcome.ts'
import { drawScenario } from './scenario.ts'
import { simulate } from './simulate.ts'
import type { Violation } from './checks/violation.ts'

const usage = `pnpm simulate [--seeds N] [--seed S] [--seconds T] [--json]

--seeds N     the first N seeds; default 200
--seed S      this seed alone, with everything that happens in it
--seconds T   fresh seeds for so long
--json        one object on the last line of stdout, and nothing else there`

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '200' },
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

// Most errors here are part of the play, and nobody reads their stacks.
if (values.seed === undefined) Error.stackTraceLimit = 0

const startedAt = performance.now()
const seconds = (): number => (performance.now() - startedAt) / 1_000
const violations: Violation[] = []
let requests = 0
let count = 0
let hash = ''
let first: number | undefined
let last: number | undefined

for (const seed of seedsToRun()) {
  const outcome = await simulate(drawScenario(seed), { readable: values.seed !== undefined })
  const found = checkOutcome(outcome)
  violations.push(...found)
  requests += outcome.records.length
  count += 1
  hash = chain(hash, outcome.hash)
  first ??= seed
  last = seed
  if (values.seed !== undefined && !values.json) console.log([describe(outcome.scenario), ...outcome.lines].join('\n'))
  for (const violation of found.slice(0, 10)) console.error(`✗ ${sentence(violation)}`)
  if (found.length > 10) console.error(`  … and ${found.length - 10} more`)
  if (count % 50 === 0) console.error(`${count} seeds, ${requests} requests, ${violations.length} violations, ${seconds().toFixed(1)} s`)
}

const requestsPerSecond = Math.round(requests / seconds())
/** On a machine that does other things too, this is what one core would do. */
const requestsPerCpuSecond = Math.round(requests / cpuSeconds())
if (values.json) {
  const figures = { requests_per_s: requestsPerSecond, requests_per_cpu_s: requestsPerCpuSecond }
  console.log(JSON.stringify({ ...figures, violations: violations.length, seeds: count, requests, hash }))
} else {
  console.log(
    `seeds ${first} … ${last}: ${requests} requests, ${requestsPerSecond} a second (${requestsPerCpuSecond} of CPU time), ${violations.length} violations, hash ${hash}`,
  )
}
process.exitCode = violations.length > 0 ? 1 : 0

/** Of this thread, where Node tells it; else of the process, its compiler and collector threads included. */
function cpuSeconds(): number {
  const { user, system } = process.threadCpuUsage?.() ?? process.cpuUsage()
  return (user + system) / 1e6
}

function* seedsToRun(): Generator<number> {
  if (values.seed !== undefined) yield Number(values.seed)
  else if (values.seconds !== undefined) {
    // Fresh ones each time: what a fixed corpus has not met. Below 2^31, and far from the first few.
    for (let seed = Math.floor(Math.random() * 2e9) + 10_000; seconds() < Number(values.seconds); seed += 1) yield seed
  } else for (let seed = 1; seed <= Number(values.seeds); seed += 1) yield seed
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
