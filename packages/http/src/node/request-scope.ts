import type { ServerResponse } from 'node:http'
import { currentContext, parseOptions, toUsd, withContext, type Receipt, type RequestContext, type Task } from '@routewise/core'
import onHeaders from 'on-headers'
import * as z from 'zod'
import { routedFetch } from '../fetch/routed-fetch.ts'
import type { WireRouter } from '../router.ts'
import { find, resolveScope, scopeShape, valueOr, type ScopeOptions, type ValueOr } from '../scope.ts'
import { clientSignal } from './client-signal.ts'
import { addScopeHeaders } from './scope-headers.ts'

/** What every routed call made while a request is handled takes from it. */
export interface RequestScopeOptions<Native> extends ScopeOptions<Native> {
  /** Gives handlers a `fetch` for the `openai` SDK. Default: none. */
  router?: ValueOr<Native, WireRouter | undefined>
  /** Calls are given up when the client leaves. `false`: they go on, for work that outlives the request. Default `true`. */
  cancelOnClose?: ValueOr<Native, boolean>
  /** The response tells what its calls came to: `x-routewise-model`, `-cost-usd`, `-attempts`, `-cached-tokens`, `-decision-ms` and `server-timing`. Default `true`. */
  headers?: ValueOr<Native, boolean>
}

/** What the handlers of a request see of it. */
export interface RoutewiseRequest {
  readonly tenant: string | undefined
  readonly session: string | undefined
  readonly task: Task | undefined
  /** Receipts of the routed calls that have ended, in that order. */
  readonly receipts: readonly Receipt[]
  /** Dollars that they cost together. */
  readonly costUsd: number
  /** For the `openai` SDK, `new OpenAI({ apiKey: 'unused', fetch })`: answers in this process, by the option `router`; `undefined` without it. */
  readonly fetch: typeof fetch | undefined
}

/** A request that is known. */
export interface RequestScope {
  routewise: RoutewiseRequest
  /** Runs `fn` so that every routed call made inside belongs to the request. */
  run<Result>(fn: () => Result): Result
}

const schema = z.strictObject({
  ...scopeShape,
  router: valueOr<WireRouter>(value => typeof value === 'object' && value !== null && 'run' in value, 'a router, of createRouter({ … })'),
  cancelOnClose: valueOr<boolean>(value => typeof value === 'boolean', 'true or false'),
  headers: valueOr<boolean>(value => typeof value === 'boolean', 'true or false'),
})

/**
 * Finds out whose a request is, and what its calls may take.
 * @throws RouterError `invalid_option`, naming the option, the value and what is allowed.
 */
export function createRequestScope<Native>(
  options: RequestScopeOptions<Native> = {},
): (res: ServerResponse, request: Native) => Promise<RequestScope> {
  parseOptions(schema, options, 'routewise')
  const { cancelOnClose = true, headers = true } = options
  const fetchOf = createFetches()
  return async (res, request) => {
    const signal = clientSignal(res)
    const [context, router, cancels, tells] = await Promise.all([
      resolveScope(options, request),
      find(options.router, request),
      find(cancelOnClose, request),
      find(headers, request),
    ])
    const receipts: Receipt[] = []
    if (tells) onHeaders(res, () => addScopeHeaders(res, receipts))
    if (cancels) context.signal = signal
    context.onReceipt = receipt => void receipts.push(receipt)
    return { routewise: seen(context, receipts, router && fetchOf(router)), run: fn => withContext(context, fn) }
  }
}

/** Inner scopes add to outer ones. */
function seen(context: RequestContext, receipts: readonly Receipt[], fetch: RoutewiseRequest['fetch']): RoutewiseRequest {
  const outer = currentContext()
  return {
    tenant: context.tenant ?? outer.tenant,
    session: context.session ?? outer.session,
    task: context.task ?? outer.task,
    receipts,
    fetch,
    get costUsd() {
      return toUsd(receipts.reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0))
    },
  }
}

/** One for each router: whose call it is, the context says. */
function createFetches(): (router: WireRouter) => typeof fetch {
  const known = new WeakMap<WireRouter, typeof fetch>()
  return router => {
    const found = known.get(router) ?? routedFetch(router)
    known.set(router, found)
    return found
  }
}
