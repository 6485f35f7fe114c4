import { setTimeout as wait } from 'node:timers/promises'
import { paces } from './exchange.ts'
import { type Name, requestOf, startField, tell, verify } from './contenders.ts'
import type { Crowd } from './load.ts'

const WARM_UP = 300
const LOOK_MS = 100

export interface CrowdFigures extends Crowd {
  /** Memory at its highest, over that before. */
  rssMb: number
}

/** Many streams through one fresh process, all open at once, each getting a word at every tick. */
export async function measureCrowd(name: Name, streams: number, tickMs: number): Promise<CrowdFigures> {
  await using field = await startField([name], tickMs)
  const contender = field.contenders[0]!
  for (const stream of [false, true]) {
    const bytes = await verify(field, contender, { stream })
    const request = requestOf(contender, { stream })
    await field.load({ type: 'latency', request, count: WARM_UP, bytes })
  }
  const idle = (await tell(contender)).rssBytes
  const heard = field.load<Crowd>({ type: 'crowd', request: requestOf(contender, { stream: true, words: paces.ticking }), streams })
  let highest = idle
  const next = () => Promise.race([heard.then(() => true), wait(LOOK_MS, false)])
  while (!(await next())) highest = Math.max(highest, (await tell(contender)).rssBytes)
  return { ...(await heard), rssMb: (highest - idle) / 1e6 }
}
