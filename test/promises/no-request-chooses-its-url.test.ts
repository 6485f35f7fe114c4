import { createServer, request as httpRequest } from 'node:http'
import { type AddressInfo, Socket } from 'node:net'
import { createAnthropic } from '@ai-sdk/anthropic'
import { createOpenAI } from '@ai-sdk/openai'
import { RouterError } from '@routewise/core'
import { openaiEndpoint } from '@routewise/express'
import { createEndpoint, createRouter, openaiEmbeddingTarget, openaiTarget, type WireRouter } from '@routewise/http'
import { aiSdkTarget, fetchWithoutRedirects } from '@routewise/http/ai-sdk'
import express from 'express'
import { expect, onTestFinished, test, vi } from 'vitest'
import { long } from './long.ts'
import { strangeUrls } from './strange-urls.ts'
import { startProvider, startSentinel } from './telltale.ts'

/** Members by which a gateway somewhere lets a request say where it goes, and such as hold URLs. */
const fieldsOf = (url: string): Record<string, unknown> => ({
  ...Object.fromEntries(
    [
      'base_url',
      'baseURL',
      'baseUrl',
      'api_base',
      'api_url',
      'url',
      'uri',
      'host',
      'endpoint',
      'azure_endpoint',
      'resource_name',
      'resourceName',
      'deployment',
      'deployment_id',
      'api_version',
      'custom_host',
      'target',
      'provider',
      'proxy',
      'http_proxy',
      'webhook_url',
      'callback_url',
      'user',
      'safety_identifier',
      'prompt_cache_key',
      'service_tier',
      'region',
    ].map(name => [name, url]),
  ),
  metadata: { url, base_url: url },
  extra_body: { base_url: url },
  extra_headers: { host: url },
  litellm_params: { api_base: url, model: url },
  config: { targets: [{ custom_host: url, provider: 'openai' }] },
  routewise: { baseURL: url, target: url },
  web_search_options: { user_location: { type: 'approximate', approximate: { city: url } } },
})

const contentOf = (url: string) => [
  { type: 'text', text: `Have a look at ${url}` },
  { type: 'image_url', image_url: { url } },
  { type: 'image_url', image_url: { url, detail: 'low' } },
]

const HEADERS = [
  'x-forwarded-host',
  'x-forwarded-server',
  'x-forwarded-proto',
  'x-forwarded-for',
  'forwarded',
  'x-original-url',
  'x-original-host',
  'x-rewrite-url',
  'x-host',
  'x-base-url',
  'x-api-base',
  'x-url',
  'x-target-url',
  'x-upstream',
  'openai-base-url',
  'openai-organization',
  'openai-project',
  'x-portkey-custom-host',
  'x-portkey-provider',
  'x-portkey-config',
  'x-portkey-azure-resource-name',
  'helicone-target-url',
  'helicone-openai-api-base',
  'cf-aig-custom-host',
  'x-routewise-session',
  'x-routewise-tenant',
  'x-routewise-target',
  'x-routewise-url',
  'x-routewise-base-url',
  'x-routewise-model',
  'api-key',
  'authorization',
  'cookie',
  'origin',
  'referer',
  'location',
  'via',
  'proxy',
  'x-http-method-override',
]
/** What a header can hold. */
const headersOf = (url: string): Record<string, string> => {
  const value = encodeURI(url)
  return { 'content-type': 'application/json', ...Object.fromEntries(HEADERS.map(name => [name, value])) }
}
const queryOf = (url: string): string =>
  `?${['base_url', 'api_base', 'url', 'host', 'endpoint', 'target', 'proxy', 'model', 'api-version', 'resource', 'next'].map(name => `${name}=${encodeURIComponent(url)}`).join('&')}`

interface Asked {
  path: string
  headers: Record<string, string>
  body: Record<string, unknown>
}

/** Every place of a request that can hold a URL, in as few requests as let each be looked at. */
const requestsWith = (url: string): readonly Asked[] => {
  const messages = [{ role: 'user', content: 'Hello.', name: url }]
  const headers = headersOf(url)
  const plain = { 'content-type': 'application/json' }
  const below = encodeURIComponent(url)
  return [
    { path: '/chat/completions', headers: plain, body: { model: 'auto', messages, ...fieldsOf(url) } },
    { path: '/chat/completions', headers: plain, body: { model: 'sdk', messages: [{ role: 'user', content: contentOf(url) }] } },
    { path: '/chat/completions', headers: plain, body: { model: 'claude', messages: [{ role: 'user', content: contentOf(url) }] } },
    { path: `/chat/completions${queryOf(url)}`, headers, body: { model: 'auto', messages, stream: true } },
    { path: '/chat/completions', headers: plain, body: { model: url, messages } },
    { path: '/chat/completions', headers: plain, body: { model: `auto:${url}`, messages } },
    { path: `/deployments/${below}/chat/completions`, headers: plain, body: { messages } },
    { path: `/models/${below}`, headers: plain, body: {} },
    {
      path: '/responses',
      headers,
      body: {
        model: 'auto',
        input: [
          {
            role: 'user',
            content: [
              { type: 'input_image', image_url: url },
              { type: 'input_file', file_url: url },
            ],
          },
        ],
        ...fieldsOf(url),
      },
    },
    { path: '/responses', headers, body: { model: 'auto', input: url, tools: [{ type: 'mcp', server_label: 'x', server_url: url }] } },
    { path: '/embeddings', headers, body: { model: 'vectors', input: url, ...fieldsOf(url) } },
  ]
}

const ANSWER = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'gpt-4o-mini',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Hello.', refusal: null }, logprobs: null, finish_reason: 'stop' }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
}

function routerAt(origin: string): WireRouter {
  const baseURL = `${origin}/v1`
  return createRouter({
    targets: [
      openaiTarget({ id: 'plain', baseURL, apiKey: 'key', model: 'gpt-4o-mini', flavour: 'openai' }),
      aiSdkTarget({ id: 'sdk', model: createOpenAI({ baseURL, apiKey: 'key', fetch: fetchWithoutRedirects }).chat('gpt-4o-mini') }),
      aiSdkTarget({ id: 'claude', model: createAnthropic({ baseURL, apiKey: 'key', fetch: fetchWithoutRedirects })('claude-haiku-4-5') }),
    ],
    embeddings: [openaiEmbeddingTarget({ id: 'vectors', baseURL, apiKey: 'key', model: 'text-embedding-3-small' })],
    policy: candidates => candidates,
    hedge: false,
    retry: false,
    breaker: false,
  })
}

/** Ports that anything in this process connects to from now on, whoever does it. */
function watchConnections(): ReadonlySet<string> {
  const asked = new Set<string>()
  const { connect } = Socket.prototype
  vi.spyOn(Socket.prototype, 'connect').mockImplementation(function (this: Socket, ...given: unknown[]) {
    const [first] = given.flat() as [{ host?: string; port?: number | string; path?: string } | number | string]
    asked.add(typeof first === 'object' ? (first.path ?? `${first.host ?? 'localhost'}:${first.port}`) : String(first))
    return Reflect.apply(connect, this, given) as Socket
  })
  onTestFinished(() => void vi.restoreAllMocks())
  return asked
}

async function serve(router: WireRouter): Promise<number> {
  const server = createServer(express().use('/v1', openaiEndpoint(router)))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

/** By hand, so that nothing is made of the path and the host on the way. */
function post(port: number, path: string, headers: Record<string, string>, body: unknown): Promise<number> {
  const method = path.startsWith('/v1/models') ? 'GET' : 'POST'
  return new Promise((resolve, reject) => {
    const asked = httpRequest({ host: '127.0.0.1', port, method, path, headers }, response => {
      response.resume()
      response.on('close', () => resolve(response.statusCode ?? 0))
    })
    asked.on('error', reject)
    asked.end(method === 'GET' ? undefined : JSON.stringify(body))
  })
}

test('no field, header, query or path of a request has anybody asked but the servers that the targets name', async () => {
  await using sentinel = await startSentinel()
  await using provider = await startProvider((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(ANSWER))
  })
  const allowed = new URL(provider.origin).host
  const urls = strangeUrls(sentinel.port, allowed)
  const router = routerAt(provider.origin)
  const port = await serve(router)
  const endpoint = createEndpoint(router)
  const connections = watchConnections()
  const statuses = new Map<number, number>()
  const note = (status: number) => void statuses.set(status, (statuses.get(status) ?? 0) + 1)
  for (const [at, url] of urls.entries()) {
    const requests = requestsWith(url)
    // Every URL goes two ways, and every way has seen all kinds of URLs.
    for (const { path, headers, body } of long ? requests : [requests[at % 11]!, requests[(at + 5) % 11]!]) {
      note(await post(port, `/v1${path}`, headers, body))
      const method = path.startsWith('/models') ? 'GET' : 'POST'
      const request = new Request(`https://app.test/v1${path}`, {
        method,
        headers,
        ...(method === 'POST' && { body: JSON.stringify(body) }),
      })
      const response = await endpoint(request)
      await response.text()
      note(response.status)
    }
    // The request line and the host may be anything, too.
    const messages = [{ role: 'user', content: 'Hello.' }]
    const host = encodeURI(url).replaceAll(/[\\\s]/g, '')
    note(await post(port, '/v1/chat/completions', { 'content-type': 'application/json', host }, { model: 'auto', messages }))
    note(
      await post(
        port,
        `${host.startsWith('http') ? host : `/${host}`}/chat/completions`,
        { 'content-type': 'application/json' },
        { model: 'auto', messages },
      ),
    )
  }
  expect(urls.length).toBeGreaterThan(300)
  expect(sentinel.connections).toBe(0)
  expect([...connections].toSorted()).toEqual([`127.0.0.1:${new URL(provider.origin).port}`, `127.0.0.1:${port}`].toSorted())
  // Many were answered, so that what they held was looked at; and nothing of a request has changed where its provider was asked, and as whom.
  expect(statuses.get(200)).toBeGreaterThan(urls.length)
  const lines = new Set(provider.received.map(request => request.slice(0, request.indexOf('\n'))))
  expect([...lines].toSorted()).toEqual(['POST /v1/chat/completions', 'POST /v1/embeddings', 'POST /v1/messages', 'POST /v1/responses'])
  const heads = provider.received.map(request => request.slice(0, request.indexOf('\n{')).split('\n'))
  expect(new Set(heads.map(head => head[head.findIndex(line => line.toLowerCase() === 'host') + 1]))).toEqual(new Set([allowed]))
  expect(heads.filter(head => head.join('\n').includes(String(sentinel.port)))).toEqual([])
}, 240_000)

test('no redirect is followed, wherever it leads and whatever it is called', async () => {
  await using sentinel = await startSentinel()
  let location = ''
  let status = 0
  await using provider = await startProvider((_, response) => {
    // Written by hand: not everything that is sent somewhere is a header that Node would write.
    const head = [`HTTP/1.1 ${status} Elsewhere`, `location: ${location}`, `content-location: ${location}`, `refresh: 0; url=${location}`]
    response.socket?.end(
      Buffer.from(
        `${[...head, `link: <${location}>; rel=canonical`, `alt-svc: http/1.1="${location}"`, 'content-length: 0'].join('\r\n')}\r\n\r\n`,
      ),
    )
  })
  const router = routerAt(provider.origin)
  const port = await serve(router)
  const connections = watchConnections()
  const statuses = new Set<number>()
  const redirects = [300, 301, 302, 303, 305, 307, 308, 401, 407, 426]
  let cases = 0
  for (location of strangeUrls(sentinel.port, new URL(provider.origin).host)) {
    cases += 1
    status = redirects[cases % redirects.length]!
    const model = ['plain', 'sdk', 'claude'][cases % 3]
    const headers = { 'content-type': 'application/json' }
    statuses.add(await post(port, '/v1/chat/completions', headers, { model, messages: [{ role: 'user', content: 'Hello.' }] }))
  }
  expect(sentinel.connections).toBe(0)
  expect([...connections].toSorted()).toEqual([`127.0.0.1:${new URL(provider.origin).port}`, `127.0.0.1:${port}`].toSorted())
  expect(provider.received.length).toBeGreaterThanOrEqual(cases)
  expect([...statuses].filter(each => each < 400)).toEqual([])
}, 120_000)

test('a target is where its base URL says in plain sight, or it is refused', async () => {
  await using sentinel = await startSentinel()
  const allowed = 'api.openai.com'
  const urls = strangeUrls(sentinel.port, allowed)
  const codes = urls.map(url => codeOf(() => openaiTarget({ baseURL: url, apiKey: 'key', model: 'gpt-4o-mini' })))
  const taken = urls.filter((_, at) => codes[at] === undefined)
  expect(new Set(codes)).toEqual(new Set([undefined, 'invalid_option']))
  // What looks like another host than the one that would be asked is refused: a name before it, a fragment or a query behind it.
  expect(taken.filter(url => url.includes(allowed) || /[#?@]/.test(url) || !/^https?:/.test(url))).toEqual([])
  expect(taken.length).toBeLessThan(urls.length / 2)
  for (const option of ['resourceName', 'host', 'url', 'path', 'endpoint', 'proxy'] as const) {
    const options = { baseURL: 'https://api.openai.com/v1', apiKey: 'key', model: 'gpt-4o-mini', [option]: 'evil#' }
    expect(() => openaiTarget(options)).toThrow(`unknown option \`${option}\``)
  }
  for (const header of ['host', 'Host', 'authorization', 'cookie', 'connection', 'transfer-encoding']) {
    const router = createRouter({ targets: [openaiTarget({ baseURL: sentinel.origin, apiKey: 'key', model: 'gpt-4o-mini' })] })
    expect(() => createEndpoint(router, { forwardHeaders: [header] })).toThrow('never passed on')
  }
  expect(sentinel.connections).toBe(0)
})

/** Code of what `fn` throws. */
function codeOf(fn: () => unknown): string | undefined {
  try {
    fn()
    return undefined
  } catch (error) {
    return RouterError.isInstance(error) ? error.code : String(error)
  }
}
