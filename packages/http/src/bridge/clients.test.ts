import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createOpenAI } from '@ai-sdk/openai'
import type { Json } from '@routewise/core'
import { generateText, isStepCount, Output, streamText, tool } from 'ai'
import OpenAI from 'openai'
import { zodFunction, zodTextFormat } from 'openai/helpers/zod'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import * as z from 'zod'
import type { WireCall, WireChunk } from '../call.ts'
import { calling } from '../testing/bridged.ts'
import { chatChunks, chatWhole, responsesCall } from '../testing/chat-script.ts'
import { bridgeResponses } from './bridge-responses.ts'
import { checkResponsesRequest } from './check-responses-request.ts'

/** What the chat model says, by the chat request it gets. */
let answer: (chat: Json) => { message: Json; deltas: readonly Json[]; finish?: string }
/** Chat requests that came. */
const asked: Json[] = []
let cut = false

async function* chat({ body, stream }: WireCall): AsyncGenerator<WireChunk> {
  asked.push(body)
  const { message, deltas, finish = 'stop' } = answer(body)
  if (!stream) yield chatWhole(message, { finish })
  else yield* chatChunks({ deltas, finish }).slice(0, cut ? 3 : undefined)
}

/** Answers `POST /responses` by chats, as an endpoint does. */
const server = createServer((request, response) => void respond(request, response))

async function respond(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
  let text = ''
  for await (const part of request) text += String(part)
  const body = JSON.parse(text) as Json
  const fault = checkResponsesRequest(body)
  if (fault !== undefined) {
    response.writeHead(400, { 'content-type': 'application/json' })
    return response.end(JSON.stringify({ error: { ...fault, type: 'invalid_request_error', code: null } }))
  }
  response.setHeader('content-type', body['stream'] === true ? 'text/event-stream' : 'application/json')
  for await (const { bytes } of bridgeResponses(responsesCall(body), chat)) response.write(bytes)
  if (!cut) return response.end()
  return response.write(':\n\n', () => response.destroy())
}

let openai: OpenAI
let provider: ReturnType<typeof createOpenAI>
beforeAll(async () => {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  openai = new OpenAI({ apiKey: 'k', baseURL, maxRetries: 0 })
  provider = createOpenAI({ apiKey: 'k', baseURL })
})
afterAll(() => new Promise(resolve => server.close(resolve)))
beforeEach(() => {
  asked.length = 0
  cut = false
  answer = () => ({
    message: { reasoning_content: 'Hm.', content: 'Hello' },
    deltas: [{ reasoning: 'Hm.' }, { content: 'Hel' }, { content: 'lo' }],
  })
})

const city = z.object({ city: z.string() })
const callsThenTells = () => {
  answer = ({ messages }) => {
    const told = (messages as readonly Json[]).some(({ role }) => role === 'tool')
    if (told) return { message: { content: 'Sunny.' }, deltas: [{ content: 'Sunny.' }] }
    const tool_calls = [{ id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"city":"Kiel"}' } }]
    const deltas = [
      calling(0, 'call_1', 'weather', ''),
      calling(0, undefined, undefined, '{"city":'),
      calling(0, undefined, undefined, '"Kiel"}'),
    ]
    return { message: { content: null, tool_calls }, deltas, finish: 'tool_calls' }
  }
}

describe('the openai SDK', () => {
  test('creates a response, whole and streamed', async () => {
    const response = await openai.responses.create({ model: 'm', input: 'Hi' })
    expect(response).toMatchObject({ output_text: 'Hello', status: 'completed', usage: { total_tokens: 19 } })
    let streamed = ''
    for await (const event of await openai.responses.create({ model: 'm', input: 'Hi', stream: true }))
      if (event.type === 'response.output_text.delta') streamed += event.delta
    expect(streamed).toBe('Hello')
  })

  test('streams to a final response', async () => {
    const stream = openai.responses.stream({ model: 'm', input: 'Hi' })
    const final = await stream.finalResponse()
    expect(final.output_text).toBe('Hello')
    expect(final.output.map(({ type }) => type)).toEqual(['reasoning', 'message'])
  })

  test('parses structured output and tool calls', async () => {
    answer = () => ({ message: { content: '{"city":"Kiel"}' }, deltas: [{ content: '{"city":' }, { content: '"Kiel"}' }] })
    const text = { format: zodTextFormat(city, 'place') }
    expect((await openai.responses.parse({ model: 'm', input: 'Where?', text })).output_parsed).toEqual({ city: 'Kiel' })
    expect((await openai.responses.stream({ model: 'm', input: 'Where?', text }).finalResponse()).output_parsed).toEqual({ city: 'Kiel' })
    expect(asked[0]).toMatchObject({ response_format: { type: 'json_schema', json_schema: { name: 'place', strict: true } } })

    callsThenTells()
    const { function: weather } = zodFunction({ name: 'weather', parameters: city })
    const tools = [{ type: 'function' as const, name: 'weather', strict: true, parameters: weather.parameters as Record<string, unknown> }]
    const called = await openai.responses.parse({ model: 'm', input: 'Weather?', tools })
    expect(called.output).toMatchObject([{ type: 'function_call', call_id: 'call_1', parsed_arguments: { city: 'Kiel' } }])
    const output = { type: 'function_call_output' as const, call_id: 'call_1', output: 'sunny' }
    const input = [{ role: 'user', content: 'Weather?' }, ...called.output, output] as OpenAI.Responses.ResponseInput
    const last = await openai.responses.create({ model: 'm', input, tools })
    expect(last.output_text).toBe('Sunny.')
  })

  test('never takes a stream that was cut for a whole one', async () => {
    cut = true
    await expect(openai.responses.stream({ model: 'm', input: 'Hi' }).finalResponse()).rejects.toThrow(/terminated|Connection/)
  })

  test('hears what cannot be done, and what to do instead', async () => {
    const refused = openai.responses.create({ model: 'm', input: 'Hi', previous_response_id: 'resp_1' })
    await expect(refused).rejects.toMatchObject({ status: 400, param: 'previous_response_id', message: expect.stringContaining('`input`') })
  })
})

describe('@ai-sdk/openai', () => {
  test('generates and streams text with thoughts', async () => {
    const result = await generateText({ model: provider('m'), prompt: 'Hi' })
    expect([result.text, result.reasoningText, result.finishReason, result.usage.inputTokens]).toEqual(['Hello', 'Hm.', 'stop', 12])
    const stream = streamText({ model: provider('m'), prompt: 'Hi' })
    expect([await stream.text, await stream.reasoningText, await stream.finishReason]).toEqual(['Hello', 'Hm.', 'stop'])
    expect((await stream.usage).inputTokenDetails.cacheReadTokens).toBe(5)
  })

  test.each([true, false])('calls tools and goes on, streamed: %s', async streamed => {
    callsThenTells()
    const call = {
      model: provider('m'),
      prompt: 'Weather?',
      tools: { weather: tool({ inputSchema: city, execute: ({ city: place }) => `sunny in ${place}` }) },
      stopWhen: isStepCount(3),
      providerOptions: { openai: { store: false } },
    }
    expect(await (streamed ? streamText(call).text : generateText(call).then(({ text }) => text))).toBe('Sunny.')
    expect((asked[1]!['messages'] as Json[]).slice(1)).toEqual([
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"city":"Kiel"}' } }],
      },
      { role: 'tool', tool_call_id: 'call_1', content: 'sunny in Kiel' },
    ])
  })

  test('gives structured output', async () => {
    answer = () => ({ message: { content: '{"city":"Kiel"}' }, deltas: [{ content: '{"city":"Kiel"}' }] })
    const { output } = await generateText({ model: provider('m'), prompt: 'Where?', output: Output.object({ schema: city }) })
    expect(output).toEqual({ city: 'Kiel' })
  })

  test('is told how to send a conversation on', async () => {
    callsThenTells()
    const referring = generateText({
      model: provider('m'),
      maxRetries: 0,
      messages: [
        { role: 'user', content: 'Hi' },
        { role: 'assistant', content: [{ type: 'text', text: 'Hello', providerOptions: { openai: { itemId: 'msg_1' } } }] },
        { role: 'user', content: 'Weather?' },
      ],
    })
    await expect(referring).rejects.toThrow(/store: false/)
  })
})
