import type { IncomingMessage, ServerResponse } from 'node:http'
import { createHandler } from '../endpoint/create-handler.ts'
import type { EndpointResponse } from '../endpoint/exchange.ts'
import type { EndpointOptions } from '../endpoint/options.ts'
import type { WireRouter } from '../router.ts'
import { clientSignal } from './client-signal.ts'
import { bodyOf, dropRest, headerOf } from './receive-body.ts'
import { sendAnswer } from './send-answer.ts'

/** Where a request stands in the server that got it. */
export interface NodeMount<Native> {
  /** Path below the endpoint's own, such as `/chat/completions`. */
  path: string
  /** What the server's own parser has made of the body. */
  body?: unknown
  /** What the server itself calls the request: options that are functions get it. */
  native: Native
}

/** Finds the answer to a request; `undefined`: the path is none of the endpoint's. */
export type NodeHandler<Native> = (
  req: IncomingMessage,
  res: ServerResponse,
  mount: NodeMount<Native>,
) => Promise<EndpointResponse | undefined>

/** Answers a request; `false`: the path is none of the endpoint's, and nothing was done. */
export type NodeEndpoint<Native> = (req: IncomingMessage, res: ServerResponse, mount: NodeMount<Native>) => Promise<boolean>

/** OpenAI's API over a router, for servers that send answers in a way of their own. */
export function createNodeHandler<Native>(router: WireRouter, options: EndpointOptions<Native> = {}): NodeHandler<Native> {
  const handle = createHandler(router, options)
  return async (req, res, { path, body, native }) => {
    // A preflight is for who knows which pages may ask: `cors`, mounted before or after.
    if (req.method === 'OPTIONS') return undefined
    const answer = await handle({
      // The server leaves out the body of an answer to HEAD by itself.
      method: req.method === 'HEAD' ? 'GET' : (req.method ?? 'GET'),
      path,
      header: name => headerOf(req, name),
      body: maxBytes => bodyOf(req, body, maxBytes),
      signal: clientSignal(res),
      native,
    })
    if (answer !== undefined && !req.complete) dropRest(req)
    return answer
  }
}

/** OpenAI's API over a router, for Node's own requests and responses. */
export function createNodeEndpoint<Native>(router: WireRouter, options?: EndpointOptions<Native>): NodeEndpoint<Native> {
  const handle = createNodeHandler(router, options)
  return async (req, res, mount) => {
    const answer = await handle(req, res, mount)
    if (answer === undefined) return false
    await sendAnswer(res, answer)
    return true
  }
}
