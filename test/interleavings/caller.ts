import { getEventListeners } from 'node:events'
import type { Router } from '@routewise/core'
import { rest } from './clock.ts'
import type { Call, Chunk } from './dialect.ts'
import { FILLER } from './filler.ts'
import type { CallRecord } from './journal.ts'
import type { CallerPlan } from './scenario.ts'
import type { World } from './world.ts'

/** What a caller throws into the stream when it leaves by throwing. */
export class CallerError extends Error {}

/** Makes one call and reads it, or leaves it, as the plan says. Never rejects. */
export async function makeCall(router: Router<Call, Chunk>, call: Call, plan: CallerPlan, world: World): Promise<void> {
  const { scheduler, clock, journal, witnesses } = world
  const { ahead, pauses, leaves } = plan
  const controller = new AbortController()
  const record: CallRecord = {
    id: call.id,
    plan,
    started: false,
    startedAt: clock.now(),
    chunks: [],
    end: undefined,
    receipt: undefined,
    error: undefined,
    askedAt: clock.now(),
    endedAt: undefined,
    running: [],
    listeners: 0,
  }
  journal.calls.push(record)
  const answer = router.run(call, { signal: controller.signal, deny: [FILLER] })
  const pulls: Promise<IteratorResult<Chunk, unknown>>[] = []
  let leaving: Promise<unknown> | undefined
  let isBusy = false

  const leave = () => {
    if (record.end !== undefined || journal.gone.has(call.id)) return
    journal.gone.add(call.id)
    // Whatever its targets do, the end must come without them.
    void rest().then(() => {
      if (record.endedAt === undefined && !isBusy) journal.faults.push(`call ${call.id} goes on after its caller has gone away`)
    })
    if (leaves?.how === 'aborts') {
      controller.abort(new CallerError('The caller has had enough.'))
      return
    }
    record.end = 'left'
    leaving = leaves?.how === 'throws' ? answer.throw(new CallerError('The caller has a fault.')) : answer.return(undefined as never)
    leaving.then(undefined, error => (record.error = error))
  }
  const wait = async (turns: number) => {
    for (let turn = 0; turn < turns && record.end === undefined; turn += 1) await scheduler.schedule(Promise.resolve(), 'caller waits')
    leave()
  }
  if (leaves?.when === 0) leave()
  else if (typeof leaves?.when === 'number') void wait(leaves.when)
  else if (leaves !== undefined) witnesses.set(call.id, moment => moment === leaves.when && leave())

  record.started = record.end === undefined && !controller.signal.aborted
  try {
    for (;;) {
      while (pulls.length < (ahead ? 2 : 1)) {
        record.askedAt = clock.now()
        const pull = answer.next()
        // The second of two is heard only when its turn comes.
        pull.catch(() => undefined)
        pulls.push(pull)
      }
      const step = await pulls.shift()!
      if (step.done === true) {
        if (record.end === undefined) record.receipt = step.value as CallRecord['receipt']
        record.end ??= 'answered'
        break
      }
      record.chunks.push(step.value)
      isBusy = pauses[record.chunks.length % pauses.length]!
      if (isBusy) await scheduler.schedule(Promise.resolve(), 'caller reads on')
      isBusy = false
    }
  } catch (error) {
    record.error = error
    record.end ??= 'failed'
  }
  await leaving?.catch(() => undefined)
  record.endedAt = clock.now()
  record.running = journal.entries
    .filter(({ call: of, signal, ended }) => of === call.id && !signal.aborted && !ended)
    .map(({ name }) => name)
  record.listeners = getEventListeners(controller.signal, 'abort').length
}
