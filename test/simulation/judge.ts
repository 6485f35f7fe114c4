import type { Answer, Judge, Verdict } from '@routewise/core'
import type { SimulatedClock } from './clock.ts'
import { type SimulatedCall, type SimulatedChunk, simulatedDialect } from './dialect.ts'
import type { Ledger } from './ledger.ts'
import type { Provider } from './provider.ts'

/** A judge as it is to behave. Shares are out of a hundred drafts. */
export interface JudgePlan {
  rejects: number
  /** Of the rejected, those that say how to mend it. */
  repairs: number
  throws: number
  /** Has nothing to say. */
  abstains: number
  slow: number
  slowMs: number
  /** Rejects while the draft is still being written. */
  watches: boolean
  /** Asks another model, or the same again, first. */
  consults: 'nobody' | 'arbiter' | 'sample'
}

interface JudgeOptions {
  clock: SimulatedClock
  ledger: Ledger
  arbiter: Provider
}

/** What the judge said of each attempt. */
export type Verdicts = Map<string, 'accepted' | 'rejected' | 'none'>

/** Judges by a rule on the text alone, which names its attempt: the same draft always gets the same verdict. */
export function createJudge(initial: JudgePlan, { clock, ledger, arbiter }: JudgeOptions) {
  let plan = initial
  const verdicts: Verdicts = new Map()
  const ruleOf = (text: string): { name: string; verdict: Verdict | undefined; draw(salt: number, share: number): boolean } => {
    const entry = ledger.named(text)
    const number = entry?.number ?? 0
    const draw = (salt: number, share: number): boolean => (Math.imul(number + salt * 7_919, 0x9e3779b1) >>> 8) % 100 < share
    const name = entry?.name ?? ''
    if (entry === undefined || draw(1, plan.abstains)) return { name, draw, verdict: undefined }
    if (!draw(2, plan.rejects)) return { name, draw, verdict: { accepted: true, score: 0.9 } }
    const repair = draw(3, plan.repairs) ? { repair: 'Say it again.' } : {}
    return { name, draw, verdict: { accepted: false, score: (number % 10) / 20, reason: 'the rule', ...repair } }
  }
  const say = (name: string, verdict: Verdict | undefined): Verdict | undefined => {
    verdicts.set(name, verdict === undefined ? 'none' : verdict.accepted ? 'accepted' : 'rejected')
    return verdict
  }

  const judge: Judge = {
    name: 'rule',
    async judge(answer, context) {
      const { name, verdict, draw } = ruleOf(answer.text)
      if (draw(4, plan.slow)) await pause(clock, plan.slowMs, context.signal)
      if (draw(5, plan.throws)) {
        verdicts.set(name, 'none')
        throw new Error('The judge has a fault of its own.')
      }
      if (plan.consults === 'arbiter') {
        const call = ledger.named(answer.text)?.call
        if (call === undefined) return undefined
        await context.ask<SimulatedCall, SimulatedChunk>({ target: arbiter, dialect: simulatedDialect, call: question(call) })
      } else if (plan.consults === 'sample') await context.sample()
      return say(name, verdict)
    },
  }
  if (plan.watches) {
    judge.watch = (answer: Answer) => {
      // Not at once: some of it must have been written for an early rejection to be early.
      if (answer.text.length < 24) return undefined
      const { name, verdict } = ruleOf(answer.text)
      return verdict?.accepted === false ? say(name, verdict) : undefined
    }
  }
  return {
    judge,
    verdicts,
    /** From now on it accepts everything, at once. */
    heal(): void {
      plan = { ...plan, rejects: 0, throws: 0, abstains: 0, slow: 0, consults: 'nobody' }
    },
  }
}

const question = (call: number): SimulatedCall => ({
  id: call,
  inputTokens: 100,
  maxOutputTokens: undefined,
  streaming: false,
  prefix: -1,
  turn: 'user',
  task: 'classification',
  resumable: false,
  asksForTool: false,
})

function pause(clock: SimulatedClock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(ms, () => {
      signal.removeEventListener('abort', onAbort)
      resolve()
    })
    function onAbort() {
      cancel()
      reject(signal.reason)
    }
    signal.addEventListener('abort', onAbort, { once: true })
  })
}
