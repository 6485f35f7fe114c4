import type { ResponseHeaders } from '@routewise/core'

/** Option of a request whose sender wants to hear of the response's headers; the SDKs take no notice of a symbol. */
export const HEADERS = Symbol('headers')

type Answering = PromiseLike<unknown> & { asResponse?: () => Promise<{ headers: ResponseHeaders }> }
type Create = (body: unknown, options?: { [HEADERS]?: (headers: ResponseHeaders) => void }) => Answering

/** Where the clients of OpenAI, Anthropic and Groq, whose SDKs are of one make, keep what sends a prompt. */
const senders: Shape = { chat: { completions: 'sender' }, responses: 'sender', messages: 'sender', beta: { messages: 'sender' } }
type Shape = { readonly [name: string]: Shape | 'sender' }

const fronts = new WeakMap<object, object>()

/**
 * An object in front of an SDK's client, which stays as it is. It tells of response headers; and what was to be parsed by OpenAI's
 * `parse` is sent by `create`: `parse` throws away an answer that is cut short or does not fit its schema, and with it what it cost.
 * The router needs the answer; parsing is the caller's. Any other client is given back itself.
 */
export function inFrontOf(client: unknown): unknown {
  if (typeof client !== 'object' || client === null) return client
  const known = fronts.get(client)
  if (known !== undefined) return known
  const made = front(client, senders)
  fronts.set(client, made)
  fronts.set(made, made)
  return made
}

function front(client: object, shape: Shape): object {
  const fields: PropertyDescriptorMap = {}
  for (const [name, inner] of Object.entries(shape)) {
    const value: unknown = name in client ? Reflect.get(client, name) : undefined
    if (typeof value === 'object' && value !== null) fields[name] = { value: inner === 'sender' ? sender(value) : front(value, inner) }
  }
  return Object.keys(fields).length === 0 ? client : (Object.create(client, fields) as object)
}

function sender(resource: object): object {
  const create = Reflect.get(resource, 'create') as Create
  const send: Create = (body, options) => {
    const answer = create.call(resource, body, options)
    const listener = options?.[HEADERS]
    // The SDK's promise gives the response without waiting for its body. Whoever awaits the answer hears of a failure.
    if (listener !== undefined) answer.asResponse?.().then(({ headers }) => listener(headers), ignore)
    return answer
  }
  return Object.create(resource, { create: { value: send }, ...('parse' in resource && { parse: { value: send } }) }) as object
}

const ignore = (): void => undefined
