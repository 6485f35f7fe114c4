import { createRouter, type Router } from '@routewise/core'
import type fc from 'fast-check'
import { makeCall } from './caller.ts'
import { createScheduledClock, rest } from './clock.ts'
import { type Call, type Chunk, dialect } from './dialect.ts'
import { fillBudgets, filler } from './filler.ts'
import { createJournal, type Journal } from './journal.ts'
import { createJudge } from './judge.ts'
import type { Scenario } from './scenario.ts'
import { createTarget } from './target.ts'
import type { World } from './world.ts'

/** A run with more events than this goes on for ever. */
const MAX_EVENTS = 500
/** Timers that are not due for longer wait until nothing else can happen, or most calls would end by running out of time. */
const SOON_MS = 100

/** Plays a scenario in the order that the scheduler chooses. */
export async function interleave(scheduler: fc.Scheduler, scenario: Scenario): Promise<Journal> {
  const { options, savedHedges, resumable, targets, judge, callers, pace } = scenario
  const clock = createScheduledClock(scheduler, pace.lags)
  const journal = createJournal()
  const world: World = { scheduler, clock, journal, witnesses: new Map() }
  let calling = 0
  const router = createRouter<Call, Chunk>({
    targets: [...targets.map((plan, at) => createTarget('abcd'[at]!, plan, world)), ...(savedHedges > 0 ? [filler] : [])],
    dialect: {
      ...dialect,
      describe(call, context) {
        calling = call.id
        return dialect.describe(call, context)
      },
    },
    policy: candidates => candidates,
    valueOfTimeUsdPerSecond: 10,
    clock,
    random: () => 0.5,
    // A call asks for its id as soon as it has been described.
    newId: () => String(calling),
    ...options,
    ...(judge === undefined ? {} : { judge: createJudge(judge, world) }),
  })
  await fillBudgets(router, savedHedges)
  listen(router, world)
  const onRejection = (reason: unknown) => void journal.unhandled.push(reason)
  process.on('unhandledRejection', onRejection)
  const calls = callers.map((plan, id) => makeCall(router, { id, streaming: plan.streaming, resumable }, plan, world))
  void Promise.all(calls).then(() => (journal.timersAtEnd = clock.pending()))
  await play(scheduler, world, scenario)
  process.off('unhandledRejection', onRejection)
  journal.timersLeft = clock.pending()
  return journal
}

function listen(router: Router<Call, Chunk>, { journal: { decisions, attempts, receipts }, witnesses }: World): void {
  const note = <Told>(of: Map<number, Told[]>, id: string, told: Told) => of.set(Number(id), [...(of.get(Number(id)) ?? []), told])
  router.on('decision', ({ id, decision }) => {
    note(decisions, id, decision)
    witnesses.get(Number(id))?.('decision')
  })
  router.on('silence', ({ id }) => witnesses.get(Number(id))?.('silence'))
  router.on('attempt', ({ id, attempt }) => {
    note(attempts, id, attempt)
    witnesses.get(Number(id))?.('attempt')
  })
  router.on('receipt', receipt => note(receipts, receipt.id, { receipt, attempts: receipt.attempts.length }))
}

/** Lets one thing happen after the other until nothing is left that could. */
async function play(scheduler: fc.Scheduler, { clock, journal }: World, { pace: { patience, gaps } }: Scenario): Promise<void> {
  let lastTick = 0
  let ticks = 0
  for (let event = 0; ; event += 1) {
    if (event > MAX_EVENTS) {
      journal.faults.push(`it is not over after ${MAX_EVENTS} events`)
      return
    }
    if (event - lastTick >= patience) clock.offer(SOON_MS)
    if (scheduler.count() === 0) {
      await rest()
      if (scheduler.count() === 0) clock.offer(Number.POSITIVE_INFINITY)
      if (scheduler.count() === 0) return
    }
    const gap = gaps[event % gaps.length]!
    const happened = scheduler.waitOne()
    if (gap === 'none') continue
    await happened
    if (clock.ticks() > ticks) {
      ticks = clock.ticks()
      lastTick = event
      await rest()
    } else if (gap === 'rest') await rest()
    else for (let turn = 0; turn < gap; turn += 1) await Promise.resolve()
  }
}
