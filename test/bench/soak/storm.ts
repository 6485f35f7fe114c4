import { type BillCheck, checkBill } from './bill.ts'
import type { Leftovers } from './leftovers.ts'
import { inParallel, startSoak } from './world.ts'

const TOPIC =
  'My thermostat shows a snowflake, although the heating is on and the rooms are warm. What does it mean, and how do I make it go away? '

export interface Storm extends Leftovers, BillCheck {
  hedges: number
  /** Milliseconds from giving an attempt up to its provider's seeing the socket close. */
  closeMs: readonly number[]
  sockets: number
}

/** So many calls whose first model says nothing: each is overtaken by a hedge, before its headers or after them, streamed or whole. */
export async function hedgeStorm(calls: number, atOnce: number): Promise<Storm> {
  const soak = await startSoak({ hedge: { delayMs: 2, budget: 1, burst: 1_000, maxHedges: 1 } })
  const { sim, model, receipts } = soak
  for (const [turn, at] of (['headers', 'first-token'] as const).entries()) {
    sim.fault({ when: { provider: 'openai', nth: { from: turn + 1, every: 2 } }, effect: { type: 'hang', at } })
  }
  const givenUpMs = new Map<string, number>()
  model.router.on('attempt', ({ id, attempt }) => {
    if (attempt.end.type === 'superseded') givenUpMs.set(id, sim.nowMs())
  })

  await inParallel(calls, atOnce, number => {
    const prompt = `${TOPIC.repeat(3)} (${number})`
    return number % 2 === 0 ? soak.stream(prompt) : soak.invoke(prompt)
  })
  const left = await soak.end(atOnce)

  const closedMs = new Map(sim.bill.rows.filter(({ end }) => end === 'cancelled').map(row => [row.label, row.endMs]))
  const closeMs = [...receipts].flatMap(([prompt, { id }]) => {
    const [from, to] = [givenUpMs.get(id), closedMs.get(prompt)]
    return from === undefined || to === undefined ? [] : [Math.max(0, to - from)]
  })
  const hedges = [...receipts.values()].flatMap(({ attempts }) => attempts).filter(({ reason }) => reason === 'hedge').length
  return { ...left, ...checkBill(receipts, sim.bill.rows), hedges, closeMs }
}
