import type { TargetIo } from '@routewise/core'

/** An HTTP client as Mistral's SDK takes one. */
export interface HttpClient {
  request(request: Request): Promise<Response>
}

interface MistralIo extends TargetIo {
  cacheKey?: string | undefined
}

/** Sends by the user's own client where there is one; ends a request with its attempt, which the SDK has no way to be told, and tells of headers. */
export const abortable = (own: HttpClient | undefined, { signal, onHeaders, cacheKey }: MistralIo): HttpClient => ({
  async request(request) {
    const sent = new Request(cacheKey === undefined ? request : await withCacheKey(request, cacheKey), { signal })
    const response = await (own === undefined ? fetch(sent) : own.request(sent))
    onHeaders(response.headers)
    return response
  },
})

/** Mistral caches only prompts that have a key, and its SDK has no word for it. Source: docs.mistral.ai, prompt caching. */
async function withCacheKey(request: Request, cacheKey: string): Promise<Request> {
  const body: unknown = await request.json()
  return new Request(request.url, {
    method: request.method,
    headers: request.headers,
    body: JSON.stringify({ prompt_cache_key: cacheKey, ...(body as object) }),
  })
}
