import { type AIMessageChunk, HumanMessage, ToolMessage } from '@langchain/core/messages'
import { tool } from '@langchain/core/tools'
import { ChatOpenAI, OpenAIEmbeddings } from '@langchain/openai'
import { openaiEmbeddingTarget } from '@routewise/http'
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { serveAt } from './servers.ts'
import { upstreams } from './upstreams.ts'

const [openai, , , mistral, , , anthropic, google] = upstreams
const bare = { apiKey: 'test', maxRetries: 0, model: 'auto' }
const weather = tool(() => 'sunny', { name: 'weather', description: 'Weather of a city', schema: z.object({ city: z.string() }) })
const person = z.object({ name: z.string(), age: z.number().int() })

function totals({ usage_metadata: usage = {} }: { usage_metadata?: object | undefined }) {
  return Object.fromEntries(Object.entries(usage).filter(([name]) => name.endsWith('_tokens')))
}

const each = [false, true].flatMap(useResponsesApi =>
  [openai!, mistral!, anthropic!, google!].map(upstream => ({
    useResponsesApi,
    upstream,
    name: `ChatOpenAI on ${useResponsesApi ? 'Responses' : 'chat completions'} of ${upstream.name}`,
  })),
)

describe.each(each)('$name', ({ useResponsesApi, upstream }) => {
  const open = async () => {
    const { place } = await serveAt('Express', sim => ({ targets: [upstream.open(sim)] }))
    return new ChatOpenAI({ ...bare, useResponsesApi, configuration: place })
  }

  test('says the same whole and in a stream, and tells usage', async () => {
    const model = await open()
    const whole = await model.invoke('hello')
    let streamed: AIMessageChunk | undefined
    for await (const chunk of await model.stream('hello')) streamed = streamed?.concat(chunk) ?? chunk
    expect(whole.text).toMatch(/\w/)
    expect(streamed!.text).toBe(whole.text)
    expect(totals(whole)).toEqual({ input_tokens: expect.any(Number), output_tokens: expect.any(Number), total_tokens: expect.any(Number) })
    expect(totals(streamed!)).toEqual(totals(whole))
  })

  test('calls tools, whole and in a stream, and answers their results', async () => {
    const model = (await open()).bindTools([weather])
    const message = await model.invoke('weather?')
    let streamed: AIMessageChunk | undefined
    for await (const chunk of await model.stream('weather?')) streamed = streamed?.concat(chunk) ?? chunk
    const [call] = message.tool_calls!
    expect(call).toMatchObject({ name: 'weather', args: { city: expect.stringMatching(/\w/) } })
    expect(streamed!.tool_calls).toMatchObject([{ name: 'weather', args: call!.args }])
    const answer = await model.invoke([
      new HumanMessage('weather?'),
      message,
      new ToolMessage({ tool_call_id: call!.id!, content: 'sunny' }),
    ])
    expect([answer.text, answer.tool_calls]).toEqual([expect.stringMatching(/\w/), []])
  })

  test.each(['functionCalling', 'jsonSchema'] as const)('gives structured output by %s', async method => {
    const structured = (await open()).withStructuredOutput(person, { name: 'person', method })
    expect(person.safeParse(await structured.invoke('extract')).success).toBe(true)
  })
})

test('OpenAIEmbeddings embeds', async () => {
  const { place } = await serveAt('Express', sim => ({
    embeddings: [openaiEmbeddingTarget({ baseURL: sim.url('openai'), apiKey: 'test', model: 'text-embedding-3-small' })],
  }))
  const vectors = await new OpenAIEmbeddings({ ...bare, configuration: place }).embedDocuments(['whales', 'ships'])
  expect(vectors.map(vector => vector.length)).toEqual([1536, 1536])
})

test('ChatOpenAI fails as on OpenAI', async () => {
  const { place } = await serveAt('Express', sim => ({ targets: [openai!.open(sim)], retry: false }), {
    faults: [{ effect: { type: 'http-error', kind: 'quota' } }],
  })
  await expect(new ChatOpenAI({ ...bare, configuration: place }).invoke('hello')).rejects.toMatchObject({
    status: 429,
    code: 'insufficient_quota',
  })
})
