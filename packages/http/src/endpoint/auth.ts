import { createHash, timingSafeEqual } from 'node:crypto'
import type { EndpointRequest } from './exchange.ts'
import { RequestError } from './request-error.ts'

/** The key that a client sends, as OpenAI's and Azure's clients do; `undefined` without one. */
export function keyOf(request: Pick<EndpointRequest<never>, 'header'>): string | undefined {
  const authorization = request.header('authorization')
  if (authorization === undefined) return request.header('api-key')
  return /^bearer /i.test(authorization) ? authorization.slice('bearer '.length).trim() : authorization
}

export const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest()

/** Lets in who has one of the keys. @throws RequestError 401, in OpenAI's form. */
export function createAuth(apiKeys: readonly string[]): (request: Pick<EndpointRequest<never>, 'header'>) => void {
  const known = apiKeys.map(sha256)
  return request => {
    const key = keyOf(request)
    if (key === undefined || key === '') {
      throw new RequestError(
        "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).",
        { status: 401 },
      )
    }
    const digest = sha256(key)
    // All of them are compared, whichever fits: how long it takes tells nothing of a key.
    let isKnown = false
    for (const each of known) isKnown = timingSafeEqual(each, digest) || isKnown
    if (!isKnown) throw new RequestError('Incorrect API key provided.', { status: 401, code: 'invalid_api_key' })
  }
}
