import { currentContext, withContext, type Receipt } from '@routewise/core'
import OpenAI, { AzureOpenAI } from 'openai'
import { zodResponseFormat } from 'openai/helpers/zod'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { createRouter, type WireRouter } from '../router.ts'
import { chat } from '../testing/exchange.ts'
import { chatBody, chatEvents, ProviderFailure, scriptedTarget } from '../testing/scripted-target.ts'
import { simulated } from '../testing/simulated.ts'
import { routedFetch, type RoutedFetchOptions } from './routed-fetch.ts'

// Nothing listens there: a client that opened a socket would fail.
const baseURL = 'http://127.0.0.1:9/v1'
const clientOf = (router: WireRouter, options?: RoutedFetchOptions) =>
  new OpenAI({ apiKey: 'unused', baseURL, fetch: routedFetch(router, options) })

const messages = [{ role: 'user' as const, content: 'Where is my parcel?' }]
const params = { model: 'auto', messages }
const colour = { type: 'object', properties: { colour: { type: 'string' } }, required: ['colour'], additionalProperties: false }

test('whole answers, with the facts in their headers', async () => {
  const { router } = await simulated()
  const { data, response, request_id: id } = await clientOf(router).chat.completions.create(params).withResponse()
  expect(data.choices[0]!.message.content).toBeTypeOf('string')
  expect(data.usage!.prompt_tokens).toBeGreaterThan(0)
  expect(id).toBe(response.headers.get('x-request-id'))
  expect(response.headers.get('x-routewise-target')).toBe('small')
  expect(Number(response.headers.get('x-routewise-cost-usd'))).toBeGreaterThan(0)
})

test('streams, by the loop and by the helper', async () => {
  const { router, sim } = await simulated()
  const client = clientOf(router)
  const receipts: Receipt[] = []
  router.on('receipt', receipt => receipts.push(receipt))
  let text = ''
  for await (const chunk of await client.chat.completions.create({ ...params, stream: true })) text += chunk.choices[0]?.delta.content ?? ''
  expect(await client.chat.completions.stream(params).finalContent()).toBe(text)
  expect(receipts.map(({ attempts }) => attempts[0]!.usageSource)).toEqual(['provider', 'provider'])
  await sim.settled()
  expect(receipts.reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0)).toBe(sim.bill.totalNanoUsd)
})

test('structured output, parsed', async () => {
  const { router } = await simulated()
  const client = clientOf(router)
  const format = zodResponseFormat(z.object({ colour: z.string() }), 'colour')
  const { choices } = await client.chat.completions.parse({ ...params, response_format: format })
  expect(choices[0]!.message.parsed).toEqual({ colour: expect.any(String) })
  const streamed = client.chat.completions.stream({ ...params, response_format: format })
  expect((await streamed.finalChatCompletion()).choices[0]!.message.parsed).toEqual({ colour: expect.any(String) })
})

test.each([false, true])('tools that the SDK runs (stream: %s)', async stream => {
  const { router } = await simulated()
  const asked: unknown[] = []
  const tool = {
    type: 'function' as const,
    function: {
      name: 'paint',
      description: 'Paints a wall.',
      parameters: colour,
      parse: JSON.parse,
      function: (input: object) => {
        asked.push(input)
        return 'painted'
      },
    },
  }
  const { completions } = clientOf(router).chat
  const runner = stream
    ? completions.runTools({ ...params, tools: [tool], stream: true })
    : completions.runTools({ ...params, tools: [tool] })
  expect(await runner.finalContent()).toBeTypeOf('string')
  expect(asked).toEqual([{ colour: expect.any(String) }])
})

test('the Responses API, whole and streamed', async () => {
  const { router } = await simulated()
  const client = clientOf(router)
  for (const model of ['small', 'strong']) {
    const { output_text: text, status } = await client.responses.create({ model, input: 'Where is my parcel?' })
    expect([text.length > 0, status]).toEqual([true, 'completed'])
    const streamed = await client.responses.stream({ model, input: 'Where is my parcel?' }).finalResponse()
    expect(streamed.output_text).toBe(text)
  }
})

test('embeddings, in the encoding that the SDK asks for', async () => {
  const { router } = await simulated()
  const { data } = await clientOf(router).embeddings.create({ model: 'auto', input: ['a kettle', 'a toaster'] })
  expect(data.map(({ embedding }) => embedding.length)).toEqual([1536, 1536])
})

test('models, listed and one by one', async () => {
  const { router } = await simulated()
  const client = clientOf(router)
  const ids: string[] = []
  for await (const { id } of client.models.list()) ids.push(id)
  expect(ids).toEqual(['auto', 'auto:cheapest', 'auto:fastest', 'auto:best', 'auto:balanced', 'small', 'strong', 'text-embedding-3-small'])
  expect((await client.models.retrieve('small')).owned_by).toBe('openai')
})

test('a provider that is down is not noticed', async () => {
  const { router, sim } = await simulated({}, { retry: false })
  sim.outage('openai', { ms: 1e9 })
  const { response } = await clientOf(router).chat.completions.create(params).withResponse()
  expect([response.headers.get('x-routewise-target'), response.headers.get('x-routewise-attempts')]).toEqual(['strong', '2'])
})

test('clients of Azure name the model in the path', async () => {
  const { router } = await simulated()
  const client = new AzureOpenAI({
    apiKey: 'unused',
    endpoint: 'http://127.0.0.1:9',
    apiVersion: '2026-01-01',
    deployment: 'small',
    fetch: routedFetch(router),
  })
  const { response } = await client.chat.completions.create({ model: '', messages }).withResponse()
  expect(response.headers.get('x-routewise-target')).toBe('small')
})

test('the SDK’s retries do not multiply the router’s', async () => {
  const one = scriptedTarget('one', { fails: new ProviderFailure(500, { message: 'down' }) })
  const client = clientOf(createRouter({ targets: [one], retry: false }))
  await expect(client.chat.completions.create(params, { maxRetries: 5 })).rejects.toMatchObject({ status: 502, code: 'upstream_failed' })
  expect(one.calls.length).toBe(1)
})

test('the SDK comes back when a provider says that it may', async () => {
  const limited = new ProviderFailure(429, { message: 'Rate limit reached' }, { 'retry-after-ms': '1' })
  const one = scriptedTarget('one', [{ fails: limited }, { says: chatBody('hello') }])
  const client = clientOf(createRouter({ targets: [one], retry: false, breaker: false }))
  const { choices } = await client.chat.completions.create(params, { maxRetries: 1 })
  expect(choices[0]!.message.content).toBe('hello')
  expect(one.calls.length).toBe(2)
})

test('errors are the SDK’s own classes', async () => {
  const { router } = await simulated()
  const client = clientOf(router)
  await expect(client.chat.completions.create({ ...params, model: 'none' })).rejects.toThrow(OpenAI.NotFoundError)
  await expect(client.chat.completions.create({ ...params, n: 2 })).rejects.toThrow(OpenAI.BadRequestError)
  await expect(client.images.generate({ prompt: 'a cat' })).rejects.toMatchObject({ status: 404, code: 'unknown_url' })
  await expect(clientOf(router, { apiKeys: ['k'] }).models.list()).rejects.toThrow(OpenAI.AuthenticationError)
})

test('an abort before the answer, and within it, rejects as that of fetch does and cancels the provider', async () => {
  const one = scriptedTarget('one', [{ hangs: true }, { says: chatEvents('hel', 'lo').slice(0, 2), hangs: true }])
  const client = clientOf(createRouter({ targets: [one], hedge: false }))
  const before = new AbortController()
  const asking = client.chat.completions.create(params, { signal: before.signal })
  while (one.calls.length === 0) await Promise.resolve()
  before.abort()
  await expect(asking).rejects.toThrow(OpenAI.APIUserAbortError)
  expect(one.signals[0]!.aborted).toBe(true)

  const within = new AbortController()
  const stream = await client.chat.completions.create({ ...params, stream: true }, { signal: within.signal })
  let text = ''
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta.content ?? ''
    if (text !== '') within.abort()
  }
  expect(text).toBe('hel')
  expect(one.signals[1]!.aborted).toBe(true)
})

test('without the SDK it is a fetch like any other', async () => {
  const one = scriptedTarget('one', { says: chatBody('hello') })
  const routed = routedFetch(createRouter({ targets: [one] }))
  const init = { method: 'POST', body: JSON.stringify(chat('one')), headers: { 'content-type': 'application/json' } }
  const url = `${baseURL}/chat/completions`
  for (const answer of [routed(url, init), routed(new URL(url), init), routed(new Request(url, init))]) {
    expect(await (await answer).text()).toBe(chatBody('hello')[0])
  }
  for (const body of [Buffer.from(init.body), new Blob([init.body])]) expect((await routed(url, { ...init, body })).status).toBe(200)
  const aborted = { ...init, signal: AbortSignal.abort(new Error('no')) }
  await expect(routed(url, aborted)).rejects.toThrow('no')
  expect(one.calls.length).toBe(5)
  expect((await routed(`${baseURL}/files`)).status).toBe(404)
})

test('a body that is too long is refused, as it is measured in bytes', async () => {
  const one = scriptedTarget('one', { says: chatBody('hello') })
  const body = JSON.stringify(chat('one', { user: 'ü'.repeat(100) }))
  const statusOf = async (maxBodyBytes: number) =>
    (await routedFetch(createRouter({ targets: [one] }), { maxBodyBytes })(`${baseURL}/chat/completions`, { method: 'POST', body })).status
  expect(await statusOf(Buffer.byteLength(body))).toBe(200)
  expect(await statusOf(Buffer.byteLength(body) - 1)).toBe(413)
})

test('calls have the context that the SDK is called in', async () => {
  const one = scriptedTarget('one', { says: chatBody('hello') })
  const router = createRouter({ targets: [one] })
  const receipts: Receipt[] = []
  const client = clientOf(router, { session: () => `${currentContext().tenant}/1` })
  const context = { tenant: 'acme', onReceipt: (receipt: Receipt) => void receipts.push(receipt) }
  await withContext(context, () => client.chat.completions.create(params))
  expect(receipts).toMatchObject([{ tenant: 'acme', session: 'acme/1' }])
})
