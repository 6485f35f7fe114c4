import { inspect } from 'node:util'
import { RouterError, type RequestContext, type Task } from '@routewise/core'
import * as z from 'zod'

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

const isName = (value: unknown): boolean => typeof value === 'string' && value !== ''
const isAmount = (value: unknown): boolean => typeof value === 'number' && value >= 0

/** Checks an option that is a value or a function of the request. */
export const valueOr = <Value>(isValue: (value: unknown) => boolean, what: string) =>
  z
    .custom<ValueOr<never, Value>>(
      value => isValue(value) || typeof value === 'function',
      `expected ${what}, or a function of the request that finds it`,
    )
    .optional()

/** Checks the options where they are given. */
export const scopeShape = {
  tenant: valueOr<string>(isName, 'a name'),
  session: valueOr<string>(isName, 'a name'),
  task: valueOr<Task>(isName, 'a name'),
  maxUsd: valueOr<number>(isAmount, 'dollars, not negative'),
  deadlineMs: valueOr<number>(isAmount, 'milliseconds, not negative'),
}

/**
 * What the options come to for one request, as `withContext` takes it; at once where nothing has to be waited for. What a function among
 * them throws is thrown on.
 * @throws RouterError `invalid_option` where a name comes to something else than text.
 */
export function resolveScope<Native>(options: ScopeOptions<Native>, request: Native): RequestContext | Promise<RequestContext> {
  const tenant = find(options.tenant, request)
  const session = find(options.session, request)
  const task = find(options.task, request)
  const maxUsd = find(options.maxUsd, request)
  const deadlineMs = find(options.deadlineMs, request)
  if (isPending(tenant) || isPending(session) || isPending(task) || isPending(maxUsd) || isPending(deadlineMs))
    return Promise.all([tenant, session, task, maxUsd, deadlineMs]).then(found => contextOf(...found))
  return contextOf(tenant, session, task, maxUsd, deadlineMs)
}

/** The value of one option for one request. */
export function find<Native, Value extends string | number | boolean | object | undefined>(
  option: ValueOr<Native, Value>,
  request: Native,
): Value | Promise<Value> {
  return typeof option === 'function' ? option(request) : option
}

function isPending<Value>(found: Value | Promise<Value>): found is Promise<Value> {
  return typeof found === 'object' && found !== null && 'then' in found
}

type Name = string | undefined
type Limit = number | undefined

function contextOf(tenant: Name, session: Name, task: Name, maxUsd: Limit, deadlineMs: Limit): RequestContext {
  const context: RequestContext = { maxUsd, deadlineMs }
  if (tenant !== undefined) context.tenant = nameOf('tenant', tenant)
  if (session !== undefined) context.session = nameOf('session', session)
  if (task !== undefined) context.task = nameOf('task', task)
  return context
}

/** Names come from functions of the app: a number, or a list of header values, must not become a tenant of its own kind. */
function nameOf(option: string, value: string): string {
  if (typeof value === 'string' && value !== '') return value
  const found = value === '' ? 'an empty text' : `no text but ${inspect(value, { depth: 0, maxStringLength: 40 })}`
  throw new RouterError('invalid_option', `Option \`${option}\` came to ${found}: give a name, or undefined for none.`)
}
