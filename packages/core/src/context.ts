import { AsyncLocalStorage } from 'node:async_hooks'
import type { CallContext } from './types.ts'

const storage = new AsyncLocalStorage<CallContext>()

/** Runs `fn` so that every routed call made inside it has this tenant, session and task; inner contexts add to outer ones. */
export const withContext = <Result>(context: CallContext, fn: () => Result): Result =>
  storage.run({ ...storage.getStore(), ...context }, fn)

/** The context of the running call; empty outside `withContext`. */
export const currentContext = (): CallContext => storage.getStore() ?? {}
