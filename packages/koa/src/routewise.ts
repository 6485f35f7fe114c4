import { createRequestScope, type RequestScopeOptions, type RoutewiseRequest } from '@routewise/http'
import type { Middleware, ParameterizedContext } from 'koa'

declare module 'koa' {
  interface DefaultState {
    /** What is known of the request, and what its model calls came to; set by `routewise()`. */
    routewise: RoutewiseRequest
  }
}

/**
 * Every routed call that middleware below makes while it answers a request belongs to it: its tenant, its limits, its end.
 * @throws RouterError `invalid_option`, naming the option, the value and what is allowed.
 */
export function routewise(options?: RequestScopeOptions<ParameterizedContext>): Middleware {
  const open = createRequestScope(options)
  return async (ctx, next) => {
    const { routewise, run } = await open(ctx.res, ctx)
    ctx.state.routewise = routewise
    await run(next)
  }
}
