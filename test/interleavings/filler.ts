import type { Router, Target } from '@routewise/core'
import { cardOf } from './card.ts'
import type { Call, Chunk } from './dialect.ts'

export const FILLER = 'filler'
/** The number of calls that only fill the budgets. */
export const FILLING = -1

/** Answers at once; no other call may use it. */
export const filler: Target<Call, Chunk> = {
  id: FILLER,
  card: cardOf(FILLER, 0),
  async *open() {
    yield { attempt: FILLER, index: 0, text: 'full' }
    yield { attempt: FILLER, index: 1, finish: 'stop' }
  },
}

/** Hedges are earned by calls: this makes so many. */
export async function fillBudgets(router: Router<Call, Chunk>, calls: number): Promise<void> {
  for (let call = 0; call < calls; call += 1) {
    const answer = router.run({ id: FILLING, streaming: true, resumable: false }, { allow: [FILLER] })
    for (let step = await answer.next(); step.done !== true;) step = await answer.next()
  }
}
