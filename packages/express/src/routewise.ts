import { createRequestScope, type RequestScopeOptions, type RoutewiseRequest } from '@routewise/http'
import type { Request, RequestHandler } from 'express'

declare global {
  namespace Express {
    interface Request {
      /** What is known of the request, and what its model calls came to; set by `routewise()`. */
      routewise: RoutewiseRequest
    }
  }
}

/**
 * Every routed call that handlers make while they answer a request belongs to it: its tenant, its limits, its end.
 * @throws RouterError `invalid_option`, naming the option, the value and what is allowed.
 */
export function routewise(options?: RequestScopeOptions<Request>): RequestHandler {
  const open = createRequestScope(options)
  return async (req, res, next) => {
    try {
      const { routewise, run } = await open(res, req)
      req.routewise = routewise
      run(next)
    } catch (error) {
      next(error)
    }
  }
}
