import { isJson, jsonOf, type Json } from '@routewise/core'
import type { EndpointRequest, EndpointResponse, Handler } from '../endpoint/exchange.ts'

export interface Sent {
  method?: string
  headers?: Readonly<Record<string, string>>
  signal?: AbortSignal
  native?: unknown
}

/** What a client has read of an answer. */
export interface Read {
  status: number
  headers: Readonly<Record<string, string>>
  text: string
  /** Of a body that is JSON. */
  json: Json
  error: Json
}

/** A request as a server would make it; a body that is an object was read by the server's own parser. */
export function requestOf(path: string, body: unknown, { method = 'POST', headers = {}, signal, native }: Sent = {}): EndpointRequest {
  return {
    method,
    path,
    header: name => headers[name],
    body: async () => (typeof body === 'string' || isJson(body) ? body : String(body)),
    signal: signal ?? new AbortController().signal,
    native,
  }
}

/** Sends JSON text and reads the whole answer. */
export async function send(handler: Handler, path: string, body: unknown, sent?: Sent): Promise<Read> {
  return readAll(await open(handler, path, body, sent))
}

/** Sends JSON text and leaves the answer to be read. */
export async function open(handler: Handler, path: string, body: unknown, sent?: Sent): Promise<EndpointResponse> {
  const response = await handler(requestOf(path, typeof body === 'string' ? body : JSON.stringify(body), sent))
  if (response === undefined) throw new Error(`The endpoint does not know ${path}.`)
  return response
}

export async function readAll({ status, headers, body }: EndpointResponse): Promise<Read> {
  const decoder = new TextDecoder()
  let text = ''
  if (typeof body === 'string') text = body
  else if (body instanceof Uint8Array) text = decoder.decode(body)
  else for await (const bytes of body) text += decoder.decode(bytes)
  const json = text.startsWith('{') ? jsonOf(JSON.parse(text)) : {}
  return { status, headers, text, json, error: jsonOf(json['error']) }
}

/** Pieces of a streamed answer, one by one. */
export function piecesOf({ body }: EndpointResponse) {
  if (typeof body === 'string' || body instanceof Uint8Array) throw new Error('The answer is whole.')
  const pieces = body[Symbol.asyncIterator]()
  return {
    async next(): Promise<string | undefined> {
      const piece = await pieces.next()
      return piece.done === true ? undefined : new TextDecoder().decode(piece.value)
    },
    leave: async () => void (await pieces.return?.()),
  }
}

/** A question in words. */
export const chat = (model: string, more: object = {}) => ({
  model,
  messages: [{ role: 'user', content: 'Why is the sky blue?' }],
  ...more,
})
