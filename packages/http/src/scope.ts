import type { Task } from '@routewise/core'

/** A value, or a function that finds it for each request. */
export type ValueOr<Native, Value> = Value | ((request: Native) => Value | Promise<Value>)

/** Who is calling, and what one request may take; every option a value or a function of the request. */
export interface ScopeOptions<Native> {
  /** Whose request it is: tenants share no prompt cache, no idempotency key, no memory. */
  tenant?: ValueOr<Native, string | undefined>
  /** Conversation it belongs to. */
  session?: ValueOr<Native, string | undefined>
  /** Kind of work; default: read off each call. */
  task?: ValueOr<Native, Task | undefined>
  /** Dollars that all model calls of the request may cost together. */
  maxUsd?: ValueOr<Native, number | undefined>
  /** Milliseconds from the request's arrival by which all its model calls must have ended. */
  deadlineMs?: ValueOr<Native, number | undefined>
}
