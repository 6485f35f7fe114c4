import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { inspect } from 'node:util'
import { createOpenAI } from '@ai-sdk/openai'
import { openaiEndpoint } from '@routewise/express'
import { createEndpoint, createRouter, openaiTarget, type WireRouter, type WireTarget } from '@routewise/http'
import { aiSdkTarget, fetchWithoutRedirects } from '@routewise/http/ai-sdk'
import express from 'express'
import { expect, onTestFinished, test, vi } from 'vitest'
import { long } from './long.ts'
import { failings, startProvider, startSentinel } from './telltale.ts'

/** Whatever is sent here, nobody else may see. Of the AI SDK's models only the look of a key gives it away. */
const FIRST = 'sk-proj-Kz7QvN2mXb4RtY8wLp3JhGf6DcS9aE1u'
const PLAIN = 'Kz7QvN2mXb4RtY8wLp3JhGf6DcS9aE1uPlain'
const SECOND = 'sk-proj-Vw5TnB8kZr1QxM6yHs2PjLd9GfC4oU7e'
const CLIENT = 'sk-client-Qm3XcV9zBn5LkJ2hGf8DsA1pOi6Uy'
/** So much of a key is a leak, too. */
const TELLING = 8
const parts = [FIRST.slice(8), PLAIN, SECOND.slice(8), CLIENT.slice(10)].flatMap(key => [
  key.slice(0, TELLING),
  key.slice(-TELLING),
  Buffer.from(key)
    .toString('base64')
    .slice(2, 2 + TELLING),
])

/** Where a key was seen, with what stood before it. */
function hitsIn(where: string, text: string): string[] {
  const part = parts.find(each => text.includes(each))
  if (part === undefined) return []
  const at = text.indexOf(part)
  return [`${where}: ${text.slice(Math.max(0, at - 60), at).replaceAll(/\s+/g, ' ')}…`]
}

/** All that can be seen of a value: printed, with what is hidden, and as JSON. */
function seen(value: unknown): string {
  const printed = inspect(value, { depth: Number.POSITIVE_INFINITY, showHidden: true, maxArrayLength: null, maxStringLength: null })
  const stack = value instanceof Error ? String(value.stack) : ''
  try {
    return `${printed}\n${stack}\n${JSON.stringify(value)}`
  } catch {
    return `${printed}\n${stack}`
  }
}

const MODEL = 'gpt-4o-mini'

/** Ways in which a target is given its key. */
const holders: readonly { name: string; first(origin: string): WireTarget }[] = [
  { name: 'a key', first: origin => openaiTarget({ id: 'first', baseURL: `${origin}/v1`, apiKey: PLAIN, model: MODEL }) },
  { name: 'a function', first: origin => openaiTarget({ id: 'first', baseURL: `${origin}/v1`, apiKey: async () => PLAIN, model: MODEL }) },
  {
    name: 'headers',
    first: origin =>
      openaiTarget({ id: 'first', baseURL: `${origin}/v1`, model: MODEL, headers: { 'X-Auth': PLAIN, cookie: `session=${FIRST}` } }),
  },
  {
    name: 'Azure',
    first: origin => openaiTarget({ id: 'first', baseURL: `${origin}/openai/v1`, apiKey: FIRST, model: MODEL, flavour: 'azure' }),
  },
  {
    name: 'the AI SDK',
    first: origin =>
      aiSdkTarget({
        id: 'first',
        model: createOpenAI({ baseURL: `${origin}/v1`, apiKey: FIRST, fetch: fetchWithoutRedirects }).chat(MODEL),
      }),
  },
]

const clientHeaders = {
  'content-type': 'application/json',
  authorization: `Bearer ${CLIENT}`,
  cookie: `session=${CLIENT}`,
  'api-key': CLIENT,
  'x-api-key': CLIENT,
  'x-goog-api-key': CLIENT,
  'openai-organization': CLIENT,
  'proxy-authorization': CLIENT,
  'x-forwarded-authorization': CLIENT,
}

/** Asks by Express and by the web's `Request`; gives all that the client sees. */
const faces: readonly { name: string; open(router: WireRouter): Promise<(body: string) => Promise<string>> }[] = [
  {
    name: 'Express',
    async open(router) {
      const app = express().use('/v1', openaiEndpoint(router))
      const server = createServer(app)
      await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
      onTestFinished(() => void server.close())
      const { port } = server.address() as AddressInfo
      const url = `http://127.0.0.1:${port}/v1/chat/completions`
      return async body => told(await fetch(url, { method: 'POST', headers: clientHeaders, body, redirect: 'manual' }))
    },
  },
  {
    name: 'fetch',
    async open(router) {
      const endpoint = createEndpoint(router)
      return async body =>
        told(await endpoint(new Request('https://app.test/v1/chat/completions', { method: 'POST', headers: clientHeaders, body })))
    },
  },
]

async function told(response: Response): Promise<string> {
  const headers = [...response.headers].map(pair => pair.join(': ')).join('\n')
  const body = await response.text().catch((error: unknown) => seen(error))
  return `${response.status} ${response.statusText}\n${headers}\n${body}`
}

/** Whatever is printed. */
function watchOutput(): string[] {
  const printed: string[] = []
  for (const name of ['log', 'info', 'warn', 'error', 'debug', 'trace', 'dir'] as const) {
    vi.spyOn(console, name).mockImplementation((...values: unknown[]) => void printed.push(values.map(seen).join(' ')))
  }
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((piece: unknown) => {
      printed.push(String(piece))
      return true
    })
  }
  const onWarning = (warning: Error) => void printed.push(seen(warning))
  process.on('warning', onWarning)
  onTestFinished(() => {
    process.off('warning', onWarning)
    vi.restoreAllMocks()
  })
  return printed
}

/** A router that fails at its first target, and finds its second well or as bad; all that can be seen of both. */
function watched(first: WireTarget, secondOrigin: string): { router: WireRouter; visible: (readonly [where: string, text: string])[] } {
  const second = openaiTarget({ id: 'second', baseURL: `${secondOrigin}/v1`, apiKey: SECOND, model: MODEL })
  const router = createRouter({
    targets: [first, second],
    policy: candidates => candidates,
    hedge: false,
    retry: false,
    timeouts: { firstTokenMs: 60, stallMs: 60, totalMs: 200 },
  })
  const visible: (readonly [string, string])[] = [
    ['router', seen(router)],
    ['target', seen(first) + seen(second)],
  ]
  for (const name of ['decision', 'silence', 'breaker', 'attempt', 'receipt'] as const)
    router.on(name, event => void visible.push([name, seen(event)]))
  return { router, visible }
}

const question = (stream: boolean): string =>
  JSON.stringify({ model: 'auto', stream, messages: [{ role: 'user', content: 'Where is my parcel?' }] })

/** What a program that holds the router catches. */
async function caught(router: WireRouter, stream: boolean): Promise<string> {
  const body = JSON.parse(question(stream)) as Record<string, unknown>
  try {
    for await (const _chunk of router.run({ api: 'chat', body, stream, trace: { startedAt: 0, attempts: 0 } }));
    return ''
  } catch (error) {
    return seen(error)
  }
}

for (const face of faces) {
  test.each(holders)(
    `through ${face.name}, no failure of a provider that tells the keys it was sent gives one away, by $name`,
    async ({ first }) => {
      const printed = watchOutput()
      await using sentinel = await startSentinel()
      let fail: (typeof failings)[number] = failings[0]!
      const tellAll = (request: { headers: NodeJS.Dict<string | string[]> }) =>
        ['authorization', 'api-key', 'x-auth', 'cookie']
          .map(name => request.headers[name])
          .filter(value => value !== undefined)
          .join(' ')
      await using one = await startProvider((request, response) => fail.answer(response, tellAll(request), sentinel.origin))
      let isSecondWell = true
      await using two = await startProvider((request, response) => {
        if (!isSecondWell) return fail.answer(response, tellAll(request), sentinel.origin)
        response.writeHead(200, { 'content-type': 'application/json' })
        response.end(JSON.stringify({ error: { message: 'Down as well.' } }))
      })
      const hits = new Set<string>()
      let cases = 0
      for (fail of failings) {
        for (const stream of long ? [false, true] : [cases % 2 === 0]) {
          cases += 1
          isSecondWell = cases % 3 === 0
          const { router, visible } = watched(first(one.origin), two.origin)
          const ask = await face.open(router)
          visible.push(
            ['client', await ask(question(stream))],
            ['error', await caught(router, stream)],
            ['output', printed.splice(0).join('\n')],
          )
          for (const [where, text] of visible) for (const hit of hitsIn(`${where}, ${fail.name}`, text)) hits.add(hit)
        }
      }
      expect(cases).toBe(failings.length * (long ? 2 : 1))
      expect([...hits]).toEqual([])
      // Each provider has seen its own key, and nobody's else; the client's reached nobody.
      expect(one.received.length).toBeGreaterThanOrEqual(cases)
      expect(two.received.length).toBeGreaterThan(cases / 2)
      expect(one.received.filter(request => !request.includes(PLAIN) && !request.includes(FIRST))).toEqual([])
      expect(two.received.filter(request => !request.includes(SECOND))).toEqual([])
      expect(one.received.filter(request => request.includes(SECOND) || request.includes(CLIENT))).toEqual([])
      expect(two.received.filter(request => request.includes(PLAIN) || request.includes(FIRST) || request.includes(CLIENT))).toEqual([])
      expect(sentinel.connections).toBe(0)
    },
    120_000,
  )
}
