import type { Json } from '@routewise/core'
import { startSimulator } from '@routewise/simulator'
import type OpenAI from 'openai'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Flavour } from './flavour.ts'
import { openaiEmbeddingTarget, openaiTarget } from './target.ts'
import { createRouter } from '../router.ts'
import { ask, callOf, hello, routerOf, wordsOf } from '../testing/calls.ts'
import { sendEvents, sendJson, startUpstream } from '../testing/upstream.ts'

let sim: Awaited<ReturnType<typeof startSimulator>>
beforeAll(async () => {
  sim = await startSimulator({ timeScale: 10_000 })
})
beforeEach(() => sim.bill.clear())
afterAll(() => sim.close())

const vendors: readonly (readonly [provider: string, flavour: Flavour, model: string])[] = [
  ['openai', 'openai', 'gpt-6-luna'],
  ['deepseek', 'deepseek', 'deepseek-v4-flash'],
  ['mistral', 'mistral', 'mistral-large-2512'],
  ['xai', 'xai', 'grok-4.5'],
  ['groq', 'groq', 'openai/gpt-oss-120b'],
  ['moonshotai', 'compatible', 'kimi-k3'],
  ['alibaba', 'compatible', 'qwen3.7-max'],
]

const look = {
  name: 'look',
  description: 'Looks.',
  parameters: { type: 'object', properties: { at: { type: 'string' } }, required: ['at'] },
}
const prefix = 'The rules of the house are long and never change. '.repeat(400)

/** Bodies that make vendors count differently: cached prompts, thoughts, calls, a limit that cuts in. */
const chats: Record<string, Json> = {
  'a question': hello,
  'a cached prompt': {
    messages: [
      { role: 'developer', content: prefix },
      { role: 'user', content: 'And?' },
    ],
    prompt_cache_key: 'k',
  },
  'a call': { messages: [{ role: 'user', content: 'Look at it.' }], tools: [{ type: 'function', function: look }] },
  'a limit': { messages: [{ role: 'user', content: 'Tell me all.' }], max_completion_tokens: 16 },
  'a tier': { messages: [{ role: 'user', content: 'Slowly.' }], service_tier: 'flex' },
}

describe.each(vendors)('%s', (provider, flavour, model) => {
  const target = () =>
    openaiTarget({
      baseURL: sim.url(provider),
      apiKey: `key-of-${provider}`,
      model,
      flavour,
      // Of those that are simulated, two answer Responses.
      responses: provider === 'openai' || provider === 'xai',
    })

  describe.each([false, true])('streamed: %j', stream => {
    test.each(Object.entries(chats))('the bill of a chat is the receipt, to the nano-dollar: %s', async (_, body) => {
      const router = routerOf(target())
      for (let turn = 0; turn < 2; turn += 1) {
        const { receipt } = await ask(router, callOf({ ...body, stream }))
        await sim.settled()
        expect(receipt.costNanoUsd).toBe(sim.bill.rows.at(-1)?.costNanoUsd)
        expect(receipt.costNanoUsd).toBeGreaterThan(0)
        expect(receipt.attempts[0]).not.toHaveProperty('estimated', true)
      }
    })

    test('the bill of Responses is the receipt, to the nano-dollar', async () => {
      const router = routerOf(target())
      for (const input of [
        'Hello',
        [
          { role: 'developer', content: prefix },
          { role: 'user', content: 'And?' },
        ],
      ]) {
        const { receipt, text } = await ask(router, callOf({ input, stream }, 'responses'))
        await sim.settled()
        expect(receipt.costNanoUsd).toBe(sim.bill.rows.at(-1)?.costNanoUsd)
        expect(text).toContain(stream ? 'event: response.completed' : '"object":"response"')
      }
    })
  })
})

test('vectors cost what the bill says', async () => {
  const target = openaiEmbeddingTarget({ baseURL: sim.url('openai'), apiKey: 'k', model: 'text-embedding-3-small', flavour: 'openai' })
  const { receipt } = await ask(createRouter({ embeddings: [target] }), callOf({ input: ['one text', 'another one'] }, 'embeddings'))
  await sim.settled()
  expect(receipt.costNanoUsd).toBe(100)
  expect(receipt.attempts[0]?.usage).toMatchObject({ inputTokens: 5 })
})

/** A stream as a vendor writes it, recorded. */
async function recorded(provider: string, flavour: Flavour, model: string, api: 'chat' | 'responses'): Promise<string> {
  const body: Json = api === 'chat' ? { ...chats['a call'], stream: true } : { input: 'Tell me.', stream: true }
  const path = api === 'chat' ? '/chat/completions' : '/responses'
  const options = flavour === 'mistral' ? {} : { stream_options: { include_usage: true } }
  const response = await fetch(sim.url(provider) + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer k' },
    body: JSON.stringify({ ...body, ...(api === 'chat' && options), model, max_output_tokens: api === 'chat' ? undefined : 24 }),
  })
  return response.text()
}

describe('an answer that breaks off', () => {
  test.each([
    ['openai', 'openai', 'gpt-6-luna', 'chat'],
    ['openai', 'openai', 'gpt-6-luna', 'responses'],
    ['groq', 'groq', 'openai/gpt-oss-120b', 'chat'],
    ['mistral', 'mistral', 'mistral-large-2512', 'chat'],
  ] as const)('of %s (%s, %s, %s) is an error wherever it does, and a whole one never is', async (provider, flavour, model, api) => {
    const stream = Buffer.from(await recorded(provider, flavour, model, api))
    const text = stream.toString()
    // The event that ends it, to its empty line.
    const terminal = api === 'responses' ? text.indexOf('event: response.incomplete') : text.search(/data: [^\n]*"finish_reason":"/)
    expect(terminal).toBeGreaterThan(0)
    const wholeAt = Buffer.byteLength(text.slice(0, text.indexOf('\n\n', terminal) + 2))
    let cut = stream.length
    const upstream = await startUpstream(response => sendEvents(response, stream.subarray(0, cut)))
    const router = routerOf(openaiTarget({ baseURL: upstream.url, model, flavour }))
    const call = () => callOf(api === 'chat' ? { ...hello, stream: true } : { input: 'Hi', stream: true }, api)
    const step = process.env['ROUTEWISE_LONG'] === '1' ? 1 : Math.max(1, Math.floor(stream.length / 400))
    const places = new Set([0, stream.length, wholeAt - 1, wholeAt, wholeAt + 1])
    for (let place = 0; place < stream.length; place += step) places.add(place)
    for (cut of places) {
      const outcome = await ask(router, call()).then(
        () => 'whole',
        () => 'error',
      )
      expect([cut, outcome]).toEqual([cut, cut >= wholeAt ? 'whole' : 'error'])
    }
  })
})

describe('what a model says', () => {
  test('its calls reach the client byte for byte', async () => {
    const wild = '{"at":"caf\\u00e9 \\/ \\ud83d\\ude80 🚀\\n","n":1.0e+2}'
    const events = [
      {
        choices: [
          {
            index: 0,
            delta: { role: 'assistant', tool_calls: [{ index: 0, id: 'c', type: 'function', function: { name: 'look', arguments: '' } }] },
          },
        ],
      },
      ...Array.from(wild, letter => ({ choices: [{ index: 0, delta: { tool_calls: [{ index: 0, function: { arguments: letter } }] } }] })),
      { choices: [{ index: 0, delta: {}, finish_reason: 'tool_calls' }] },
    ]
    const stream = events.map(event => `data: ${JSON.stringify(event)}\n\n`).join('')
    const upstream = await startUpstream(response => sendEvents(response, `${stream}data: [DONE]\n\n`))
    const { text, chunks } = await ask(routerOf(openaiTarget({ baseURL: upstream.url, model: 'm' })), callOf({ ...hello, stream: true }))
    expect(text).toBe(stream)
    expect(wordsOf(chunks.map(({ reading }) => reading)).calls).toEqual({ 0: `look${wild}` })
  })

  test('a whole answer passes byte for byte where it has all that clients expect', async () => {
    const body =
      '{ "id":"x","object":"chat.completion","created":1,"model":"m-2","choices":[ {"index":0,"message":{"role":"assistant","content":"caf\\u00e9","refusal":null,"own":1.0},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}\n'
    const upstream = await startUpstream(response => sendJson(response, body))
    const { text, receipt } = await ask(routerOf(openaiTarget({ baseURL: upstream.url, model: 'm' })), callOf(hello))
    expect(text).toBe(body)
    expect(receipt.target).toBe('m')
  })

  test('what a vendor leaves out is put in, and nothing else is touched', async () => {
    const body =
      '{"id":"x","created":1.0,"choices":[ { "index":0,"message": {"role":"assistant","content":"caf\\u00e9"},"finish_reason":"stop"} ],"usage":{"prompt_tokens":1,"completion_tokens":1}}'
    const upstream = await startUpstream(response => sendJson(response, body))
    const { text } = await ask(routerOf(openaiTarget({ baseURL: upstream.url, model: 'm' })), callOf(hello))
    expect(text).toBe(body.replace('[ { ', '[ {"logprobs":null, ').replace('"message": {', '"message": {"refusal":null,'))
  })

  test("Mistral's thoughts stand beside a text", async () => {
    const { text } = await ask(
      routerOf(openaiTarget({ baseURL: sim.url('mistral'), apiKey: 'k', model: 'mistral-medium-3-5', flavour: 'mistral' })),
      callOf({ ...hello, reasoning_effort: 'high' }),
    )
    const { choices } = JSON.parse(text) as OpenAI.ChatCompletion
    expect(choices[0]?.message).toMatchObject({ content: expect.any(String), refusal: null, reasoning_content: expect.any(String) })
  })

  test('a stream that was asked for and comes whole is the answer all the same', async () => {
    const body = {
      id: 'x',
      object: 'chat.completion',
      created: 1,
      model: 'm',
      choices: [{ index: 0, message: { role: 'assistant', content: 'Hi' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
    }
    const upstream = await startUpstream(response => sendJson(response, body))
    const { text, receipt } = await ask(routerOf(openaiTarget({ baseURL: upstream.url, model: 'm' })), callOf({ ...hello, stream: true }))
    const events = text
      .trim()
      .split('\n\n')
      .map(event => JSON.parse(event.slice('data: '.length)) as OpenAI.ChatCompletionChunk)
    expect(events[0]?.choices[0]).toMatchObject({ delta: { role: 'assistant', content: 'Hi' }, finish_reason: 'stop' })
    expect(receipt.attempts[0]?.usage).toMatchObject({ inputTokens: 1, outputTokens: 1 })
  })
})
