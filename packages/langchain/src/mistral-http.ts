import type { TargetIo } from '@routewise/core'

/** An HTTP client as Mistral's SDK takes one. */
export interface HttpClient {
  request(request: Request): Promise<Response>
}

/** Sends by the user's own client where there is one; ends a request with its attempt, which the SDK has no way to be told, and tells of headers. */
export const abortable = (own: HttpClient | undefined, { signal, onHeaders }: TargetIo): HttpClient => ({
  async request(request) {
    const sent = new Request(request, { signal })
    const response = await (own === undefined ? fetch(sent) : own.request(sent))
    onHeaders(response.headers)
    return response
  },
})
