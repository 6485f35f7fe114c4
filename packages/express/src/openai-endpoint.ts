import { createNodeEndpoint, type EndpointOptions, type WireRouter } from '@routewise/http'
import type { Request, RequestHandler } from 'express'

/**
 * OpenAI's API over a router: `app.use('/v1', openaiEndpoint(router))`. What is none of its paths goes on to the app.
 * @throws RouterError `invalid_option`, naming the option, the value and what is allowed.
 */
export function openaiEndpoint(router: WireRouter, options?: EndpointOptions<Request>): RequestHandler {
  const endpoint = createNodeEndpoint(router, options)
  return async (req, res, next) => {
    const { path, body } = req
    try {
      if (await endpoint(req, res, { path, body, native: req })) return
    } catch (error) {
      return next(error)
    }
    next()
  }
}
