import type { Judge, Verdict } from '@routewise/core'
import { type Call, dialect } from './dialect.ts'
import { FILLING } from './filler.ts'
import type { JudgePlan, TargetPlan } from './scenario.ts'
import { createTarget } from './target.ts'
import type { World } from './world.ts'

const ARBITER: TargetPlan = {
  rank: 0,
  scripts: [{ headers: false, role: false, pieces: ['text'], ending: { finish: 'stop', then: 'ends' }, throws: undefined }],
  manners: { onAbort: 'rejects', onReturn: 'ends', pushes: false },
  terminalEvent: true,
}

/** A judge that says what its plan says, when the scheduler says so. */
export function createJudge({ verdicts, when, consults, watch }: JudgePlan, world: World): Judge {
  const { scheduler, journal, witnesses } = world
  const arbiter = createTarget('arbiter', ARBITER, world)
  let asked = 0

  const say = (said: JudgePlan['verdicts'][number]): Verdict | undefined => {
    if (said === 'throw') throw new Error('The judge has a fault of its own.')
    if (said === 'none') return undefined
    return { accepted: said === 'accept', score: asked / 100, ...(said === 'repair' ? { repair: 'Mend it.' } : {}) }
  }

  const plan: Judge = {
    name: 'modelled',
    judge(_answer, context) {
      const call = context.call as Call
      if (call.id === FILLING) return undefined
      const said = verdicts[asked % verdicts.length]!
      asked += 1
      journal.judged.set(call.id, (journal.judged.get(call.id) ?? 0) + 1)
      witnesses.get(call.id)?.('judging')
      if (consults === 'sample, and forgets') void context.sample()
      if (when === 'never') return new Promise(() => undefined)
      const isPatient = consults === 'sample' || consults === 'arbiter'
      if (when === 'at once' && !isPatient) return say(said)
      return (async () => {
        if (when === 'later') await scheduler.schedule(Promise.resolve(), `judge says ${said}`)
        if (consults === 'sample') await context.sample()
        if (consults === 'arbiter') await context.ask({ target: arbiter, dialect, call })
        return say(said)
      })()
    },
  }
  if (watch !== undefined) {
    plan.watch = ({ text }) => {
      if (watch === 'throws') throw new Error('The judge has a fault of its own.')
      return text.length >= watch ? { accepted: false, score: 0 } : undefined
    }
  }
  return plan
}
