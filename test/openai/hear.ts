import { createParser } from 'eventsource-parser'

/** Whatever takes a request of the API: the endpoint in process, or a server. */
export type Send = (request: Request) => Promise<Response>

/** An event of a stream. */
export interface Heard {
  /** What its `event:` line says. */
  event: string | undefined
  data: unknown
}

/** An answer, as it went over the wire. */
export interface Answer {
  status: number
  headers: Headers
  text: string
}

/** Sends a request, by its path below the base URL. A body makes it a `POST`. */
export async function hear(send: Send, path: string, body?: unknown, headers: Record<string, string> | undefined = {}): Promise<Answer> {
  const url = `http://endpoint.test${path}`
  const request =
    body === undefined
      ? new Request(url, { headers })
      : new Request(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: textOf(body) })
  const response = await send(request)
  return { status: response.status, headers: response.headers, text: await response.text() }
}

/** Sends what is meant for the endpoint to a server instead, such as a provider's own. */
export const sendTo =
  (baseURL: string, headers: Record<string, string> | undefined = {}): Send =>
  async request => {
    const all = { ...Object.fromEntries(request.headers), ...headers }
    const body = request.method === 'GET' ? undefined : await request.text()
    const { pathname, search } = new URL(request.url)
    return fetch(`${baseURL}${pathname}${search}`, { method: request.method, headers: all, ...(body !== undefined && { body }) })
  }

/** The events of a stream; `[DONE]` as it stands. */
export function eventsOf(text: string): Heard[] {
  const events: Heard[] = []
  const parser = createParser({
    onEvent: ({ event, data }) => events.push({ event, data: data === '[DONE]' ? data : (JSON.parse(data) as unknown) }),
    onError(error) {
      throw error
    },
  })
  parser.feed(text)
  return events
}

const textOf = (body: unknown): string => (typeof body === 'string' ? body : JSON.stringify(body))
