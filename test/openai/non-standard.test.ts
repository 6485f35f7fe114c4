import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createEndpoint, createRouter, openaiTarget } from '@routewise/http'
import { onTestFinished, expect, test } from 'vitest'
import { eventsOf, hear } from './hear.ts'
import { upstreams, serve } from './upstreams.ts'

/** A provider that answers with what it is given to say, and keeps what it was asked. */
async function provider(says: { contentType: string; body: string }) {
  const asked: { body: string; path: string }[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (part: Buffer) => (body += part.toString()))
    request.on('end', () => {
      asked.push({ body, path: request.url ?? '' })
      response.writeHead(200, { 'content-type': says.contentType }).end(says.body)
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
  const target = openaiTarget({ baseURL, model: 'house-model', id: 'house', flavour: 'vllm' })
  return { asked, send: createEndpoint(createRouter({ targets: [target] })) }
}

interface Chunk {
  choices: { delta: Record<string, string | undefined> }[]
}

const facts = { id: 'chatcmpl-1', created: 1_790_000_000, model: 'house-model' }
const usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5, prompt_tokens_details: null, queue_time: 0.25 }
// Spaces, an exponent, a large number, an escape and a repeated key: a body that is parsed and written again loses all of them.
const WHOLE = `{ "id": "chatcmpl-1", "object": "chat.completion", "created": 1790000000, "model": "house-model",
  "choices": [ { "index": 0, "finish_reason": "stop", "stop_reason": 128009, "logprobs": null,
    "message": { "role": "assistant", "content": "4\\u00b2", "refusal": null, "reasoning": "Hm.", "reasoning_content": "Hm.", "reasoning_details": [ { "type": "reasoning.text", "text": "Hm." } ] } } ],
  "usage": ${JSON.stringify(usage)}, "prompt_logprobs": null, "kv_transfer_params": null, "provider": "Inhouse", "big": 12345678901234567890, "tiny": 1e-7 }`

const REQUEST = `{"model":"auto", "messages":[{"role":"user","content":"4?","cache_control":{"type":"ephemeral"},"x_note":1.0}],
  "top_k":40, "min_p":5e-2, "repetition_penalty":1.10, "seed":12345678901234567890, "chat_template_kwargs":{"enable_thinking":false}, "guided_choice":["4","5"], "extra":null}`

test('what is no part of the API reaches the provider, and comes back', async () => {
  const { asked, send } = await provider({ contentType: 'application/json', body: WHOLE })
  const { status, text } = await hear(send, '/chat/completions', REQUEST)
  expect([status, text]).toEqual([200, WHOLE])
  expect(asked).toEqual([{ path: '/v1/chat/completions', body: REQUEST.replace('"auto"', '"house-model"') }])
})

test('a stream comes as its provider wrote it', async () => {
  const chunk = (delta: object, more: object = {}) =>
    `data: ${JSON.stringify({ ...facts, object: 'chat.completion.chunk', choices: [{ index: 0, delta, logprobs: null, finish_reason: null, ...more }], 'x-vendor': { a: [1] } })}\n\n`
  const events = [
    ': WORKING ON IT\n\n',
    chunk({ role: 'assistant', content: '' }),
    chunk({ reasoning: 'Hm.', reasoning_content: 'Hm.', reasoning_details: [{ type: 'reasoning.text', text: 'Hm.' }] }),
    chunk({ content: '4²' }, { token_ids: [7] }),
    chunk({}, { finish_reason: 'stop', native_finish_reason: 'STOP' }),
    `data: ${JSON.stringify({ ...facts, object: 'chat.completion.chunk', choices: [], usage })}\n\n`,
  ]
  const { asked, send } = await provider({ contentType: 'text/event-stream', body: `${events.join('')}data: [DONE]\n\n` })
  const request = REQUEST.replace(/}$/, ', "stream":true, "stream_options":{"include_usage":true, "x_more":1} }')
  const { text } = await hear(send, '/chat/completions', request)
  const heard = eventsOf(text)
  expect(heard).toEqual(eventsOf(`${events.join('')}data: [DONE]\n\n`))
  expect(asked[0]!.body).toBe(request.replace('"auto"', '"house-model"'))
})

test.each(['include_usage', 'nothing'])(
  'members of a stream that asks for %s are kept where usage is asked for on its behalf',
  async wanted => {
    const body = [
      {
        ...facts,
        object: 'chat.completion.chunk',
        choices: [{ index: 0, delta: { role: 'assistant', content: 'Hi', thought: 'Hm' }, finish_reason: null }],
        a: 1,
      },
      { ...facts, object: 'chat.completion.chunk', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
      { ...facts, object: 'chat.completion.chunk', choices: [], usage },
    ].map(event => `data: ${JSON.stringify(event)}\n\n`)
    const { asked, send } = await provider({ contentType: 'text/event-stream', body: `${body.join('')}data: [DONE]\n\n` })
    const options = wanted === 'include_usage' ? { stream_options: { include_usage: true } } : {}
    const { text } = await hear(send, '/chat/completions', {
      model: 'auto',
      messages: [{ role: 'user', content: 'Hi' }],
      stream: true,
      top_k: 4,
      ...options,
    })
    expect(JSON.parse(asked[0]!.body)).toMatchObject({ top_k: 4, stream_options: { include_usage: true } })
    const events = eventsOf(text)
    expect(events[0]!.data).toMatchObject({ a: 1, choices: [{ delta: { thought: 'Hm' } }] })
    expect(events.filter(({ data }) => JSON.stringify(data).includes('queue_time'))).toHaveLength(wanted === 'include_usage' ? 1 : 0)
  },
)

test('what a model thinks comes with what it says, by the name that its provider has for it', async () => {
  const [, , deepseek, mistral, , groq, anthropic] = upstreams
  const simulator = { recordings: { match: () => ({ answer: { reasoning: 'Hm, four.', text: 'Four.' } }) } }
  const think = { reasoning_format: 'parsed', reasoning_effort: 'high' }
  for (const [upstream, name] of [
    [deepseek!, 'reasoning_content'],
    [mistral!, 'reasoning_content'],
    [groq!, 'reasoning'],
    [anthropic!, 'reasoning_content'],
  ] as const) {
    const { send } = await serve(sim => ({ targets: [upstream.open(sim)] }), { simulator })
    const request = { model: 'auto', messages: [{ role: 'user', content: 'What is 2 + 2?' }], max_completion_tokens: 30_000, ...think }
    const whole = JSON.parse((await hear(send, '/chat/completions', request)).text) as { choices: { message: Record<string, unknown> }[] }
    expect([upstream.name, whole.choices[0]!.message]).toMatchObject([upstream.name, { content: 'Four.', [name]: 'Hm, four.' }])
    const streamed = eventsOf((await hear(send, '/chat/completions', { ...request, stream: true })).text)
    const thoughts = streamed.flatMap(({ data }) =>
      typeof data === 'object' ? (data as Chunk).choices.map(({ delta }) => delta[name] ?? '') : [],
    )
    expect([upstream.name, thoughts.join('')]).toEqual([upstream.name, 'Hm, four.'])
  }
})
