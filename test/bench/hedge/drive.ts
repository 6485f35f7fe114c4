import { createRouter, RouterError, type RoutingOptions } from '@routewise/core'
import { createSimulatedClock, type SimulatedClock } from '../../simulation/clock.ts'
import { createRandom, type SeededRandom } from '../../simulation/random.ts'
import { virtualDialect, virtualTarget } from '../virtual.ts'
import type { Law, LawRequest } from './law.ts'
import type { Tally } from './tally.ts'

/** A closed loop of so many callers, or arrivals by chance that do not wait for anybody. */
export type Traffic = { inFlight: number } | { perSecond: number }

export interface Drive {
  traffic: Traffic
  requests: number
  options: RoutingOptions
  seed: number
}

/** Where the law does not say how long answers are, they are as long as is expected of one. */
const OUTPUT_TOKENS = 250

/** Asks the real router, in virtual time. */
export async function drive(law: Law, { traffic, requests, options, seed }: Drive, tally: Tally): Promise<void> {
  const clock = createSimulatedClock()
  const random = createRandom(seed ^ 0x2545f491)
  let ids = 0
  const router = createRouter({
    targets: law.cards.map((card, target) =>
      virtualTarget<LawRequest>(card, (request, finish, fail) => {
        const { firstTokenMs, failure, cacheReadTokens = 0, outputTokens = OUTPUT_TOKENS } = law.attempt(target, request, clock.now())
        const answer = { inputTokens: request.inputTokens, cacheReadTokens, outputTokens }
        return clock.after(firstTokenMs, () => (failure === undefined ? finish(answer) : fail(failure)))
      }),
    ),
    dialect: virtualDialect,
    ...(law.policy === undefined ? {} : { policy: law.policy }),
    clock,
    random: random.fork(1).next,
    newId: () => String((ids += 1)),
    ...options,
  })

  async function ask(): Promise<void> {
    const request = law.request()
    const run = router.run(request)
    try {
      let step = await run.next()
      while (step.done !== true) step = await run.next()
      tally.note(request, step.value)
    } catch (error) {
      if (!RouterError.isInstance(error) || error.receipt === undefined) throw error
      tally.note(request, error.receipt)
    }
  }

  const asked =
    'inFlight' in traffic ? inLoop(traffic.inFlight, requests, ask) : arriving(clock, random.fork(2), traffic.perSecond, requests, ask)
  await Promise.all([asked, clock.run()])
}

async function inLoop(callers: number, requests: number, ask: () => Promise<void>): Promise<void> {
  let asked = 0
  const caller = async () => {
    while (asked < requests) {
      asked += 1
      await ask()
    }
  }
  await Promise.all(Array.from({ length: callers }, caller))
}

function arriving(
  clock: SimulatedClock,
  random: SeededRandom,
  perSecond: number,
  requests: number,
  ask: () => Promise<void>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let asked = 0
    let answered = 0
    const onAnswer = () => {
      answered += 1
      if (answered === requests) resolve()
    }
    const arrive = () => {
      asked += 1
      ask().then(onAnswer, reject)
      if (asked < requests) clock.after(random.exponential(1_000 / perSecond), arrive)
    }
    arrive()
  })
}
