// A provider that tells everybody the keys it was sent, in every way in which a provider, or what stands before it, can fail.
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net'

/** How a provider fails; `told` is what it was sent in its headers. */
export interface Failing {
  name: string
  answer(response: ServerResponse, told: string, elsewhere: string): void
}

const json = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify(body))
}
const text = (response: ServerResponse, status: number, body: string, type = 'text/plain'): void => {
  response.writeHead(status, { 'content-type': type })
  response.end(body)
}
const stream = (response: ServerResponse, ...frames: readonly string[]): ServerResponse => {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  for (const frame of frames) response.write(frame)
  return response
}
const frame = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`
const said = (told: string, code = 'invalid_api_key') => ({
  error: {
    message: `Incorrect API key provided: ${told}. Find yours at https://example.com/keys?key=${told}`,
    type: 'auth',
    param: null,
    code,
  },
})
const chunk = (content: string) =>
  frame({
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'm',
    choices: [{ index: 0, delta: { role: 'assistant', content }, finish_reason: null }],
  })
const page = (told: string) =>
  `<html><body><h1>502</h1><pre>Error: upstream\n    at proxy (/srv/gateway.js:1:1)\nheaders: ${told}</pre></body></html>`
/** Long enough that what is looked through, or read at all, ends within a key. */
const filled = (told: string, bytes: number) =>
  `${'x'.repeat(Math.max(0, bytes - Math.floor(told.length / 2)))}${told} ${'y'.repeat(1_000)}`

const refusals: readonly Failing[] = [
  { name: '401 in a message', answer: (response, told) => json(response, 401, said(told)) },
  {
    name: '401 in every field',
    answer: (response, told) => json(response, 401, { error: { message: told, type: told, param: told, code: told } }),
  },
  {
    name: '401 in a header',
    answer: (response, told) => json(response, 401, said(''), { 'x-echo': told, 'x-request-id': told, 'retry-after': told }),
  },
  {
    name: '401 in an authenticate header',
    answer: (response, told) => json(response, 401, said(''), { 'www-authenticate': `Bearer realm="${told}"` }),
  },
  { name: '401 in its reason', answer: (response, told) => void response.writeHead(401, `No ${told}`).end() },
  {
    name: '401 in an object',
    answer: (response, told) => json(response, 401, { error: { message: { headers: { authorization: told } } } }),
  },
  { name: '401 as text', answer: (response, told) => json(response, 401, { error: `Bad key ${told}`, code: told }) },
  { name: '403 as a page', answer: (response, told) => text(response, 403, page(told), 'text/html') },
  { name: '400 in a message', answer: (response, told) => json(response, 400, said(told, 'invalid_request')) },
  {
    name: '400 in every field',
    answer: (response, told) => json(response, 400, { error: { message: told, type: told, param: told, code: told } }),
  },
  {
    name: '400 of a window',
    answer: (response, told) => json(response, 400, said(`maximum context length is 10 tokens ${told}`, 'context_length_exceeded')),
  },
  { name: '400 of a filter', answer: (response, told) => json(response, 400, said(`content management policy ${told}`, 'content_filter')) },
  { name: '404 as text', answer: (response, told) => text(response, 404, `No model for ${told}`) },
  { name: '404 in a message', answer: (response, told) => json(response, 404, said(told, 'model_not_found')) },
  {
    name: '422 in detail',
    answer: (response, told) => json(response, 422, { detail: [{ loc: ['header', 'authorization'], msg: told, input: told }] }),
  },
  {
    name: '429 in a message',
    answer: (response, told) =>
      json(response, 429, said(`Rate limit reached for ${told}`, 'rate_limit_exceeded'), { 'x-ratelimit-key': told }),
  },
  { name: '429 of a quota', answer: (response, told) => json(response, 429, said(told, 'insufficient_quota')) },
  { name: '500 as a page', answer: (response, told) => text(response, 500, page(told), 'text/html') },
  { name: '503 longer than is looked through', answer: (response, told) => text(response, 503, filled(told, 8_192)) },
  { name: '503 longer than is read', answer: (response, told) => text(response, 503, filled(told, 64 * 1_024)) },
  {
    name: '400 as a message longer than is told',
    answer: (response, told) => json(response, 400, { error: { message: filled(told, 500), code: 'x' } }),
  },
  { name: '400 as a text cut at 500', answer: (response, told) => text(response, 400, filled(told, 500)) },
  { name: '400 cut at 2,000', answer: (response, told) => json(response, 400, { error: { message: filled(told, 2_000), code: 'x' } }) },
]

const redirects: readonly Failing[] = [301, 302, 303, 307, 308].map(status => ({
  name: `${status}`,
  answer: (response, told, elsewhere) =>
    void response.writeHead(status, { location: `${elsewhere}/v1/chat/completions?key=${encodeURIComponent(told)}` }).end(told),
}))

const broken: readonly Failing[] = [
  { name: 'a body that is no JSON', answer: (response, told) => text(response, 200, `${told} is not what you want`, 'application/json') },
  {
    name: 'a body cut within JSON',
    answer: (response, told) => text(response, 200, `{"choices":[{"message":{"content":"${told}`, 'application/json'),
  },
  { name: 'a page in place of an answer', answer: (response, told) => text(response, 200, page(told), 'text/html') },
  { name: 'an error in place of an answer', answer: (response, told) => json(response, 200, said(told)) },
  { name: 'an error event', answer: (response, told) => void stream(response, frame(said(told))).end() },
  {
    name: 'an error event by name',
    answer: (response, told) => void stream(response, `event: error\n${frame({ message: told, code: told })}`).end(),
  },
  {
    name: 'an error event after words',
    answer: (response, told) => void stream(response, chunk('Well, '), chunk('that '), frame(said(told))).end(),
  },
  { name: 'an event that is no JSON', answer: (response, told) => void stream(response, chunk('Well, '), `data: ${told}\n\n`).end() },
  { name: 'an event cut within JSON', answer: (response, told) => void stream(response, `data: {"error":"${told}\n\n`).end() },
  { name: 'an end without an ending', answer: response => void stream(response, chunk('Well, ')).end() },
  { name: 'a stream that is cut', answer: response => void stream(response, chunk('Well, ')).destroy() },
  { name: 'a line that is cut', answer: response => void response.destroy() },
  { name: 'silence', answer: () => undefined },
  { name: 'silence after a word', answer: response => void stream(response, chunk('Well, ')) },
  { name: 'no HTTP', answer: (response, told) => void response.socket?.end(`${told}\r\n\r\n`) },
  { name: 'a header that is none', answer: (response, told) => void response.socket?.end(`HTTP/1.1 200 OK\r\n${told}\r\n\r\n`) },
  {
    name: 'a length that is none',
    answer: (response, told) => void response.socket?.end(`HTTP/1.1 200 OK\r\ncontent-length: ${told}\r\n\r\n`),
  },
  {
    name: 'headers without end',
    answer: (response, told) => void response.socket?.end(`HTTP/1.1 200 OK\r\nx-echo: ${told.repeat(4_000)}\r\n\r\n`),
  },
  {
    name: 'a chunk that is none',
    answer: (response, told) => void response.socket?.end(`HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${told}\r\n\r\n`),
  },
]

export const failings: readonly Failing[] = [...refusals, ...redirects, ...broken]

/** A server on loopback, and all that it was sent. */
export interface Provider extends AsyncDisposable {
  origin: string
  /** Of each request its line, its headers and its body. */
  readonly received: readonly string[]
}

const linesOf = ({ method, url, rawHeaders }: IncomingMessage): string => `${method} ${url}\n${rawHeaders.join('\n')}\n`

/** Listens, and notes all that it is sent before it answers. */
export async function startProvider(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<Provider> {
  const received: string[] = []
  const listener: RequestListener = (request, response) => {
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (part: string) => (body += part))
    request.on('end', () => {
      received.push(linesOf(request) + body)
      answer(request, response)
    })
  }
  return { ...(await listening(createServer(listener))), received }
}

/** One that only counts who comes. */
export async function startSentinel(): Promise<AsyncDisposable & { origin: string; port: number; readonly connections: number }> {
  let connections = 0
  const server = createTcpServer(socket => {
    connections += 1
    socket.destroy()
  })
  const { origin, ...rest } = await listening(server)
  return {
    ...rest,
    origin,
    port: Number(new URL(origin).port),
    get connections() {
      return connections
    },
  }
}

async function listening(server: Server & { closeAllConnections?: () => void }): Promise<AsyncDisposable & { origin: string }> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections?.()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
