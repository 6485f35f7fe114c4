import type { Fault } from '@routewise/simulator'
import { type BillCheck, checkBill } from './bill.ts'
import { wallMs } from './providers.ts'
import { type Ended, inParallel, startSoak } from './world.ts'

const QUESTION =
  'My thermostat shows a snowflake, although the heating is on and the rooms are warm. What does it mean, and how do I make it go away?'

/** Silence, in turn before the headers and after them. */
const SILENT: readonly Fault[] = (['headers', 'first-token'] as const).map((at, turn) => ({
  when: { provider: 'openai', nth: { from: turn + 1, every: 2 } },
  effect: { type: 'hang', at },
}))

export interface Storm extends Ended, BillCheck {
  hedges: number
  /** Milliseconds until the provider sees that an attempt was given up: from then, or from when the request came, if that was later. */
  closeMs: readonly number[]
}

/** So many calls whose first model says nothing: each is overtaken by a hedge, streamed or whole. */
export async function hedgeStorm(calls: number, atOnce: number): Promise<Storm> {
  const soak = await startSoak(SILENT, { hedge: { delayMs: 2, budget: 1, burst: 1_000, maxHedges: 1 } })
  const { model, receipts, beganMs } = soak
  const givenUpMs = new Map<string, number>()
  model.router.on('attempt', ({ id, attempt }) => {
    if (attempt.end.type === 'superseded') givenUpMs.set(id, wallMs() - beganMs)
  })
  await inParallel(calls, atOnce, number => {
    const prompt = `${number}: ${QUESTION}`
    return number % 2 === 0 ? soak.stream(prompt) : soak.invoke(prompt)
  })
  const ended = await soak.end(atOnce)

  const cancelled = new Map(ended.rows.filter(({ end }) => end === 'cancelled').map(row => [row.label, row]))
  const closeMs = [...receipts].flatMap(([prompt, { id }]) => {
    const [from, row] = [givenUpMs.get(id), cancelled.get(prompt)]
    return from === undefined || row === undefined ? [] : [Math.max(0, row.endMs - Math.max(from, row.startMs))]
  })
  const hedges = [...receipts.values()].flatMap(({ attempts }) => attempts).filter(({ reason }) => reason === 'hedge').length
  return { ...ended, ...checkBill(receipts, ended.rows), hedges, closeMs }
}
