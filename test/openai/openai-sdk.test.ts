import { openaiEmbeddingTarget } from '@routewise/http'
import type { SimulatorOptions } from '@routewise/simulator'
import OpenAI, { APIError, InternalServerError, NotFoundError, RateLimitError, BadRequestError } from 'openai'
import { zodFunction, zodResponseFormat, zodTextFormat } from 'openai/helpers/zod'
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { places, serveAt } from './servers.ts'
import { upstreams } from './upstreams.ts'

const apiKey = 'test'
const [openai, , , mistral, , , anthropic, google] = upstreams
const user = (content: string) => ({ role: 'user' as const, content })
const city = z.object({ city: z.string(), days: z.number().int() })
const weather = { name: 'weather', description: 'Weather of a city', parameters: city }
const chatTool = zodFunction(weather)
const ticket = z.object({ title: z.string(), kind: z.enum(['bug', 'feature']) })

const open = (upstream = openai!, where = 'Express', simulator: SimulatorOptions = {}) =>
  serveAt(
    where,
    sim => ({
      retry: false,
      breaker: false,
      targets: [upstream.open(sim)],
      embeddings: [openaiEmbeddingTarget({ baseURL: sim.url('openai'), apiKey, model: 'text-embedding-3-small' })],
    }),
    simulator,
  )
const clientAt = async (...world: Parameters<typeof open>) => new OpenAI({ ...(await open(...world)).place, apiKey, maxRetries: 0 })

const each = [
  ...Object.keys(places).map(where => ({ upstream: openai!, where })),
  ...[mistral!, anthropic!, google!].map(upstream => ({ upstream, where: 'Express' })),
].map(({ upstream, where }) => ({ name: `${upstream.name} on ${where}`, upstream, where }))

describe.each(each)('$name', ({ upstream, where }) => {
  const client = () => clientAt(upstream, where)

  test('chats, whole and in a stream, with the response beside it', async () => {
    const sdk = await client()
    const body = { model: 'auto', messages: [user('hello')] }
    const { data, response, request_id: id } = await sdk.chat.completions.create(body).withResponse()
    expect(data.choices[0]!.message.content).toMatch(/\w/)
    expect(id).toBe(response.headers.get('x-request-id'))
    expect(response.headers.get('x-routewise-model')).toBe(upstream.model)
    expect(Number(response.headers.get('x-routewise-cost-usd'))).toBeGreaterThan(0)
    let text = ''
    for await (const chunk of await sdk.chat.completions.create({ ...body, stream: true })) text += chunk.choices[0]?.delta.content ?? ''
    expect(text).toBe(data.choices[0]!.message.content)
  })

  test('the stream helper tells of every piece, and puts them together', async () => {
    const sdk = await client()
    const seen: string[] = []
    const stream = sdk.chat.completions
      .stream({ model: 'auto', messages: [user('hello')], stream_options: { include_usage: true } })
      .on('content.delta', ({ delta }) => seen.push(delta))
    const [final, usage] = [await stream.finalChatCompletion(), await stream.totalUsage()]
    expect(seen.join('')).toBe(final.choices[0]!.message.content)
    expect(final.choices[0]!.finish_reason).toBe('stop')
    expect(usage.completion_tokens).toBeGreaterThan(0)
  })

  test('the stream helper puts calls together', async () => {
    const sdk = await client()
    const done: string[] = []
    const stream = sdk.chat.completions
      .stream({ model: 'auto', messages: [user('weather?')], tools: [chatTool] })
      .on('tool_calls.function.arguments.done', ({ name }) => done.push(name))
    const [call] = (await stream.finalChatCompletion()).choices[0]!.message.tool_calls!
    expect(done).toEqual(['weather'])
    expect(call?.type === 'function' && city.safeParse(call.function.parsed_arguments).success).toBe(true)
  })

  test('parse gives what the schema says', async () => {
    const sdk = await client()
    const chatted = await sdk.chat.completions.parse({
      model: 'auto',
      messages: [user('extract')],
      response_format: zodResponseFormat(ticket, 'ticket'),
    })
    expect(ticket.safeParse(chatted.choices[0]!.message.parsed).success).toBe(true)
    const responded = await sdk.responses.parse({ model: 'auto', input: 'extract', text: { format: zodTextFormat(ticket, 'ticket') } })
    expect(ticket.safeParse(responded.output_parsed).success).toBe(true)
  })

  test.each([false, true])('runTools goes round to an answer, streaming: %s', async stream => {
    const sdk = await client()
    const asked: string[] = []
    const run = (args: { city: string }) => {
      asked.push(typeof args.city)
      return 'sunny'
    }
    const tools = [zodFunction({ ...weather, function: run })]
    const request = { model: 'auto', messages: [user('weather?')], tools }
    const { completions } = sdk.chat
    const runner = stream ? completions.runTools({ ...request, stream }) : completions.runTools(request)
    expect(await runner.finalContent()).toMatch(/\w/)
    expect(asked).toEqual(['string'])
  })

  test('responds, whole and in a stream', async () => {
    const sdk = await client()
    const whole = await sdk.responses.create({ model: 'auto', input: 'hello' })
    expect([whole.output_text, whole.status]).toEqual([expect.stringMatching(/\w/), 'completed'])
    let text = ''
    for await (const event of await sdk.responses.create({ model: 'auto', input: 'hello', stream: true })) {
      if (event.type === 'response.output_text.delta') text += event.delta
    }
    expect(text).toBe(whole.output_text)
  })

  test('the stream helper of responses puts text and calls together', async () => {
    const sdk = await client()
    const seen: string[] = []
    const stream = sdk.responses.stream({ model: 'auto', input: 'hello' }).on('response.output_text.delta', ({ delta }) => seen.push(delta))
    const final = await stream.finalResponse()
    expect(seen.join('')).toBe(final.output_text)
    const tool = { type: 'function' as const, name: 'weather', parameters: z.toJSONSchema(city), strict: true }
    const called = await sdk.responses.stream({ model: 'auto', input: 'weather?', tools: [tool] }).finalResponse()
    const call = called.output.find(item => item.type === 'function_call')
    expect(city.safeParse(JSON.parse(call!.arguments)).success).toBe(true)
    const input = [user('weather?'), call!, { type: 'function_call_output' as const, call_id: call!.call_id, output: 'sunny' }]
    const answer = await sdk.responses.create({ model: 'auto', input, tools: [tool] })
    expect(answer.output_text).toMatch(/\w/)
  })

  test('embeds, as numbers, whatever goes over the wire', async () => {
    const sdk = await client()
    const byDefault = await sdk.embeddings.create({ model: 'auto', input: ['whales', 'ships'] })
    const asNumbers = await sdk.embeddings.create({ model: 'text-embedding-3-small', input: ['whales', 'ships'], encoding_format: 'float' })
    expect(byDefault.data.map(({ embedding }) => embedding.length)).toEqual([1536, 1536])
    expect(byDefault.data[1]!.embedding[0]).toBeCloseTo(asNumbers.data[1]!.embedding[0]!, 5)
  })

  test('lists its models, and knows each', async () => {
    const sdk = await client()
    const ids: string[] = []
    for await (const { id } of sdk.models.list()) ids.push(id)
    expect(ids).toEqual(expect.arrayContaining(['auto', 'text-embedding-3-small']))
    expect(await Promise.all(ids.map(async id => (await sdk.models.retrieve(id)).id))).toEqual(ids)
  })
})

test('errors are those of the API', async () => {
  const sdk = await clientAt()
  const ask = (more: object) => sdk.chat.completions.create({ model: 'auto', messages: [user('hello')], ...more })
  await expect(ask({ model: 'gpt-9' })).rejects.toThrow(NotFoundError)
  await expect(ask({ n: 2 })).rejects.toThrow(BadRequestError)
  await expect(ask({ n: 2 })).rejects.toMatchObject({
    status: 400,
    code: 'unsupported_value',
    param: 'n',
    requestID: expect.stringMatching(/\w/),
  })
})

test.each([
  ['quota', RateLimitError],
  ['server', InternalServerError],
  ['auth', InternalServerError],
  ['overloaded', InternalServerError],
] as const)('what fails by %s is asked once, however often the client would', async (kind, type) => {
  const { sim, place } = await open(openai, 'Express', { faults: [{ effect: { type: 'http-error', kind } }] })
  const eager = new OpenAI({ ...place, apiKey, maxRetries: 5 })
  await expect(eager.chat.completions.create({ model: 'auto', messages: [user('hello')] })).rejects.toThrow(type)
  expect(sim.requests.length).toBe(1)
})

test('who is told when to come back comes back then', async () => {
  const limited = { effect: { type: 'http-error', kind: 'rate-limit', retryAfterMs: 20 }, times: 1 } as const
  const { sim, place } = await open(openai, 'Express', { faults: [limited] })
  const patient = new OpenAI({ ...place, apiKey, maxRetries: 1 })
  const { choices } = await patient.chat.completions.create({ model: 'auto', messages: [user('hello')] })
  expect([choices[0]!.finish_reason, sim.requests.length]).toEqual(['stop', 2])
})

test.each(['chat', 'responses'])('a stream of %s that breaks off is an error for whoever reads it', async api => {
  for (const upstream of [openai!, anthropic!]) {
    const { place } = await open(upstream, 'Express', { faults: [{ effect: { type: 'cut', at: 'midway' } }] })
    const sdk = new OpenAI({ ...place, apiKey, maxRetries: 0 })
    let pieces = 0
    const read = async () => {
      const stream =
        api === 'chat'
          ? await sdk.chat.completions.create({ model: 'auto', messages: [user('hello')], stream: true })
          : await sdk.responses.create({ model: 'auto', input: 'hello', stream: true })
      for await (const _ of stream) pieces += 1
    }
    await expect(read()).rejects.toThrow(APIError)
    expect(pieces).toBeGreaterThan(1)
  }
})
