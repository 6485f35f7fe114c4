import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import OpenAI from 'openai'
import { expect, test, vi } from 'vitest'
import { cli, startCli, temporaryDirectory } from '../testing/fixtures.ts'

interface Listening {
  type: 'listening'
  url: string
  models: string[]
  policies: string[]
  embeddings: string[]
  config: string | null
}

/** A machine may have more to do than this. */
const PATIENCE = { timeout: 15_000 }

const linesOf = (text: string): Record<string, unknown>[] =>
  text
    .split('\n')
    .filter(line => line.startsWith('{'))
    .map(line => JSON.parse(line) as Record<string, unknown>)

/** A server in this process, and what it prints; at the end of its scope it is stopped as by Ctrl-C. */
async function serving(...args: readonly string[]) {
  const controller = new AbortController()
  const running = startCli(['serve', '--port', '0', '--json', ...args], { signal: controller.signal })
  const ended = running.done.then(({ stderr }) => Promise.reject(new Error(`It did not start: ${stderr}`)))
  const listening = await Promise.race([
    vi.waitFor(() => {
      const [first] = linesOf(running.stdout())
      if (first === undefined) throw new Error('It is not listening yet.')
      return first as unknown as Listening
    }, PATIENCE),
    ended,
  ])
  ended.catch(() => {})
  const stop = async () => {
    controller.abort()
    return await running.done
  }
  return { ...listening, lines: () => linesOf(running.stdout()), stop, [Symbol.asyncDispose]: async () => void (await stop()) }
}

/** What curl does. */
const post = (url: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) })

const HELLO = { model: 'auto', messages: [{ role: 'user', content: 'Hello' }] }

test('with nothing configured, simulated providers answer: a stream for curl, on the log with its tokens and cost', async () => {
  const server = await serving()
  expect(server).toMatchObject({ config: null, models: expect.arrayContaining(['gpt-6-luna', 'claude-opus-5-5', 'gemini-3.8-flash']) })
  const response = await post(`${server.url}/chat/completions`, { ...HELLO, stream: true })
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toContain('text/event-stream')
  const events = await response.text()
  expect(events).toMatch(/^data: \{.*"delta":\{.*\n\ndata: /s)
  expect(events.trimEnd().endsWith('data: [DONE]')).toBe(true)
  const { code, stdout } = await server.stop()
  expect(code).toBe(0)
  const [, request, stopped] = linesOf(stdout)
  expect(request).toMatchObject({ type: 'request', method: 'POST', path: '/v1/chat/completions', status: 200, left: false })
  expect(server.models).toContain(request?.['target'])
  expect(request?.['outputTokens']).toBeGreaterThan(0)
  expect(request?.['costUsd']).toBeGreaterThan(0)
  expect(stopped).toMatchObject({ type: 'stopped', requests: 1, costUsd: request?.['costUsd'] })
})

test('the openai SDK finds every model by its name, a policy, and embeddings', async () => {
  await using server = await serving()
  const client = new OpenAI({ apiKey: 'any', baseURL: server.url })
  const listed = await client.models.list()
  expect(listed.data.map(({ id }) => id)).toEqual(expect.arrayContaining(server.models))
  const answers = [...server.models, 'auto:cheapest'].map(async model => {
    const body = { model, messages: [{ role: 'user' as const, content: 'Hello' }] }
    const { data, response } = await client.chat.completions.create(body).withResponse()
    expect(data.choices[0]?.message.content?.length).toBeGreaterThan(0)
    return response.headers.get('x-routewise-target')
  })
  expect((await Promise.all(answers)).slice(0, -1)).toEqual(server.models)
  const { data } = await client.embeddings.create({ model: server.embeddings[0] ?? '', input: 'Hello' })
  expect(data[0]?.embedding.length).toBeGreaterThan(100)
})

test('for people it prints the base URL, the models, a curl that works, a line for each request, and what was spent', async () => {
  const controller = new AbortController()
  const running = startCli(['serve', '--port', '0'], { signal: controller.signal })
  const [, url = ''] = await vi.waitFor(() => /API at (http\S+)/.exec(running.stdout()) ?? Promise.reject(new Error('not yet')), PATIENCE)
  expect(running.stdout()).toMatch(/models +auto, gpt-6-luna.*policies +auto:cheapest.*simulated providers.*defineConfig/s)
  const [, path, body = ''] = /curl -N http:\/\/[^/]+(\S+) .*\n *-d '(.*)'/.exec(running.stdout()) ?? []
  expect(await (await post(`${new URL(url).origin}${path}`, JSON.parse(body))).text()).toContain('[DONE]')
  await (await fetch(`${url}/models`)).text()
  controller.abort()
  const { stdout } = await running.done
  expect(stdout).toMatch(/200 +POST \/v1\/chat\/completions +\S+ +[\d,]+ → [\d,]+ tokens +\$0\.\d+/)
  expect(stdout).toMatch(/200 +GET \/v1\/models +\d+ ms\n/)
  expect(stdout).toMatch(/Stopped\. Requests: 2, .*\$0\.\d+/)
})

test('a client that leaves is on the log, with what its part of the answer has cost', async () => {
  await using server = await serving()
  const leaving = new AbortController()
  const response = await fetch(`${server.url}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...HELLO, model: 'gpt-6-luna', stream: true }),
    signal: leaving.signal,
  })
  await response.body!.getReader().read()
  leaving.abort()
  await vi.waitFor(() => expect(server.lines()[1]).toMatchObject({ left: true, model: 'gpt-6-luna', attempts: 1 }), PATIENCE)
  expect(server.lines()[1]?.['target']).toBeUndefined()
  expect(server.lines()[1]?.['costUsd']).toBeGreaterThan(0)
})

test('--quiet says nothing of requests', async () => {
  await using server = await serving('--quiet')
  await (await fetch(`${server.url}/models`)).text()
  const { stdout } = await server.stop()
  expect(linesOf(stdout).map(({ type }) => type)).toEqual(['listening', 'stopped'])
})

const bin = join(import.meta.dirname, '../bin.ts')
const http = pathToFileURL(join(import.meta.dirname, '../../../http/src/index.ts')).href

/** A provider that says the half of its answer, and the rest when it may. */
async function halting() {
  const rest = Promise.withResolvers<void>()
  const event = (delta: object, finish: string | null = null) =>
    `data: ${JSON.stringify({ id: '1', object: 'chat.completion.chunk', created: 1, model: 'gpt-6-luna', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(event({ role: 'assistant', content: 'First half, ' }))
    void rest.promise.then(() => response.end(`${event({ content: 'second half.' })}${event({}, 'stop')}data: [DONE]\n\n`))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/v1`,
    goOn: rest.resolve,
    [Symbol.asyncDispose]: async () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

/** The command itself, in a directory with a configuration in TypeScript. */
async function serveProcess(config: string, args: readonly string[] = []) {
  const directory = await temporaryDirectory()
  const path = await directory.write('routewise.config.ts', config)
  const child = spawn(process.execPath, ['--conditions=@routewise/source', bin, 'serve', '--json', ...args], { cwd: dirname(path) })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (text: Buffer) => (stdout += String(text)))
  child.stderr.on('data', (text: Buffer) => (stderr += String(text)))
  const exit = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>
  const { url } = await vi.waitFor(() => {
    const [first] = linesOf(stdout)
    if (first === undefined) throw new Error(`not listening: ${stderr}`)
    return first as unknown as Listening
  }, PATIENCE)
  return {
    url,
    path,
    interrupt: () => child.kill('SIGINT'),
    exit,
    lines: () => linesOf(stdout),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await exit
      await directory[Symbol.asyncDispose]()
    },
  }
}

/** Nothing new is taken: there is no connection, or no answer over one that was open. */
const refuses = async (url: string) =>
  expect(
    await fetch(`${url}/models`).then(
      ({ status }) => status,
      (error: Error) => error.message,
    ),
  ).toBeOneOf([503, 'fetch failed'])

const configFor = (baseURL: string) => `
  import { defineConfig, openaiTarget, type RoutewiseConfig } from '${http}'
  const server: RoutewiseConfig['server'] = { port: 0, path: '/api' }
  export default defineConfig({ targets: [openaiTarget({ baseURL: '${baseURL}', apiKey: 'sk-upstream', model: 'gpt-6-luna' })], server })
`

test('a configuration in TypeScript is loaded; Ctrl-C lets an open answer end, takes no new one, and tells what was spent', async () => {
  await using upstream = await halting()
  await using server = await serveProcess(configFor(upstream.url))
  expect(server.url).toMatch(/\/api$/)
  expect(server.lines()[0]).toMatchObject({ config: server.path, models: ['gpt-6-luna'] })
  const response = await post(`${server.url}/chat/completions`, { ...HELLO, stream: true })
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
  expect((await reader.read()).value).toContain('First half')
  server.interrupt()
  await vi.waitFor(() => refuses(server.url), PATIENCE)
  upstream.goOn()
  let rest = ''
  for (let step = await reader.read(); !step.done; step = await reader.read()) rest += step.value
  expect(rest).toContain('second half.')
  expect(rest.trimEnd().endsWith('[DONE]')).toBe(true)
  expect(await server.exit).toEqual([0, null])
  expect(server.lines().at(-1)).toMatchObject({ type: 'stopped', models: [{ model: 'gpt-6-luna', attempts: 1 }] })
})

test('an answer that outlasts the grace is cut off, and is no clean end', async () => {
  await using upstream = await halting()
  await using server = await serveProcess(configFor(upstream.url), ['--grace', '0.05'])
  const response = await post(`${server.url}/chat/completions`, { ...HELLO, stream: true })
  server.interrupt()
  await expect(response.text()).rejects.toThrow('terminated')
  expect(await server.exit).toEqual([0, null])
})

test('a second Ctrl-C ends at once', async () => {
  await using upstream = await halting()
  await using server = await serveProcess(configFor(upstream.url), ['--grace', '600'])
  const response = await post(`${server.url}/chat/completions`, { ...HELLO, stream: true })
  server.interrupt()
  await vi.waitFor(() => refuses(server.url), PATIENCE)
  server.interrupt()
  expect(await server.exit).toEqual([130, null])
  await expect(response.text()).rejects.toThrow('terminated')
})

test('an address that others can reach is refused without keys, served with them, and served to anyone who is allowed', async () => {
  const refused = await cli(['serve', '--port', '0', '--host', '0.0.0.0'])
  expect(refused).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/0\.0\.0\.0.*apiKeys.*--allow-anyone/) })
  await using guarded = await serveProcess(`
    import { openaiTarget } from '${http}'
    const targets = [openaiTarget({ baseURL: 'http://127.0.0.1:9/v1', apiKey: 'any', model: 'gpt-6-luna' })]
    export default { targets, endpoint: { apiKeys: ['rw-secret'] }, server: { host: '0.0.0.0', port: 0 } }`)
  const models = `${guarded.url.replace('0.0.0.0', '127.0.0.1')}/models`
  expect((await fetch(models)).status).toBe(401)
  expect((await fetch(models, { headers: { authorization: 'Bearer rw-secret' } })).status).toBe(200)
  await using open = await serving('--host', '0.0.0.0', '--allow-anyone')
  expect((await fetch(`${open.url.replace('0.0.0.0', '127.0.0.1')}/models`)).status).toBe(200)
})

test("a website's page may not ask a server that wants no key", async () => {
  await using server = await serving()
  const refused = await post(`${server.url}/chat/completions`, HELLO, { origin: 'https://example.com' })
  expect(refused.status).toBe(403)
  expect(await refused.json()).toMatchObject({ error: { message: expect.stringContaining('apiKeys'), type: 'permission_error' } })
  expect((await post(`${server.url}/chat/completions`, HELLO, { origin: 'http://localhost:3000' })).status).toBe(200)
})

test.each([
  ['an unknown field', 'export default { targets: [], servers: {} }', /servers/],
  ['a wrong value', "export default { targets: [], server: { port: 'any' } }", /server\.port.*"any"/],
  ['a wrong option of the endpoint', 'export default { targets: [], endpoint: { maxBody: 1 } }', /endpoint.*maxBody/],
  ['no target', 'export default { targets: [] }', /targets.*at least one/],
  ['no default export', 'export const config = {}', /no default export.*defineConfig/],
  ['a fault of its own', "throw new TypeError('OPENAI_API_KEY is not set')", /OPENAI_API_KEY is not set/],
])('a configuration with %s names its file and what is wrong', async (_, source, reason) => {
  await using directory = await temporaryDirectory()
  const path = await directory.write('routewise.config.mjs', source)
  const { code, stdout, stderr } = await cli(['serve', '--config', path])
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain(`routewise: ${path}: `)
  expect(stderr).toMatch(reason)
})

test('wrong usage ends with code 2 and a reason', async () => {
  await using directory = await temporaryDirectory()
  const json = await directory.write('routewise.config.json', '{}')
  expect(await cli(['serve', '--config', 'absent.ts'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('absent.ts: no such file'),
  })
  expect(await cli(['serve', '--config', json])).toMatchObject({ code: 2, stderr: expect.stringContaining('a configuration is code') })
  expect(await cli(['serve', '--port', 'http'])).toMatchObject({ code: 2, stderr: expect.stringContaining('whole number from 0 to 65535') })
  await using server = await serving()
  const taken = await cli(['serve', '--port', new URL(server.url).port])
  expect(taken).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/Port \d+ of 127\.0\.0\.1 is taken/) })
})
