import { type Clock, createRouter, type Random, type Receipt, RouterError, type RoutingOptions } from '@routewise/core'
import { virtualCard, type VirtualCall, virtualDialect, virtualTarget } from '../virtual.ts'

/** Gives one attempt to the provider; returns what cancels it. */
export type Submit = (call: VirtualCall, done: () => void) => () => void
/** Calls once, whatever that takes. */
export type Client = (call: VirtualCall) => Promise<{ answered: boolean; attempts: number }>

const PATIENCE_MS = 10_000
/** Answers are as long as is expected of one, and take the second that they are served for. */
const OUTPUT_TOKENS = 250
const SPEED = { firstToken: { baseMs: 100, msPerInputToken: 0 }, outputTokensPerSecond: OUTPUT_TOKENS / 0.9 }

interface RoutedOptions {
  clock: Clock
  random: Random
  submit: Submit
  honoursCancels: boolean
  options: RoutingOptions
}

/** The real router, over two targets of one provider. */
export function routed({ clock, random, submit, honoursCancels, options }: RoutedOptions): Client {
  let ids = 0
  const router = createRouter({
    targets: ['a', 'b'].map(id =>
      virtualTarget(virtualCard(id, { cancelStopsBilling: honoursCancels, ...SPEED }), (call, finish) =>
        submit(call, () => finish({ inputTokens: call.inputTokens, cacheReadTokens: 0, outputTokens: OUTPUT_TOKENS })),
      ),
    ),
    dialect: virtualDialect,
    clock,
    random,
    newId: () => String((ids += 1)),
    timeouts: { totalMs: PATIENCE_MS },
    ...options,
  })
  const receiptOf = async (call: VirtualCall): Promise<Receipt> => {
    try {
      const run = router.run(call)
      let step = await run.next()
      while (step.done !== true) step = await run.next()
      return step.value
    } catch (error) {
      if (RouterError.isInstance(error) && error.receipt !== undefined) return error.receipt
      throw error
    }
  }
  return async call => {
    const { target, attempts } = await receiptOf(call)
    return { answered: target !== undefined, attempts: attempts.length }
  }
}

/** Hedging without a guard: twice, after twice the usual time of silence each. It is here to show that what is measured can fail. */
export function unguarded(clock: Clock, submit: Submit): Client {
  const SILENCE_MS = 2_000
  const MAX_ATTEMPTS = 3
  return call =>
    new Promise(resolve => {
      const cancels: (() => void)[] = []
      const timers: (() => void)[] = []
      const end = (answered: boolean) => {
        for (const cancel of [...cancels, ...timers]) cancel()
        resolve({ answered, attempts: cancels.length })
      }
      const attempt = () => {
        cancels.push(submit(call, () => end(true)))
        if (cancels.length < MAX_ATTEMPTS) timers.push(clock.after(SILENCE_MS, attempt))
      }
      timers.push(clock.after(PATIENCE_MS, () => end(false)))
      attempt()
    })
}
