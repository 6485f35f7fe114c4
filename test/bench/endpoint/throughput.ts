import { type BenchOptions, median } from '../figures.ts'
import { type Asked, type Contender, type Field, type Name, requestOf, tell, verify } from './contenders.ts'
import type { Throughput } from './load.ts'

const IN_FLIGHT = 32
/** Code that only one contender runs is compiled for good after some 50,000 requests. */
const WARM_UP_MS = 15_000

/** By round. */
export interface Rates {
  perSecond: number[]
  /** Of the contender's own process. */
  cpuUs: number[]
}

/** Answers per second of each contender with 32 requests in flight, in slices that take turns. A wrong answer ends it. */
export async function measureThroughput(
  field: Field,
  names: readonly Name[],
  asked: Asked,
  { quick, log }: Pick<BenchOptions, 'quick' | 'log'>,
): Promise<Record<Name, Rates>> {
  const contenders = field.contenders.filter(({ name }) => names.includes(name))
  const rates = Object.fromEntries(contenders.map(({ name }) => [name, { perSecond: [], cpuUs: [] }])) as unknown as Record<Name, Rates>
  const bytes = new Map<Contender, number>()
  const slice = async (contender: Contender, ms: number) => {
    const request = requestOf(contender, asked)
    const job = { type: 'throughput' as const, request, ms, inFlight: IN_FLIGHT, bytes: bytes.get(contender)! }
    const before = await tell(contender)
    const told = await field.load<Throughput>(job)
    const after = await tell(contender)
    if (told.wrong > 0) throw new Error(`${contender.name} gave ${told.wrong} wrong answers of ${told.answers + told.wrong}.`)
    return { perSecond: told.perSecond, cpuUs: (after.cpuUs - before.cpuUs) / told.answers }
  }
  for (const contender of contenders) bytes.set(contender, await verify(field, contender, asked))
  for (const contender of contenders) await slice(contender, quick ? 300 : WARM_UP_MS)
  const rounds = quick ? 2 : 15
  for (let round = 0; round < rounds; round += 1) {
    for (let at = 0; at < contenders.length; at += 1) {
      const contender = contenders[(at + round) % contenders.length]!
      const { perSecond, cpuUs } = await slice(contender, quick ? 250 : 1_000)
      rates[contender.name].perSecond.push(perSecond)
      rates[contender.name].cpuUs.push(cpuUs)
    }
  }
  for (const { name } of contenders) {
    const { perSecond, cpuUs } = rates[name]
    log(`${name.padEnd(14)} ${median(perSecond).toFixed(0).padStart(7)} per second, ${median(cpuUs).toFixed(0).padStart(5)} µs of CPU each`)
  }
  return rates
}
