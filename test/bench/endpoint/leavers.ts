// Clients who leave the endpoint at random moments, among others who stay: whether and when the provider hears of it, and whether the
// receipts are the provider's bill.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { Receipt } from '@routewise/core'
import type { Fault, SimulatorOptions } from '@routewise/simulator'
import { type BillCheck, checkBill } from '../soak/bill.ts'
import type { Sight, Started } from '../soak/providers.ts'
import type { Left } from './leave.ts'
import type { RoutedSettings } from './routed.ts'
import { startWorker } from './worker.ts'

/** Those who leave ask one model, which falls silent before the headers, before the first word or midway, or goes on for long. */
const LEFT = 'gpt-6-luna'
/** Those who stay ask another. */
const HEARD = 'gpt-6-sol'
const SILENCES: readonly Fault[] = (['headers', 'first-token', 'midway'] as const).map((at, turn) => ({
  when: { model: LEFT, nth: { from: turn + 1, every: 4 } },
  effect: { type: 'hang', at },
}))
const LATENCY = { baseMs: 4, msPerInputToken: 0, sigma: 0.5, stragglerShare: 0 }
const AT_ONCE = 8

export interface Leavers extends BillCheck {
  /** Milliseconds until the provider sees that the client has left: from then, or from when the request came, if that was later. */
  closeMs: readonly number[]
  /** Requests that went on. */
  missed: number
  /** Clients that stayed and got no answer. */
  unanswered: number
}

export async function measureLeavers(clients: number): Promise<Leavers> {
  const options: SimulatorOptions = {
    providers: ['openai'],
    faults: [...SILENCES],
    // Too slow to be told before its client leaves.
    latency: { [LEFT]: { ...LATENCY, outputTokensPerSecond: 100 }, [HEARD]: { ...LATENCY, outputTokensPerSecond: 5_000 } },
  }
  const providers = fork(new URL('../soak/providers.ts', import.meta.url), [JSON.stringify(options)], {
    execArgv: ['--conditions=@routewise/source'],
    serialization: 'advanced',
  })
  const [{ origins, beganMs }] = (await once(providers, 'message')) as [Started]
  const settings: RoutedSettings = { upstream: Number(new URL(origins['openai']!).port), models: [LEFT, HEARD], keepsReceipts: true }
  const routed = await startWorker('routed.ts', 'under-test', settings)
  const leaver = await startWorker('leave.ts', 'around-it')
  try {
    const { leftMs, unanswered } = await leaver.ask<Left>({ port: routed.port, clients, atOnce: AT_ONCE, left: LEFT, heard: HEARD })
    const look = async (): Promise<Sight> => {
      providers.send('bill')
      const [sight] = (await once(providers, 'message')) as [Sight]
      return sight
    }
    const until = performance.now() + 1_000
    let sight = await look()
    while (sight.openRequests > 0 && performance.now() < until) sight = await look()
    const { receipts } = await routed.ask<{ receipts: readonly Receipt[] }>('tell')
    const rows = sight.rows!
    const ofLeavers = rows.filter(({ label }) => leftMs.has(label!))
    const cancelled = ofLeavers.filter(({ end }) => end === 'cancelled')
    return {
      ...checkBill(new Map(receipts.map(receipt => [receipt.session!, receipt])), rows),
      closeMs: cancelled.map(({ label, startMs, endMs }) => Math.max(0, endMs - Math.max(startMs, leftMs.get(label!)! - beganMs))),
      missed: ofLeavers.length - cancelled.length,
      unanswered,
    }
  } finally {
    routed.stop()
    leaver.stop()
    providers.disconnect()
  }
}
