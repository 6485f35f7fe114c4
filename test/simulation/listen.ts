import type { Receipt, Router } from '@routewise/core'
import type { SimulatedCall, SimulatedChunk } from './dialect.ts'
import type { Journal } from './journal.ts'
import type { Ledger } from './ledger.ts'
import type { Scenario } from './scenario.ts'

/** What listeners were told. */
export interface Told {
  /** Calls of which a decision was told. */
  decisions: Set<number>
  attempts: number
  /** `before` is the number of attempts that had been opened by then. */
  breakers: { target: string; state: 'open' | 'half-open' | 'closed'; before: number }[]
}

const callOf = (id: string): number => Number(id.slice('call-'.length))

/** To the microsecond, as all times of the journal. */
const rounded = (ms: number): number => Math.round(ms * 1_000) / 1_000

/** Hears everything that a router tells, beside listeners that throw where the scenario has them. */
export function listen(router: Router<SimulatedCall, SimulatedChunk>, { listenersThrow }: Scenario, ledger: Ledger, { note }: Journal) {
  const receipts = new Map<number, Receipt[]>()
  const told: Told = { decisions: new Set(), attempts: 0, breakers: [] }
  const fault = new Error('The listener has a fault of its own.')
  const fail = () => {
    throw fault
  }
  if (listenersThrow) {
    router.on('decision', fail)
    router.on('silence', fail)
    router.on('breaker', fail)
    router.on('attempt', fail)
    router.on('receipt', fail)
  }
  router.on('decision', ({ id }) => told.decisions.add(callOf(id)))
  router.on('silence', ({ id, hedge, refused }) => note('silence', callOf(id), hedge, refused))
  router.on('breaker', ({ target, state }) => {
    told.breakers.push({ target, state, before: ledger.entries.length })
    note('breaker', 0, target, state)
  })
  router.on('attempt', ({ attempt: { target, reason, end, costNanoUsd, startedMs, totalMs, usage } }) => {
    told.attempts += 1
    note(
      'attempt',
      0,
      `${target} ${reason} ${end.type} ${costNanoUsd ?? '?'} ${rounded(startedMs)} ${rounded(totalMs)} ${usage.outputTokens}`,
    )
  })
  router.on('receipt', receipt => {
    const call = callOf(receipt.id)
    const known = receipts.get(call)
    if (known === undefined) receipts.set(call, [receipt])
    else known.push(receipt)
    note('receipt', call, `${receipt.target ?? '-'} ${receipt.attempts.length} ${receipt.costNanoUsd} ${rounded(receipt.totalMs)}`)
  })
  return { receipts, told }
}
