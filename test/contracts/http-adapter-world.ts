import {
  type Agent,
  createServer,
  type IncomingMessage,
  request as httpRequest,
  type RequestListener,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Receipt } from '@routewise/core'
import { createRouter, type EndpointOptions, openaiEmbeddingTarget, openaiTarget, type WireRouter } from '@routewise/http'
import { type SimulatorOptions, startSimulator } from '@routewise/simulator'
import OpenAI from 'openai'
import { onTestFinished } from 'vitest'

/** A server that has the endpoint at `/v1`, and answers 404 with the text `the app's own` elsewhere. */
export type Mount = (router: WireRouter, options?: EndpointOptions) => RequestListener

/** A way to put the endpoint on a server. */
export interface HttpAdapter {
  mount: Mount
  /** With the app's own body parser before it; absent where there is no such thing. */
  parsed?: Mount
  /** With something before it that reads the body and keeps it for itself. */
  consumed?: Mount
}

export const MODEL = 'gpt-6-luna'
const apiKey = 'test'

/** A server on loopback, closed with the test. Gives its origin. */
export async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** A client of OpenAI's own, and a record of what its calls came to. */
export async function startEndpoint(mount: Mount, baseURL: string, options?: EndpointOptions) {
  const router = createRouter({
    targets: [openaiTarget({ baseURL, apiKey, model: MODEL })],
    embeddings: [openaiEmbeddingTarget({ baseURL, apiKey, model: 'text-embedding-3-small' })],
    hedge: false,
    retry: false,
  })
  const receipts: Receipt[] = []
  router.on('receipt', receipt => receipts.push(receipt))
  const origin = await listen(mount(router, options))
  const client = new OpenAI({ baseURL: `${origin}/v1`, apiKey, maxRetries: 0 })
  return { router, receipts, origin, client }
}

/** The same before a simulated provider that repeats the prompt. */
export async function startWorld(mount: Mount, options?: EndpointOptions, simulator: SimulatorOptions = {}) {
  const sim = await startSimulator({
    providers: ['openai'],
    timeScale: 100,
    recordings: { match: ({ prompt }) => ({ answer: { text: prompt } }) },
    ...simulator,
  })
  onTestFinished(() => sim.close())
  return { sim, ...(await startEndpoint(mount, sim.url('openai'), options)) }
}

/** A provider whose every word the test says. */
export async function startProvider() {
  const waiting: ((response: ServerResponse) => void)[] = []
  const here: ServerResponse[] = []
  const origin = await listen((request, response) => {
    request.resume()
    const next = waiting.shift()
    if (next === undefined) here.push(response)
    else next(response)
  })
  return {
    baseURL: `${origin}/v1`,
    requests: () => here.length,
    /** The response to the next request. */
    asked: () => new Promise<ServerResponse>(resolve => (here.length > 0 ? resolve(here.shift()!) : void waiting.push(resolve))),
  }
}

/** An event of a chat's stream. */
export const event = (delta: object, finish: string | null = null): string =>
  `data: ${JSON.stringify({ id: 'chat', object: 'chat.completion.chunk', created: 1, model: MODEL, choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }] })}\n\n`
export const SSE = { 'content-type': 'text/event-stream' }

export const chat = (prompt: string, stream = false) => ({ model: 'auto', messages: [{ role: 'user' as const, content: prompt }], stream })

/** An answer as it came over the socket. */
export interface RawAnswer {
  status: number
  headers: IncomingMessage['headers']
  response: IncomingMessage
  /** The next piece, as text; `undefined` at the end. */
  next(): Promise<string | undefined>
  /** All that is left. @throws where the connection is cut before the end. */
  rest(): Promise<string>
  /** Cuts the connection. */
  leave(): void
}

export interface RawRequest {
  method?: string
  path?: string
  headers?: Record<string, string>
  body?: string | Buffer
  agent?: Agent
}

/** Sends what no SDK would. */
export function send(
  origin: string,
  { method = 'POST', path = '/v1/chat/completions', headers = {}, body, agent }: RawRequest,
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(`${origin}${path}`, {
      method,
      agent: agent ?? false,
      headers: { 'content-type': 'application/json', ...headers },
    })
    request.on('error', reject)
    request.on('response', response => {
      const pieces = response[Symbol.asyncIterator]() as AsyncIterator<Buffer>
      const next = async () => {
        const { done, value } = await pieces.next()
        return done === true ? undefined : value.toString()
      }
      const rest = async () => {
        let text = ''
        for (let piece = await next(); piece !== undefined; piece = await next()) text += piece
        return text
      }
      resolve({ status: response.statusCode!, headers: response.headers, response, next, rest, leave: () => request.destroy() })
    })
    request.end(body)
  })
}

export const sendJson = (origin: string, body: object, headers?: Record<string, string>) =>
  send(origin, { body: JSON.stringify(body), ...(headers && { headers }) })

/** The error that an answer tells, as OpenAI's clients read it. */
export async function errorOf(answer: RawAnswer) {
  const { error } = JSON.parse(await answer.rest()) as {
    error: { message: string; type: string; code: string | null; param: string | null }
  }
  return { status: answer.status, ...error }
}
