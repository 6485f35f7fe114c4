import { createHandler } from '../endpoint/create-handler.ts'
import { unknownPath } from '../endpoint/endpoint.ts'
import { faultResponse } from '../endpoint/error-answer.ts'
import type { EndpointRequest, EndpointResponse } from '../endpoint/exchange.ts'
import type { EndpointOptions } from '../endpoint/options.ts'
import { tooLarge } from '../endpoint/request-error.ts'
import { endpointPath } from '../endpoint/routes.ts'
import { toWebResponse } from '../endpoint/web-response.ts'
import type { WireRouter } from '../router.ts'

/** What a routed fetch is asked for. */
export interface FetchCall {
  url: string
  init: RequestInit
}

/** Options of a routed fetch: those of the endpoint, as far as they matter within one process. */
export type RoutedFetchOptions = EndpointOptions<FetchCall>

/**
 * A `fetch` that answers OpenAI's API from a router, in this process: `new OpenAI({ apiKey: 'unused', fetch: routedFetch(router) })`. It opens no
 * socket to the client's own base URL; paths that are none of the API's are answered with 404.
 * @throws RouterError `invalid_option`, naming the option, the value and what is allowed.
 */
export function routedFetch(router: WireRouter, options: RoutedFetchOptions = {}): typeof fetch {
  const handler = createHandler<FetchCall>(router, options)

  return async (input, init = {}) => {
    // A client that makes a `Request` of its own has all in there.
    const given: RequestInit = input instanceof Request ? { ...requestInit(input), ...init } : init
    const url = input instanceof Request ? input.url : String(input)
    const signal = given.signal ?? NEVER
    signal.throwIfAborted()
    const method = given.method ?? 'GET'
    const pathname = pathOf(url)
    const request: EndpointRequest<FetchCall> = {
      method,
      path: endpointPath(pathname),
      header: headerReader(given.headers),
      body: maxBytes => readBody(given.body, maxBytes),
      signal,
      native: { url, init: given },
    }
    const response = (await answer(request)) ?? unknownPath(method, pathname, router.newId())
    // A fetch that is aborted has no answer, not even that it was.
    if (signal.aborted) {
      abandon(response)
      throw signal.reason
    }
    return toWebResponse(response, given.signal ?? undefined)
  }

  async function answer(request: EndpointRequest<FetchCall>): Promise<EndpointResponse | undefined> {
    try {
      return await handler(request)
    } catch (error) {
      return faultResponse(error, router.newId())
    }
  }
}

const NEVER = new AbortController().signal

const requestInit = ({ method, headers, body, signal }: Request): RequestInit => ({ method, headers, body, signal })

/** The path of an absolute URL, without parsing the rest of it. */
function pathOf(url: string): string {
  const host = url.indexOf('://')
  const start = host === -1 ? 0 : url.indexOf('/', host + 3)
  if (start === -1) return '/'
  const end = url.slice(start).search(/[?#]/)
  return end === -1 ? url.slice(start) : url.slice(start, start + end)
}

function headerReader(headers: RequestInit['headers']): (name: string) => string | undefined {
  if (headers === undefined || headers === null) return () => undefined
  const known = headers instanceof Headers ? headers : new Headers(headers)
  return name => known.get(name) ?? undefined
}

async function readBody(body: RequestInit['body'], maxBytes: number): Promise<string> {
  const text = typeof body === 'string' ? body : await new Response(body ?? '').text()
  // Characters are at most three bytes: most bodies need not be measured.
  if (text.length > maxBytes || (text.length * 3 > maxBytes && Buffer.byteLength(text) > maxBytes)) throw tooLarge(maxBytes)
  return text
}

function abandon({ body }: EndpointResponse): void {
  if (typeof body === 'string' || body instanceof Uint8Array) return
  void body[Symbol.asyncIterator]().return?.()
}
