import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { parseOptions } from '@routewise/core'
import * as z from 'zod'
import { unknownPath } from '../endpoint/endpoint.ts'
import { faultResponse } from '../endpoint/error-answer.ts'
import type { EndpointOptions } from '../endpoint/options.ts'
import type { WireRouter } from '../router.ts'
import { createNodeEndpoint } from './node-endpoint.ts'
import { sendAnswer } from './send-answer.ts'

export interface NodeListenerOptions extends EndpointOptions<IncomingMessage> {
  /** Path that the endpoint is found below. Default `/v1`. */
  path?: string
}

const pathSchema = z.strictObject({ path: z.string().startsWith('/', "expected a path that begins with '/', such as '/v1'") })

/**
 * OpenAI's API over a router, as a server of its own: `http.createServer(nodeListener(router))`. Other paths are answered with 404.
 * @throws RouterError `invalid_option`, naming the option, the value and what is allowed.
 */
export function nodeListener(router: WireRouter, { path = '/v1', ...options }: NodeListenerOptions = {}): RequestListener {
  parseOptions(pathSchema, { path }, 'nodeListener')
  const endpoint = createNodeEndpoint<IncomingMessage>(router, options)
  const prefix = path.endsWith('/') ? path : `${path}/`
  const answer = async (req: IncomingMessage, res: ServerResponse) => {
    const asked = pathOf(req)
    const isBelow = asked.startsWith(prefix)
    if (isBelow && (await endpoint(req, res, { path: asked.slice(prefix.length - 1), native: req }))) return
    await sendAnswer(res, unknownPath(req.method ?? 'GET', asked, router.newId()))
  }
  return (req, res) => void answer(req, res).catch((error: unknown) => sendAnswer(res, faultResponse(error, router.newId())))
}

/** Without what is asked of it. */
function pathOf({ url = '/' }: IncomingMessage): string {
  const query = url.indexOf('?')
  return query === -1 ? url : url.slice(0, query)
}
