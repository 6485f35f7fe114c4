// Whether bodies that nobody means well with keep the endpoint from serving others.
import type { BenchOptions } from '../figures.ts'
import { hostileBodies } from '../../promises/hostile-bodies.ts'
import { requestOf, startField, tell, verify } from './contenders.ts'
import type { Sent, Throughput } from './load.ts'
import type { Told } from './serve.ts'

const IN_FLIGHT = 4
const SLICE_MS = 150

/** Blocks of the endpoint's loop while every hostile body is sent among good requests. A status that is not among the body's own ends it. */
export async function measureHostile({ quick, log }: Pick<BenchOptions, 'quick' | 'log'>): Promise<Told['blockedMs']> {
  await using field = await startField(['routed'])
  const contender = field.contenders[0]!
  const bytes = await verify(field, contender, {})
  const request = requestOf(contender, {})
  const serve = (ms: number) => field.load<Throughput>({ type: 'throughput', request, ms, inFlight: IN_FLIGHT, bytes })
  await serve(quick ? 500 : 3_000)
  await tell(contender)
  for (const { name, body, statuses } of quick ? hostileBodies.filter((_, at) => at % 8 === 0) : hostileBodies) {
    const { status } = await field.load<Sent>({ type: 'send', port: contender.server.port, body })
    if (!statuses.includes(status)) throw new Error(`${name} was answered with ${status}, not ${statuses.join(' or ')}.`)
    const { wrong } = await serve(quick ? SLICE_MS / 10 : SLICE_MS)
    if (wrong > 0) throw new Error(`After ${name}, ${wrong} good requests got no answer.`)
  }
  const { blockedMs } = await tell(contender)
  log(`\nhostile bodies among good requests: blocked for ${blockedMs.p999.toFixed(1)} ms at p99.9, ${blockedMs.max.toFixed(1)} ms at most`)
  return blockedMs
}
