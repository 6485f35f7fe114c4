import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createRouter, nodeListener, openaiTarget, type WireRouterOptions } from '@routewise/http'
import { startSimulator } from '@routewise/simulator'
import { describe, expect, onTestFinished, test } from 'vitest'
import { hear, sendTo, type Send } from '../openai/hear.ts'
import { chatRequests, responsesRequests } from '../openai/requests.ts'
import { listen } from '../openai/servers.ts'

const apiKey = 'test'

/** What each API streams, as a provider wrote it. */
const apis = {
  chat: { path: '/chat/completions', request: { ...chatRequests.text, stream_options: { include_usage: true } } },
  'chat with calls': { path: '/chat/completions', request: { ...chatRequests['parallel tools'], stream_options: { include_usage: true } } },
  responses: { path: '/responses', request: responsesRequests.text },
}
type Api = keyof typeof apis

/** A stream of the simulated OpenAI, byte for byte. */
async function record(api: Api): Promise<string> {
  await using sim = await startSimulator({ providers: ['openai'], timeScale: 1_000 })
  const { path, request } = apis[api]
  const send = sendTo(sim.url('openai'), { authorization: 'Bearer test' })
  return (await hear(send, path, { model: 'gpt-4o', ...request, stream: true })).text
}

/** How a provider answers; a stream is open already where its headers have been sent. */
type Answer = (response: ServerResponse, events: readonly string[]) => void

const open = (response: ServerResponse) => response.writeHead(200, { 'content-type': 'text/event-stream' })
const renamed = (event: string) => event.replaceAll('gpt-4o', 'gpt-lost').replaceAll(/"(chatcmpl|resp)[-_]\w+"/g, '"lost"')

/** Ways of failing before the first token: what is said in them is never heard. */
const failing: Readonly<Record<string, Answer>> = {
  'an error': response =>
    response.writeHead(500, { 'content-type': 'application/json' }).end('{"error":{"message":"lost","type":"server_error"}}'),
  'a socket that closes': response => response.destroy(),
  'a stream that closes': response => open(response).write(': lost\n\n', () => response.destroy()),
  'a stream that ends after it has begun': (response, events) => open(response).end(renamed(events[0]!)),
  'a stream that closes after it has begun': (response, events) => open(response).write(renamed(events[0]!), () => response.destroy()),
  'an error after it has begun': (response, events) =>
    open(response).end(`${renamed(events[0]!)}data: {"error":{"message":"lost","type":"server_error","code":null,"param":null}}\n\n`),
  'another page': response => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>lost</p>'),
  'an empty stream': response => open(response).end('data: [DONE]\n\n'),
}

/** Ways of being silent before the first token, which hedges are for. */
const silent: Readonly<Record<string, Answer>> = {
  silence: () => {},
  'silence after its headers': response => open(response).flushHeaders(),
  'silence after it has begun': (response, events) => open(response).write(renamed(events[0]!)),
}

// Of any call, at once, whatever it costs.
const hedging: WireRouterOptions = { hedge: { delayMs: 20, budget: 1 }, valueOfTimeUsdPerSecond: 100 }

const whole: Answer = (response, events) => open(response).end(events.join(''))
/** Token by token, so that the answer is told in many pieces. */
const slowly: Answer = (response, events) => {
  open(response)
  const left = events.values()
  const next = () => {
    const { done, value } = left.next()
    if (done === true) response.end()
    else response.write(value, () => setImmediate(next))
  }
  next()
}

async function provider(answer: Answer, events: readonly string[]): Promise<string> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => answer(response, events))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
}

/** An endpoint on a server of its own: the first provider is asked, then the second. */
async function endpoint(answers: readonly Answer[], events: readonly string[], options: WireRouterOptions): Promise<Send> {
  const targets = await Promise.all(
    answers.map(async (answer, at) =>
      openaiTarget({ baseURL: await provider(answer, events), apiKey, model: 'gpt-4o', id: `provider ${at + 1}`, flavour: 'openai' }),
    ),
  )
  const { baseURL } = await listen(nodeListener(createRouter({ targets, policy: candidates => [...candidates], retry: false, ...options })))
  return sendTo(baseURL)
}

const eventsIn = (text: string): string[] => text.split(/(?<=\n\n)/)
const withoutComments = (text: string): string =>
  eventsIn(text)
    .filter(event => !event.startsWith(':'))
    .join('')

describe.each(Object.keys(apis) as Api[])('%s', api => {
  const { path, request } = apis[api]
  const ask = async (send: Send) => (await hear(send, path, { model: 'auto', ...request, stream: true })).text

  test('a stream is heard as its provider wrote it', async () => {
    const recorded = await record(api)
    for (const answer of [whole, slowly]) {
      const send = await endpoint([answer], eventsIn(recorded), {})
      expect(withoutComments(await ask(send))).toBe(recorded)
    }
  })

  test.each(Object.keys(failing))('%s before the first token is not heard: what is heard is what the next one said', async how => {
    const recorded = await record(api)
    const send = await endpoint([failing[how]!, slowly], eventsIn(recorded), { hedge: false })
    expect(withoutComments(await ask(send))).toBe(recorded)
  })

  test.each(Object.keys(silent))('%s is not waited for: what is heard is what the one asked beside it said', async how => {
    const recorded = await record(api)
    const send = await endpoint([silent[how]!, slowly], eventsIn(recorded), hedging)
    expect(withoutComments(await ask(send))).toBe(recorded)
  })
})
