import type { BaseChatModel } from '@langchain/core/language_models/chat_models'
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

/** So many callers, of a routed model or of bare ones, who leave at random moments, most of them after their request has arrived. */
export async function leavingCallers(calls: number, atOnce: number, seed: number, isBare: boolean): Promise<Aborts> {
  const random = createRandom(seed)
  const soak = await startSoak(ENDLESS, { hedge: false, policy: candidates => [random.pick(candidates)] })
  // Not Google's: left midway, it ends the process by a promise that nobody waits for.
  const models: readonly BaseChatModel[] = isBare ? [soak.models.luna, soak.models.haiku] : [soak.model]
  const leftMs = new Map<string, number>()
  const callAndLeave = async (model: BaseChatModel, prompt: string, isStreamed: boolean) => {
    const controller = new AbortController()
    const { signal } = controller
    setTimeout(() => {
      leftMs.set(prompt, wallMs() - soak.beganMs)
      controller.abort()
    }, random.next() * 60)
    try {
      if (isStreamed) for await (const _chunk of await model.stream(prompt, { signal }));
      else await model.invoke(prompt, { signal })
    } catch (error) {
      if (!signal.aborted) throw error
    }
  }
  await inParallel(calls, atOnce, number => callAndLeave(random.pick(models), `Where is order ${number}?`, number % 2 === 0))
  const ended = await soak.end(atOnce)
  const cancelled = ended.rows.filter(({ end }) => end === 'cancelled')
  return {
    ...ended,
    closeMs: cancelled.map(({ label, startMs, endMs }) => Math.max(0, endMs - Math.max(startMs, leftMs.get(label!)!))),
    undetected: ended.rows.length - cancelled.length,
  }
}
