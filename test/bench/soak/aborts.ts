import type { Fault } from '@routewise/simulator'
import { createRandom } from '../../simulation/random.ts'
import { wallMs } from './providers.ts'
import { type Ended, inParallel, startSoak } from './world.ts'

/** Answers never end, so that there is always something to leave: in turn they fall silent before the headers, after them, and midway. */
const ENDLESS: readonly Fault[] = (['headers', 'first-token', 'midway'] as const).map((at, turn) => ({
  when: { nth: { from: turn + 1, every: 3 } },
  effect: { type: 'hang', at },
}))

export interface Aborts extends Ended {
  /** Milliseconds until the provider sees that the caller has left: from then, or from when the request came, if that was later. */
  closeMs: readonly number[]
  /** Requests that went on. */
  undetected: number
}

/** So many callers who leave at random moments, most of them after their request has reached its provider. */
export async function leavingCallers(calls: number, atOnce: number, seed: number): Promise<Aborts> {
  const random = createRandom(seed)
  const soak = await startSoak(ENDLESS, { hedge: false, policy: candidates => [candidates[random.integer(0, 2)]!] })
  const leftMs = new Map<string, number>()
  await inParallel(calls, atOnce, async number => {
    const prompt = `Where is order ${number}?`
    const controller = new AbortController()
    setTimeout(() => {
      leftMs.set(prompt, wallMs() - soak.beganMs)
      controller.abort()
    }, random.next() * 60)
    const call = number % 2 === 0 ? soak.stream(prompt, controller.signal) : soak.invoke(prompt, controller.signal)
    await call.catch(() => undefined)
  })
  const ended = await soak.end(atOnce)
  const cancelled = ended.rows.filter(({ end }) => end === 'cancelled')
  return {
    ...ended,
    closeMs: cancelled.map(({ label, startMs, endMs }) => Math.max(0, endMs - Math.max(startMs, leftMs.get(label!)!))),
    undetected: ended.rows.length - cancelled.length,
  }
}
