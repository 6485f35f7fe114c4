import { AsyncLocalStorage } from 'node:async_hooks'
import { type Clock, systemClock } from './clock.ts'
import { RouterError } from './errors.ts'
import { toNanoUsd, toUsd } from './money/units.ts'
import type { CallContext, NanoUsd, Receipt } from './types.ts'

/** Who is calling, and what all calls made inside may take together. */
export interface RequestContext extends CallContext {
  /** Dollars that they may cost together: a call that is expected to cost more than what is left is not made. */
  maxUsd?: number | undefined
  /** Milliseconds from now by which they must have ended. */
  deadlineMs?: number | undefined
  /** Aborts them all. */
  signal?: AbortSignal | undefined
  /** Told the receipt of each, as it ends. */
  onReceipt?: ((receipt: Receipt) => void) | undefined
  /** Source of time for `deadlineMs`, for tests. */
  clock?: Clock | undefined
}

/** What the calls of one context share. */
export interface RequestLimits {
  readonly signal: AbortSignal | undefined
  /** Milliseconds that are left; infinite without a deadline. */
  leftMs(): number
  /** Dollars that are neither spent nor promised to calls on their way; infinite without a limit. */
  leftUsd(): number
  /** Promises a call its expected cost. */
  hold(expected: NanoUsd): void
  /** The call has ended: what it was promised comes back, what it cost is spent. */
  settle(expected: NanoUsd, receipt: Receipt): void
}

interface Scope {
  caller: CallContext
  /** Of this context and of those around it. */
  limits: readonly RequestLimits[]
}

const OUTSIDE: Scope = { caller: {}, limits: [] }
const storage = new AsyncLocalStorage<Scope>()

/**
 * Runs `fn` so that every routed call made inside it has this tenant, session and task, and keeps these limits; inner contexts add to outer
 * ones, whose limits hold on.
 * @throws RouterError `invalid_option` for a limit that is none.
 */
export function withContext<Result>(context: RequestContext, fn: () => Result): Result {
  const { caller, limits } = storage.getStore() ?? OUTSIDE
  const own = limitsOf(context)
  return storage.run({ caller: callerOf(caller, context), limits: own === undefined ? limits : [...limits, own] }, fn)
}

/** Who is calling; empty outside `withContext`. */
export const currentContext = (): CallContext => currentScope().caller

/** Who is calling, and the limits that hold. */
export const currentScope = (): Scope => storage.getStore() ?? OUTSIDE

/** What is said of the caller, over what was known. */
export function callerOf(known: CallContext, { tenant, session, task }: CallContext): CallContext {
  if (tenant === undefined && session === undefined && task === undefined) return known
  const caller = { ...known }
  if (tenant !== undefined) caller.tenant = tenant
  if (session !== undefined) caller.session = session
  if (task !== undefined) caller.task = task
  return caller
}

function limitsOf({ maxUsd, deadlineMs, signal, onReceipt, clock = systemClock }: RequestContext): RequestLimits | undefined {
  if (maxUsd === undefined && deadlineMs === undefined && signal === undefined && onReceipt === undefined) return undefined
  if (maxUsd !== undefined) requireAmount('maxUsd', maxUsd)
  if (deadlineMs !== undefined) requireAmount('deadlineMs', deadlineMs)
  const endsAt = deadlineMs === undefined ? Number.POSITIVE_INFINITY : clock.now() + deadlineMs
  let left = maxUsd === undefined ? undefined : toNanoUsd(maxUsd)
  return {
    signal,
    leftMs: () => (deadlineMs === undefined ? Number.POSITIVE_INFINITY : endsAt - clock.now()),
    leftUsd: () => (left === undefined ? Number.POSITIVE_INFINITY : Math.max(0, toUsd(left))),
    hold(expected) {
      if (left !== undefined) left -= expected
    },
    settle(expected, receipt) {
      if (left !== undefined) left += expected - receipt.costNanoUsd
      onReceipt?.(receipt)
    },
  }
}

function requireAmount(option: string, value: number): void {
  if (typeof value === 'number' && value >= 0) return
  throw new RouterError('invalid_option', `withContext: option \`${option}\` is ${String(value)}: give a number that is not negative.`)
}
