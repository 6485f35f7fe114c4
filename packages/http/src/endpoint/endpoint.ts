import { parseOptions } from '@routewise/core'
import * as z from 'zod'
import type { WireRouter } from '../router.ts'
import { createHandler } from './create-handler.ts'
import { checkBody, decodeBody } from './check-body.ts'
import { errorResponse, faultResponse } from './error-answer.ts'
import type { EndpointResponse } from './exchange.ts'
import type { EndpointOptions } from './options.ts'
import { endpointPath } from './routes.ts'
import { RequestError, tooLarge } from './request-error.ts'
import { toWebResponse } from './web-response.ts'

export interface WebEndpointOptions extends EndpointOptions<Request> {
  /** Path that the endpoint is found below, such as `/v1`; others are answered with 404. Default: any. */
  basePath?: string
}

const basePathSchema = z.object({
  basePath: z.string().startsWith('/', "expected a path that begins with '/', such as '/v1'").optional(),
})

/**
 * OpenAI's API over a router, for any server that speaks the web's `Request` and `Response`.
 * @throws RouterError `invalid_option`, naming the option, the value and what is allowed.
 */
export function createEndpoint(router: WireRouter, options: WebEndpointOptions = {}): (request: Request) => Promise<Response> {
  const { basePath, ...endpointOptions } = options
  parseOptions(basePathSchema, { basePath }, 'createEndpoint')
  const handler = createHandler<Request>(router, endpointOptions)
  const base = basePath?.replace(/\/$/, '')

  return async request => {
    const { pathname } = new URL(request.url)
    const path = base === undefined ? endpointPath(pathname) : below(base, pathname)
    const response = path === undefined ? undefined : await answer(request, path)
    const answered = response ?? unknownPath(request.method, pathname, router.newId())
    return toWebResponse(request.method === 'HEAD' ? { ...answered, body: '' } : answered, request.signal)
  }

  async function answer(request: Request, path: string): Promise<EndpointResponse | undefined> {
    try {
      return await handler({
        // Of what a GET would be answered with, a HEAD is told all but the body.
        method: request.method === 'HEAD' ? 'GET' : request.method,
        path,
        header: name => request.headers.get(name) ?? undefined,
        body: maxBytes => readText(request, maxBytes),
        signal: request.signal,
        native: request,
      })
    } catch (error) {
      return faultResponse(error, router.newId())
    }
  }
}

const below = (base: string, pathname: string): string | undefined =>
  pathname.startsWith(`${base}/`) ? pathname.slice(base.length) : undefined

/** The answer for a path that is none of the endpoint's. */
export function unknownPath(method: string, path: string, id: string) {
  const error = new RequestError(
    `Unknown request URL: ${method} ${path}. There are POST /chat/completions, POST /responses, POST /embeddings and GET /models.`,
    { status: 404, code: 'unknown_url' },
  )
  return errorResponse(error, { id })
}

/** @throws RequestError 413 as soon as it is too long, 415 for what is no JSON. */
async function readText(request: Request, maxBytes: number): Promise<string> {
  checkBody(name => request.headers.get(name) ?? undefined, maxBytes)
  if (request.body === null) return ''
  const pieces: Uint8Array[] = []
  let bytes = 0
  for await (const piece of request.body) {
    bytes += piece.byteLength
    if (bytes > maxBytes) throw tooLarge(maxBytes)
    pieces.push(piece)
  }
  return decodeBody(pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces, bytes))
}
