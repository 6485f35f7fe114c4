import { RouterError } from '@routewise/langchain'
import type { Fault, FaultEffect } from '@routewise/simulator'
import { createRandom } from '../../simulation/random.ts'
import { type BillCheck, checkBill } from './bill.ts'
import { type Ended, inParallel, startSoak } from './world.ts'

const strike = (provider: string, probability: number, effect: FaultEffect): Fault => ({ when: { provider, probability }, effect })
const FAULTS: readonly Fault[] = [
  strike('openai', 0.08, { type: 'http-error', kind: 'overloaded' }),
  strike('openai', 0.04, { type: 'hang', at: 'headers', ms: 1_500 }),
  strike('openai', 0.03, { type: 'cut', at: 'midway' }),
  strike('openai', 0.03, { type: 'hang', at: 'midway', ms: 1_500 }),
  strike('google', 0.05, { type: 'cut', at: 'first-token' }),
  strike('google', 0.03, { type: 'hang', at: 'first-token', ms: 1_500 }),
  strike('anthropic', 0.05, { type: 'stream-error', at: 'first-token', kind: 'overloaded' }),
]

export interface Mixed extends Ended, BillCheck {
  /** How calls ended: `answered`, `left`, or the name or code of an error. */
  ends: ReadonlyMap<string, number>
}

/** Calls of every kind among providers that fail in every way, with callers who leave in every way. */
export async function mixedSoak(calls: number, atOnce: number, seed: number): Promise<Mixed> {
  const random = createRandom(seed)
  const soak = await startSoak(FAULTS, {
    hedge: { delayMs: 40, budget: 0.3, burst: 50 },
    timeouts: { firstTokenMs: 1_000, stallMs: 1_000 },
  })
  const { receipts } = soak
  const ends = new Map<string, number>()
  const note = (end: string) => ends.set(end, (ends.get(end) ?? 0) + 1)

  await inParallel(calls, atOnce, async number => {
    const prompt = `Where is order ${number}, which I have been waiting for since Monday?`
    const controller = new AbortController()
    const leaves = random.next()
    const timer = leaves < 0.15 ? setTimeout(() => controller.abort(), random.next() * 30) : undefined
    const signal = timer === undefined ? undefined : controller.signal
    try {
      if (number % 3 === 0) await soak.invoke(prompt, signal)
      else await soak.stream(prompt, signal, ({ text }) => leaves > 0.95 && text !== '')
      note(receipts.get(prompt)?.target === undefined ? 'left' : 'answered')
    } catch (error) {
      note(RouterError.isInstance(error) ? error.code : (error as Error).name)
    } finally {
      clearTimeout(timer)
    }
  })
  const ended = await soak.end(atOnce)
  return { ...ended, ...checkBill(receipts, ended.rows), ends }
}
