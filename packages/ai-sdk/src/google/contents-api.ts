import { isJson, jsonOf, RouterError, type Json } from '@routewise/core'

/** Where cached contents are kept, and by whose key. */
export interface ContentsAccount {
  apiKey: string
  /** Root of the API. Default: Google's. */
  baseURL: string
  /** Calls the API; redirects are errors, so that the key goes nowhere else. */
  fetch: typeof fetch
}

/** A prefix that Google holds for us. */
export interface StoredContent {
  /** `cachedContents/…` */
  name: string
  /** In the model's own count. */
  tokens: number
}

/** Hands a prefix over for so many seconds. Source: ai.google.dev/api/caching. @throws RouterError `unsupported` with Google's words. */
export async function createContent(account: ContentsAccount, model: string, head: Json, ttlSeconds: number): Promise<StoredContent> {
  const answer = await send(account, 'POST', 'cachedContents', { ...head, model: `models/${model}`, ttl: `${ttlSeconds}s` })
  const { name, usageMetadata } = answer
  const tokens = jsonOf(usageMetadata)['totalTokenCount']
  if (typeof name !== 'string' || typeof tokens !== 'number') throw new RouterError('unsupported', 'Google named no cached content.')
  return { name, tokens }
}

/** Gives it up before its time. */
export const deleteContent = (account: ContentsAccount, { name }: StoredContent): Promise<Json> => send(account, 'DELETE', name)

async function send({ apiKey, baseURL, fetch: call }: ContentsAccount, method: string, path: string, body?: Json): Promise<Json> {
  const response = await call(`${baseURL.replace(/\/$/, '')}/${path}`, {
    method,
    redirect: 'error',
    headers: { 'x-goog-api-key': apiKey, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const answer: unknown = await response.json()
  if (response.ok && isJson(answer)) return answer
  const { message } = jsonOf(jsonOf(answer)['error'])
  throw new RouterError(
    'unsupported',
    `Google refused to hold a prefix (${response.status}): ${typeof message === 'string' ? message : 'no reason given'}`,
  )
}
