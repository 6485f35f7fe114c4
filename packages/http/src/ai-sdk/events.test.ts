import type { LanguageModelV4GenerateResult, LanguageModelV4StreamPart as Part } from '@ai-sdk/provider'
import { jsonOf, objectsOf, type Json } from '@routewise/core'
import { convertArrayToReadableStream, MockLanguageModelV4 } from 'ai/test'
import { expect, test } from 'vitest'
import { createRouter } from '../router.ts'
import { aiSdkTarget } from './target.ts'
import { ask, eventsIn } from '../testing/ai-sdk.ts'

const usage = { inputTokens: { total: 7, noCache: 4, cacheRead: 3, cacheWrite: 0 }, outputTokens: { total: 5, text: 3, reasoning: 2 } }
const finish: Part = { type: 'finish', usage, finishReason: { unified: 'stop', raw: 'stop' } }
const text = (...deltas: readonly string[]): Part[] => [
  { type: 'text-start', id: 't' },
  ...deltas.map((delta): Part => ({ type: 'text-delta', id: 't', delta })),
  { type: 'text-end', id: 't' },
]
const messages = [{ role: 'user', content: 'Hi' }]

/** A model of the user's own, unless `provider` says whose package it is of. */
function routerOf(answer: Partial<LanguageModelV4GenerateResult> | readonly Part[], provider?: string) {
  const model = new MockLanguageModelV4({
    modelId: 'mock',
    ...(provider !== undefined && { provider }),
    ...(isParts(answer)
      ? { doStream: async () => ({ stream: convertArrayToReadableStream([...answer]) }) }
      : { doGenerate: async () => ({ content: [], finishReason: { unified: 'stop', raw: 'stop' }, usage, warnings: [], ...answer }) }),
  })
  const card = { input: 1, output: 1 }
  const clock = { now: () => 0, wall: () => 5_000, after: () => () => undefined }
  return createRouter({ targets: [aiSdkTarget(model, { id: 'one', card, newId: () => 'id', clock })], hedge: false })
}

const isParts = (answer: Partial<LanguageModelV4GenerateResult> | readonly Part[]): answer is readonly Part[] => Array.isArray(answer)

const streamed = async (parts: readonly Part[], more: Json = {}, provider?: string) =>
  eventsIn((await ask(routerOf(parts, provider), { messages, stream: true, ...more })).text)

const deltasOf = (events: readonly Json[]) => events.map(({ choices }) => jsonOf(objectsOf(choices)[0]?.['delta']))

test('a stream says who speaks, what, how it ended, and what it took where that is asked for', async () => {
  const events = await streamed(
    [{ type: 'response-metadata', id: 'r', modelId: 'm', timestamp: new Date(9_000) }, ...text('Hel', 'lo'), finish],
    {
      stream_options: { include_usage: true },
    },
  )
  const event = (delta: Json, finish_reason: string | null = null) => ({
    id: 'r',
    object: 'chat.completion.chunk',
    created: 9,
    model: 'm',
    choices: [{ index: 0, delta, logprobs: null, finish_reason }],
  })
  expect(events).toEqual([
    event({ role: 'assistant', content: '', refusal: null }),
    event({ content: 'Hel' }),
    event({ content: 'lo' }),
    event({}, 'stop'),
    {
      ...event({}),
      choices: [],
      usage: {
        prompt_tokens: 7,
        completion_tokens: 5,
        total_tokens: 12,
        prompt_tokens_details: { cached_tokens: 3, cache_write_tokens: 0, audio_tokens: 0 },
        completion_tokens_details: { reasoning_tokens: 2, audio_tokens: 0 },
      },
    },
  ])
})

test('ids and times are made where the provider gives none', async () => {
  const [first] = await streamed([...text('Hi'), finish])
  expect(first).toMatchObject({ id: 'chatcmpl-id', created: 5, model: 'mock' })
})

test('a tool call that comes whole is one call, and what the provider runs by itself is none', async () => {
  const call: Part = { type: 'tool-call', toolCallId: 'a', toolName: 'look', input: '{"x":1}' }
  const own: Part[] = [
    { type: 'tool-input-start', id: 'b', toolName: 'search', providerExecuted: true },
    { type: 'tool-input-delta', id: 'b', delta: '{}' },
    { type: 'tool-call', toolCallId: 'b', toolName: 'search', input: '{}', providerExecuted: true },
    { type: 'tool-call', toolCallId: 'c', toolName: 'search', input: '{}', providerExecuted: true },
  ]
  const events = await streamed([...own, call, { ...finish, finishReason: { unified: 'tool-calls', raw: undefined } }])
  expect(deltasOf(events).flatMap(({ tool_calls: calls }) => objectsOf(calls))).toEqual([
    { index: 0, id: 'a', type: 'function', function: { name: 'look', arguments: '' } },
    { index: 0, function: { arguments: '{"x":1}' } },
  ])
  expect(objectsOf(events.at(-1)!['choices'])[0]).toMatchObject({ finish_reason: 'tool_calls' })
})

test('calls whose input comes in turns keep their places', async () => {
  const parts: Part[] = [
    { type: 'tool-input-start', id: 'a', toolName: 'one' },
    { type: 'tool-input-start', id: 'b', toolName: 'two' },
    { type: 'tool-input-delta', id: 'b', delta: '{"b"' },
    { type: 'tool-input-delta', id: 'a', delta: '{"a":1}' },
    { type: 'tool-input-delta', id: 'b', delta: ':2}' },
    { type: 'tool-call', toolCallId: 'a', toolName: 'one', input: '{"a":1}' },
    { type: 'tool-call', toolCallId: 'b', toolName: 'two', input: '{"b":2}' },
  ]
  const json = ['', '']
  for (const { tool_calls: calls } of deltasOf(await streamed([...parts, finish])))
    for (const { index, function: called } of objectsOf(calls)) json[Number(index)] += jsonOf(called)['arguments'] as string
  expect(json).toEqual(['{"a":1}', '{"b":2}'])
})

const source: Part & { type: 'source' } = { type: 'source', sourceType: 'url', id: 's', url: 'https://example.com/', title: 'Example' }
const citation = (at: number) => ({
  type: 'url_citation',
  url_citation: { url: 'https://example.com/', title: 'Example', start_index: at, end_index: at },
})
const picture = { type: 'file', mediaType: 'image/png', data: { type: 'data', data: 'AAAA' } } as const
const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }

test('pages that are cited, and pictures that are made, streamed and whole', async () => {
  const deltas = deltasOf(await streamed([...text('Hi'), source, picture, finish]))
  expect(deltas.flatMap(({ annotations }) => annotations ?? [])).toEqual([citation(2)])
  expect(deltas.flatMap(({ images }) => images ?? [])).toEqual([image])
  const whole = await ask(routerOf({ content: [{ type: 'text', text: 'Hi' }, source, picture] }), { messages })
  expect(objectsOf(jsonOf(JSON.parse(whole.text))['choices'])[0]).toMatchObject({
    message: { annotations: [citation(2)], images: [image] },
  })
})

test('log-probabilities reach a client who asks for them, streamed and whole', async () => {
  const providerMetadata = { openai: { logprobs: [{ token: 'Hi', logprob: -0.1, top_logprobs: [{ token: 'Hi', logprob: -0.1 }] }] } }
  const top = { token: 'Hi', logprob: -0.1, bytes: [72, 105] }
  const expected = { content: [{ ...top, top_logprobs: [top] }], refusal: null }
  const events = await streamed([...text('Hi'), { ...finish, providerMetadata }], { logprobs: true }, 'openai.chat')
  expect(events.map(({ choices }) => objectsOf(choices)[0]?.['logprobs']).filter(sure => sure !== null)).toEqual([expected])
  const content = [{ type: 'text', text: 'Hi' }] as const
  const whole = await ask(routerOf({ content: [...content], providerMetadata }, 'openai.chat'), { messages, logprobs: true })
  expect(objectsOf(jsonOf(JSON.parse(whole.text))['choices'])[0]).toMatchObject({ logprobs: expected })
  const unasked = await ask(routerOf({ content: [...content], providerMetadata }, 'openai.chat'), { messages })
  expect(objectsOf(jsonOf(JSON.parse(unasked.text))['choices'])[0]).toMatchObject({ logprobs: null })
})

test("a model of the user's own may end without a word; one of a provider's may not", async () => {
  expect(objectsOf((await streamed(text('Hi'))).at(-1)!['choices'])[0]).toMatchObject({ finish_reason: 'stop' })
  await expect(streamed(text('Hi'), {}, 'openai.chat')).rejects.toMatchObject({ code: 'stream_interrupted' })
})

test('an error in the stream is thrown, and nothing after it is said', async () => {
  await expect(streamed([...text('Hi'), { type: 'error', error: new Error('broken') }, finish])).rejects.toMatchObject({
    code: 'stream_interrupted',
    partialText: 'Hi',
  })
})

test('no piece of a stream is empty: what only the router hears is a comment', async () => {
  const parts: Part[] = [{ type: 'custom', kind: 'a.b' }, ...text('Hi', ''), finish]
  const router = routerOf(parts)
  const sizes: number[] = []
  for await (const { bytes } of router.run({ api: 'chat', body: { messages }, stream: true, trace: { startedAt: 0, attempts: 0 } }))
    sizes.push(bytes.length)
  expect(sizes).toHaveLength(3)
  expect(Math.min(...sizes)).toBeGreaterThan(0)
})
