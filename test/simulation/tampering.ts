import type { AttemptReason, CallOptions, Receipt, Router } from '@routewise/core'
import type { SimulatedCall, SimulatedChunk } from './dialect.ts'
import type { Sabotage } from './simulate.ts'

export type SimulatedRouter = Router<SimulatedCall, SimulatedChunk>
export type Mutable<Type> = { -readonly [Name in keyof Type]: Type[Name] }

interface Result {
  receipt: Receipt | undefined
}

/** Runs every answer through `stage`, which sees its chunks and, once they are over, its receipt. */
export function around(
  router: SimulatedRouter,
  stage: (chunks: AsyncIterable<SimulatedChunk>, result: Result, options: CallOptions) => AsyncIterable<SimulatedChunk>,
): SimulatedRouter {
  async function* run(call: SimulatedCall, options: CallOptions = {}): AsyncGenerator<SimulatedChunk, Receipt, void> {
    const result: Result = { receipt: undefined }
    async function* chunks() {
      result.receipt = yield* router.run(call, options)
    }
    yield* stage(chunks(), result, options)
    return result.receipt!
  }
  return { ...router, run }
}

/** Changes every receipt before anybody else sees it. */
export function tamper(change: (receipt: Mutable<Receipt>) => void): Sabotage {
  return {
    router: router => {
      router.on('receipt', change)
      return router
    },
  }
}

type SimulatedTarget = SimulatedRouter['targets'][number]

/** Changes every target before the router gets it. */
export function withTargets(
  change: (target: SimulatedTarget, clock: NonNullable<Parameters<NonNullable<Sabotage['router']>>[1]>) => SimulatedTarget,
): Sabotage {
  return {
    options: options => ({ ...options, targets: options.targets.map(target => change(target, options.clock!)) }),
  }
}

/** Moves the attempts of a kind in time, in all books alike. */
export function shiftAttempts(reason: AttemptReason, ms: number): Sabotage {
  return {
    outcome({ ledger, receipts }) {
      for (const [call, told] of receipts) {
        for (const attempt of told[0]!.attempts.filter(made => made.reason === reason)) {
          const startedAt = ledger.of(call)[0]!.openedAt
          const entry = ledger
            .of(call)
            .find(({ target, openedAt }) => target === attempt.target && Math.abs(openedAt - startedAt - attempt.startedMs) < 1e-6)
          if (entry !== undefined) (entry as Mutable<typeof entry>).openedAt += ms
          attempt.startedMs += ms
        }
      }
    },
  }
}

/** A stream that does not hear of `return()` either. */
export function endless(stream: AsyncIterable<SimulatedChunk>): AsyncIterable<SimulatedChunk> {
  const iterator = stream[Symbol.asyncIterator]()
  return { [Symbol.asyncIterator]: () => ({ next: () => iterator.next() }) }
}
