import { type BenchOptions, median } from '../figures.ts'
import { type Asked, type Contender, type Field, type Name, requestOf, verify } from './contenders.ts'
import type { Latency } from './load.ts'

const BLOCK = 40

/** Median milliseconds of each contender by round, one request after the other, in blocks that take turns. */
export async function measureLatency(
  field: Field,
  names: readonly Name[],
  asked: Asked,
  { quick, log }: Pick<BenchOptions, 'quick' | 'log'>,
): Promise<Record<Name, number[]>> {
  const contenders = field.contenders.filter(({ name }) => names.includes(name))
  const medians = Object.fromEntries(contenders.map(({ name }) => [name, []])) as unknown as Record<Name, number[]>
  const bytes = new Map<Contender, number>()
  for (const contender of contenders) bytes.set(contender, await verify(field, contender, asked))
  const warmUp = quick ? 1 : 10
  const rounds = quick ? 3 : 40
  for (let round = -warmUp; round < rounds; round += 1) {
    for (let at = 0; at < contenders.length; at += 1) {
      const contender = contenders[(at + round + warmUp) % contenders.length]!
      const request = requestOf(contender, asked)
      const job = { type: 'latency' as const, request, count: BLOCK, bytes: bytes.get(contender)! }
      const { ms, wrong } = await field.load<Latency>(job)
      if (wrong > 0) throw new Error(`${contender.name} gave ${wrong} wrong answers of ${BLOCK}.`)
      if (round >= 0) medians[contender.name].push(median(ms))
    }
  }
  for (const { name } of contenders) log(`${name.padEnd(14)} ${median(medians[name]).toFixed(3)} ms`)
  return medians
}
