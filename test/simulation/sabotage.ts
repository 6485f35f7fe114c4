import { RouterError } from '@routewise/core'
import type { Check } from './checks/violation.ts'
import type { SimulatedChunk } from './dialect.ts'
import type { Sabotage } from './simulate.ts'
import { around, endless, type Mutable, type SimulatedRouter, shiftAttempts, tamper, withTargets } from './tampering.ts'

/** Faults put into a router, each of which a check must see: one that cannot fail is worth nothing. */
export const SABOTAGES: readonly { check: Check; fault: string; sabotage: Sabotage }[] = [
  {
    check: 'one-answer',
    fault: 'a chunk of another call’s attempt slips in',
    sabotage: {
      router: router => {
        let other: SimulatedChunk | undefined
        return around(router, async function* (chunks) {
          let count = 0
          for await (const chunk of chunks) {
            count += 1
            if (count === 4 && other !== undefined && other.attempt !== chunk.attempt) yield other
            other = chunk
            yield chunk
          }
        })
      },
    },
  },
  {
    check: 'one-answer',
    fault: 'a chunk is lost',
    sabotage: {
      router: router =>
        around(router, async function* (chunks) {
          for await (const chunk of chunks) if (chunk.index !== 3) yield chunk
        }),
    },
  },
  {
    check: 'terminal-event',
    fault: 'a broken stream is passed for a success',
    sabotage: {
      router: router =>
        around(router, async function* (chunks, result) {
          try {
            yield* chunks
          } catch (error) {
            if (!RouterError.isInstance(error) || error.code !== 'stream_interrupted') throw error
            result.receipt = error.receipt
          }
        }),
    },
  },
  {
    check: 'every-attempt',
    fault: 'the first of two attempts is not on the receipt',
    sabotage: tamper(receipt => {
      if (receipt.attempts.length > 1) receipt.attempts = receipt.attempts.slice(1)
    }),
  },
  {
    check: 'money',
    fault: 'an attempt is billed one nano-dollar too much, the sum too',
    sabotage: tamper(receipt => {
      const attempt = receipt.attempts.find(({ usageSource }) => usageSource === 'provider')
      if (attempt?.costNanoUsd === undefined) return
      attempt.costNanoUsd += 1
      receipt.costNanoUsd += 1
      receipt.costUsd = receipt.costNanoUsd / 1e9
    }),
  },
  {
    check: 'money',
    fault: 'what was delivered before a cut is forgotten',
    sabotage: tamper(receipt => {
      for (const attempt of receipt.attempts) {
        if (attempt.usageSource === 'estimated') (attempt.usage as Mutable<typeof attempt.usage>).outputTokens = 0
      }
    }),
  },
  {
    check: 'budgets',
    fault: 'hedges are free',
    sabotage: {
      options: options => ({ ...options, hedge: { delayMs: 1, budget: 1, burst: 1_000, maxHedges: 4 }, valueOfTimeUsdPerSecond: 1e6 }),
    },
  },
  {
    check: 'rest',
    fault: 'a timer is never cancelled',
    sabotage: {
      router: (router, clock) =>
        around(router, chunks => {
          clock.after(300_000, () => undefined)
          return chunks
        }),
    },
  },
  {
    check: 'rest',
    fault: 'a listener stays on the caller’s signal',
    sabotage: {
      router: router =>
        around(router, (chunks, _result, options) => {
          options.signal?.addEventListener('abort', () => undefined)
          return chunks
        }),
    },
  },
  {
    check: 'rest',
    fault: 'a provider is never told that nobody listens',
    sabotage: withTargets(target => ({
      ...target,
      open: (call, io) => endless(target.open(call, { ...io, signal: new AbortController().signal })),
    })),
  },
  {
    check: 'answered',
    fault: 'nobody else is asked',
    sabotage: {
      router: router =>
        around(router, async function* (chunks, result) {
          yield* chunks
          if (result.receipt === undefined || result.receipt.attempts.length > 1) return
          throw new RouterError('all_attempts_failed', 'Nobody answers.', { receipt: result.receipt })
        }),
    },
  },
  {
    check: 'answered',
    fault: 'a fallback is not made at once',
    sabotage: shiftAttempts('fallback', 50),
  },
  {
    check: 'budgets',
    fault: 'a hedge is made before silence has lasted',
    sabotage: shiftAttempts('hedge', -50),
  },
  {
    check: 'held-back',
    fault: 'a first token is not passed on at once',
    sabotage: { options: options => ({ ...options, release: { ms: 200 } }) },
  },
  {
    check: 'time-limits',
    fault: 'a stall is waited for twice as long',
    sabotage: { options: options => ({ ...options, timeouts: { ...options.timeouts, stallMs: 10_000 } }) },
  },
  {
    check: 'time-limits',
    fault: 'a first token is waited for twice as long',
    sabotage: { options: options => ({ ...options, timeouts: { ...options.timeouts, firstTokenMs: 6_000 } }) },
  },
  {
    check: 'listeners',
    fault: 'every other attempt is not told of',
    sabotage: {
      router: router => {
        const on: SimulatedRouter['on'] = (name, listener) => {
          let count = 0
          return router.on(name, event => {
            count += 1
            if (name !== 'attempt' || count % 2 === 0) listener(event)
          })
        }
        return { ...router, on }
      },
    },
  },
  {
    check: 'typed-errors',
    fault: 'the provider’s error comes through',
    sabotage: {
      router: router =>
        around(router, async function* (chunks) {
          try {
            yield* chunks
          } catch (error) {
            throw RouterError.isInstance(error) ? (error.cause ?? error) : error
          }
        }),
    },
  },
  {
    check: 'losers-first',
    fault: 'losers are told a second later',
    sabotage: withTargets((target, clock) => ({
      ...target,
      open(call, io) {
        const late = new AbortController()
        io.signal.addEventListener('abort', () => clock.after(1_000, () => late.abort(io.signal.reason)), { once: true })
        return endless(target.open(call, { ...io, signal: late.signal }))
      },
    })),
  },
  {
    check: 'judged',
    fault: 'the verdict is taken for its opposite',
    sabotage: {
      options: ({ judge, ...options }) => ({
        ...options,
        ...(judge === undefined
          ? {}
          : {
              judge: {
                name: judge.name,
                async judge(answer, context) {
                  const verdict = await judge.judge(answer, context)
                  return verdict === undefined ? undefined : { ...verdict, accepted: !verdict.accepted }
                },
              },
            }),
      }),
    },
  },
  {
    check: 'one-probe',
    fault: 'a breaker that has opened is not heeded',
    sabotage: {
      router: router => {
        const on: SimulatedRouter['on'] = (name, listener) =>
          router.on(name, event => {
            if (!('state' in event && event.state !== 'open')) listener(event)
          })
        return { ...router, on }
      },
    },
  },
]
