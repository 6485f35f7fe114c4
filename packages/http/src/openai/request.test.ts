import { objectsOf, type Json } from '@routewise/core'
import { expect, test } from 'vitest'
import { createRouter } from '../router.ts'
import type { Flavour } from './flavour.ts'
import type { OpenAITargetOptions } from './options.ts'
import { openaiEmbeddingTarget, openaiTarget } from './target.ts'
import { ask, callOf, open } from '../testing/calls.ts'
import { sendEvents, sendJson, startUpstream } from '../testing/upstream.ts'

const answer = {
  id: 'x',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Hi', refusal: null }, logprobs: null, finish_reason: 'stop' }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
}

/** What reaches the server of the body that is sent. */
async function received(text: string, options: Partial<OpenAITargetOptions> = {}): Promise<string> {
  const upstream = await startUpstream(response =>
    text.includes('"stream":true') ? sendEvents(response, 'data: [DONE]\n\n') : sendJson(response, answer),
  )
  await open(openaiTarget({ baseURL: upstream.url, model: 'm', flavour: 'openai', ...options }), callOf(text))
  return upstream.seen[0]!.body
}

const as = (flavour: Flavour, model = 'm'): Partial<OpenAITargetOptions> => ({ flavour, model })

test('only the model is another; every other byte is as it was written', async () => {
  const text =
    '{ "model" : "auto",\n "seed": 12345678901234567890, "messages":[{"role":"user","content":"caf\\u00e9 \\/ 👩‍🚀"}] , "x-own": 1.0 }'
  expect(await received(text)).toBe(text.replace('"auto"', '"m"'))
  expect(await received(text.replace('"auto"', '"m"'))).toBe(text.replace('"auto"', '"m"'))
})

test('a stream is asked for its usage, beside what else its sender wants of it', async () => {
  const text = '{"model":"m","messages":[],"stream":true}'
  expect(await received(text)).toBe('{"model":"m","messages":[],"stream":true,"stream_options":{"include_usage":true}}')
  const wanted = '{"model":"m","stream":true,"stream_options":{"include_obfuscation":false}}'
  expect(await received(wanted)).toBe('{"model":"m","stream":true,"stream_options":{"include_obfuscation":false,"include_usage":true}}')
  const asked = '{"model":"m","stream":true,"stream_options":{ "include_usage" : true }}'
  expect(await received(asked)).toBe(asked)
})

test("a limit has the name that the server knows, in its sender's own number", async () => {
  const old = '{"model":"m","max_tokens":5}'
  const today = '{"model":"m","max_completion_tokens":5}'
  expect(await received(today, as('deepseek'))).toBe(old)
  expect(await received(old, as('deepseek'))).toBe(old)
  // A model of OpenAI's that reasons, and one that does not.
  expect(await received(old.replace('"m"', '"gpt-6-luna"'), as('openai', 'gpt-6-luna'))).toBe(today.replace('"m"', '"gpt-6-luna"'))
  expect(await received(old.replace('"m"', '"gpt-4o"'), as('openai', 'gpt-4o'))).toBe(old.replace('"m"', '"gpt-4o"'))
  expect(await received('{"model":"m","max_tokens":5,"max_completion_tokens":7}', as('mistral'))).toBe(old)
})

test('a developer is a system where nobody knows developers', async () => {
  const text = '{"model":"m","messages":[{"role":"developer","content":"Be kind."},{"role":"user","content":"Hi"}]}'
  expect(await received(text)).toBe(text)
  expect(await received(text, as('groq'))).toBe(text.replace('developer', 'system'))
})

test('what another make of model keeps in an answer is taken back where it is known, and left out elsewhere', async () => {
  const call = { id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{}' } }
  const asked = { role: 'user', content: 'Rain?', name: 'Ann' }
  const plain = { role: 'assistant', content: null, refusal: null, tool_calls: [call] }
  const kept = { reasoning_content: 'Look.', reasoning_details: [{ type: 'reasoning.text', signature: 's' }], provider_metadata: {} }
  const answered = { ...plain, ...kept, tool_calls: [{ ...call, provider_metadata: { google: { thoughtSignature: 's' } } }] }
  const result = { role: 'tool', tool_call_id: 'call_1', content: 'No.' }
  const messages = [asked, answered, result]
  const sentTo = async (flavour: Flavour) =>
    objectsOf((JSON.parse(await received(JSON.stringify({ model: 'm', messages }), as(flavour))) as Json)['messages']).slice(0, 2)
  expect(await sentTo('openai')).toEqual([asked, plain])
  const { refusal: _, ...without } = plain
  expect(await sentTo('groq')).toEqual([asked, without])
  expect(await sentTo('deepseek')).toEqual([asked, { ...plain, reasoning_content: 'Look.' }])
  expect(await sentTo('openrouter')).toEqual([asked, { ...plain, reasoning_details: kept.reasoning_details }])
})

test('what a vendor refuses is left out', async () => {
  const text = '{"model":"m","store":false,"n":1,"metadata":{"a":"b"},"logit_bias":{},"user":"u"}'
  expect(await received(text)).toBe(text)
  expect(await received(text, as('groq'))).toBe('{"model":"m","n":1,"user":"u"}')
  expect(await received(text, as('mistral'))).toBe('{"model":"m","n":1}')
  expect(await received('{"model":"m","stream":true,"stream_options":{"include_usage":true}}', as('mistral'))).toBe(
    '{"model":"m","stream":true}',
  )
})

test('a body that was made here goes out as it is', async () => {
  const upstream = await startUpstream(response => sendJson(response, answer))
  const target = openaiTarget({ baseURL: upstream.url, model: 'm' })
  const body: Json = { model: 'auto', messages: [{ role: 'user', content: 'Hi' }] }
  await open(target, { ...callOf(body), text: undefined })
  expect(JSON.parse(upstream.seen[0]!.body)).toEqual({ ...body, model: 'm' })
})

test('only our own headers go out, the key in its place', async () => {
  const upstream = await startUpstream(response => sendJson(response, answer))
  const options = { baseURL: upstream.url, apiKey: 'sk-1', model: 'm', headers: { 'X-Team': 'blue' } }
  const call = {
    ...callOf({ model: 'm' }),
    headers: { 'x-own': 'yes', Authorization: 'Bearer thief', 'x-team': 'red', 'accept-encoding': 'gzip', host: 'evil' },
  }
  await open(openaiTarget(options), call)
  await open(openaiTarget({ ...options, flavour: 'azure' }), call)
  await open(openaiTarget({ ...options, apiKey: () => Promise.resolve('sk-2') }), call)
  const [first, azure, found] = upstream.seen.map(({ headers }) => headers)
  const { host, 'content-length': _, connection: __, ...rest } = first!
  expect(host).toBe(new URL(upstream.url).host)
  expect(rest).toEqual({
    authorization: 'Bearer sk-1',
    accept: 'application/json',
    'content-type': 'application/json',
    'user-agent': 'routewise',
    'x-own': 'yes',
    'x-team': 'blue',
  })
  expect(azure).toMatchObject({ 'api-key': 'sk-1' })
  expect(azure).not.toHaveProperty('authorization')
  expect(found).toMatchObject({ authorization: 'Bearer sk-2' })
})

test('each API has its path below the base', async () => {
  const upstream = await startUpstream((response, { url }) =>
    sendJson(response, url === '/v1/embeddings' ? { object: 'list', data: [], model: 'm', usage: {} } : answer),
  )
  const target = openaiTarget({ baseURL: `${upstream.url}/`, model: 'm', responses: true })
  await open(target, callOf({ model: 'm' }))
  await open(target, callOf({ model: 'm', input: 'Hi' }, 'responses'))
  await open(openaiEmbeddingTarget({ baseURL: upstream.url, model: 'm' }), callOf({ model: 'm', input: 'Hi' }, 'embeddings'))
  expect(upstream.seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
    'POST /v1/chat/completions',
    'POST /v1/responses',
    'POST /v1/embeddings',
  ])
})

test('vectors pass byte for byte, floats and base64, and have the length that the target is given', async () => {
  const body =
    '{"object":"list","data":[{"object":"embedding","index":0,"embedding":[1.0,-2.50e-3]},{"index":1,"embedding":"AACAPw=="}],"model":"m","usage":{"prompt_tokens":7,"total_tokens":7}}'
  const upstream = await startUpstream(response => sendJson(response, body))
  const target = openaiEmbeddingTarget({ baseURL: upstream.url, model: 'm', price: 2, dimensions: 8 })
  const call = callOf('{"model":"x","input":["a","b"],"encoding_format":"base64"}', 'embeddings')
  const { text, receipt } = await ask(createRouter({ embeddings: [target] }), call)
  expect(text).toBe(body)
  expect(receipt.costNanoUsd).toBe(14_000)
  expect(upstream.seen[0]!.body).toBe('{"model":"m","input":["a","b"],"encoding_format":"base64","dimensions":8}')
})
