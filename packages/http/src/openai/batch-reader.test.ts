import type { Json } from '@routewise/core'
import { describe, expect, test } from 'vitest'
import type { WireCall } from '../call.ts'
import { createBatchReader } from './batch-reader.ts'
import { createEventCutter } from './event-cutter.ts'
import { createEventWire } from './event-wire.ts'
import { flavourTraits, type Flavour } from './flavour.ts'
import { callOf, wordsOf } from '../testing/calls.ts'

const secrets = { keyHeader: () => undefined, known: () => ['my-own-key'] }
const dataOf = (...events: unknown[]): string =>
  events.map(event => `data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`).join('')
const chunk = (delta: object, more: object = {}): Json => ({
  id: 'c',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'm-1',
  choices: [{ index: 0, delta, finish_reason: null }],
  ...more,
})
const finish = (reason: string, more: object = {}): Json => ({
  ...chunk({}),
  choices: [{ index: 0, delta: {}, finish_reason: reason }],
  ...more,
})
const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 }
const streamed = callOf({ model: 'm', messages: [], stream: true })
const wantsUsage = callOf({ model: 'm', stream: true, stream_options: { include_usage: true } })

const readerOf = (call: WireCall = streamed, flavour: Flavour = 'openai') =>
  createBatchReader(createEventWire(call, flavourTraits[flavour], secrets))
const read = (text: string, call?: WireCall, flavour?: Flavour) => {
  const { bytes, reading } = readerOf(call, flavour).read(Buffer.from(text))
  return { text: bytes.toString(), reading }
}

describe('a batch of a chat', () => {
  test('passes byte for byte, and says its words when it is asked', () => {
    const text = `data: {"choices":[{"delta":{"content":"He"}}] }\r\n\r\n: ping\n\nevent: x\ndata: {"choices":[{"delta":{"content":"llo"}}],\ndata: "a":1}\n\n`
    const batch = read(text)
    expect(batch.text).toBe(text)
    expect(batch.reading.meaningful).toBe(true)
    expect(wordsOf([batch.reading])).toMatchObject({ text: 'Hello', characters: 5 })
  })

  test('a role, a comment and an empty word say nothing yet', () => {
    for (const event of [dataOf(chunk({ role: 'assistant', content: '' })), ': ping\n\n', '\n\n', dataOf(chunk({ content: null }))]) {
      expect(read(event).reading.meaningful).toBe(false)
    }
  })

  test.each([
    ['text', { content: 'Hi' }, 2, 'Hi'],
    ['reasoning_content', { reasoning_content: 'Hmm' }, 3, ''],
    ['reasoning', { reasoning: 'Hmm' }, 3, ''],
    [
      'parts',
      {
        content: [
          { type: 'thinking', thinking: [{ type: 'text', text: 'Hmm' }] },
          { type: 'text', text: 'Hi' },
        ],
      },
      5,
      'Hi',
    ],
    ['a call', { tool_calls: [{ index: 1, id: 'c', function: { name: 'look', arguments: '{"a"' } }] }, 8, ''],
    ['a call without words', { tool_calls: [{ index: 0, id: 'c', type: 'function' }] }, 0, ''],
  ])('%s is content', (_, delta, characters, text) => {
    const { reading } = read(dataOf(chunk(delta)))
    expect(reading.meaningful).toBe(true)
    expect(wordsOf([reading])).toMatchObject({ characters, text })
  })

  test('pieces of calls belong together by their index', () => {
    const events = [
      chunk({ tool_calls: [{ index: 0, id: 'a', function: { name: 'look', arguments: '' } }] }),
      chunk({ tool_calls: [{ index: 0, function: { arguments: '{"x":' } }] }),
      chunk({ tool_calls: [{ index: 1, id: 'b', function: { name: 'ask', arguments: '{}' } }] }),
      chunk({ tool_calls: [{ index: 0, function: { arguments: '1}' } }] }),
    ]
    expect(wordsOf([read(dataOf(...events)).reading]).calls).toEqual({ 0: 'look{"x":1}', 1: 'ask{}' })
  })

  test('how it ends and what it cost is read at once, and only what its sender asked for is passed on', () => {
    const before = dataOf(chunk({ content: 'one' }), chunk({ content: 'two' }), finish('stop'))
    const own = dataOf({ id: 'c', choices: [], usage })
    const plain = read(`${before}${own}data: [DONE]\n\n`)
    expect(plain.text).toBe(before)
    expect(plain.reading).toMatchObject({ meaningful: true, finish: 'stop', model: 'm-1', usage: { inputTokens: 10, outputTokens: 5 } })
    expect(wordsOf([plain.reading]).text).toBe('onetwo')
    expect(read(`${before}${own}data: [DONE]\n\n`, wantsUsage).text).toBe(before + own)
  })

  test('what comes behind the usage is passed on', () => {
    const text = dataOf(finish('stop'), { choices: [], usage }) + ': bye\n\n'
    expect(read(text).text).toBe(`${dataOf(finish('stop'))}: bye\n\n`)
  })

  test.each([
    ['with the end', finish('stop', { usage })],
    ["in Groq's own place", finish('stop', { x_groq: { id: 'r', usage } })],
  ])('usage %s is read, and told as an event of its own where that is wanted', (_, event) => {
    expect(read(dataOf(event)).reading.usage).toMatchObject({ inputTokens: 10, outputTokens: 5 })
    expect(readerOf().end()).toBeUndefined()
    const reader = readerOf(wantsUsage)
    reader.read(Buffer.from(dataOf(event, '[DONE]')))
    expect(reader.end()?.toString()).toBe(
      dataOf({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm-1', choices: [], usage }),
    )
  })

  test('usage that came as an event of its own is not told twice', () => {
    const reader = readerOf(wantsUsage)
    reader.read(Buffer.from(dataOf(finish('stop', { usage }))))
    reader.read(Buffer.from(dataOf({ choices: [], usage })))
    expect(reader.end()).toBeUndefined()
  })

  test('the service tier is that of the response, else the one that was asked for', () => {
    const asked = callOf({ model: 'm', stream: true, service_tier: 'flex' })
    const tierOf = (event: unknown) => read(dataOf(event), asked).reading.usage?.serviceTier
    expect(tierOf({ choices: [], usage })).toBe('flex')
    expect(tierOf({ choices: [], usage, service_tier: 'default' })).toBe('default')
  })

  test('a refusal waits for its end, which it decides', () => {
    const reader = readerOf()
    const first = reader.read(Buffer.from(dataOf(chunk({ refusal: 'No' })))).reading
    expect(first).toMatchObject({ meaningful: false, contentChars: 2 })
    expect(reader.read(Buffer.from(dataOf(finish('stop')))).reading.finish).toBe('refusal')
    expect(read(dataOf(chunk({ refusal: 'No' }), chunk({ refusal: '!' }), finish('stop'))).reading.finish).toBe('refusal')
  })

  test.each([
    [
      'an error',
      dataOf({ error: { message: 'Overloaded, my-own-key', type: 'server_error', code: 'server_is_overloaded' } }),
      'overloaded',
    ],
    ["Mistral's and vLLM's", dataOf({ object: 'error', message: 'too slow', type: 'internal_server_error', code: 500 }), 'server'],
    ["xAI's", dataOf({ code: 'Some resource has been exhausted', error: 'rate limit reached' }), 'rate_limit'],
    ['a named event', 'event: error\ndata: {"message":"internal server error"}\n\n', 'server'],
    ['a named event of no known shape', 'event: error\ndata: "oh"\n\n', 'server'],
    ['what is no JSON', 'data: {"choices":[{"del\n\n', 'truncated'],
  ])('%s is a failure, and not passed on', (_, event, kind) => {
    const before = dataOf(chunk({ content: 'one' }))
    const { text, reading } = read(`${before}${event}data: [DONE]\n\n`)
    expect(text).toBe(before)
    expect(reading.failure?.kind).toBe(kind)
    expect(reading.failure?.message).not.toContain('my-own-key')
    expect(wordsOf([reading]).text).toBe('one')
  })

  test("Mistral's thoughts stand beside a text, as OpenAI's clients know it", () => {
    const thought = chunk({ content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'Hmm' }] }] })
    const said = chunk({ content: 'Hi' })
    const { text, reading } = read(dataOf(thought, said, '[DONE]'), streamed, 'mistral')
    expect(text).toBe(dataOf(chunk({ content: '', reasoning_content: 'Hmm' }), said))
    expect(wordsOf([reading])).toMatchObject({ text: 'Hi', characters: 5 })
  })
})

describe('a batch of Responses', () => {
  const responses = callOf({ model: 'm', input: 'Hi', stream: true }, 'responses')
  const event = (type: string, more: object) => `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`
  const response = {
    id: 'r',
    model: 'm-1',
    status: 'completed',
    output: [],
    service_tier: 'priority',
    usage: { input_tokens: 10, output_tokens: 5, total_tokens: 15 },
  }

  test('passes byte for byte, and says what it says', () => {
    const text =
      event('response.created', { response: { ...response, status: 'in_progress' } }) +
      event('response.reasoning_summary_text.delta', { delta: 'Hmm' }) +
      event('response.output_text.delta', { delta: 'He', logprobs: [] }) +
      event('response.output_text.delta', { delta: 'llo' }) +
      event('response.output_text.done', { text: 'Hello' }) +
      event('response.output_item.added', { output_index: 2, item: { type: 'function_call', name: 'look', arguments: '' } }) +
      event('response.function_call_arguments.delta', { output_index: 2, delta: '{}' }) +
      event('response.function_call_arguments.done', { output_index: 2, arguments: '{}' }) +
      event('response.completed', { response: { ...response, output: [{ type: 'function_call' }] } })
    const batch = read(text, responses)
    expect(batch.text).toBe(text)
    expect(batch.reading).toMatchObject({
      meaningful: true,
      finish: 'tool-calls',
      model: 'm-1',
      usage: { inputTokens: 10, outputTokens: 5, serviceTier: 'priority' },
    })
    expect(wordsOf([batch.reading])).toEqual({ text: 'Hello', characters: 14, calls: { 2: 'look{}' } })
  })

  test.each([
    ['response.created', { response: { model: 'm-1' } }, { meaningful: false, model: 'm-1' }],
    ['response.content_part.added', { part: {} }, { meaningful: false }],
    ['response.refusal.delta', { delta: 'No' }, { meaningful: false, contentChars: 2 }],
    [
      'response.incomplete',
      { response: { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } } },
      { meaningful: false, finish: 'length' },
    ],
  ])('%s', (type, more, expected) => {
    expect(read(event(type, more), responses).reading).toEqual(expected)
  })

  test.each([
    ['response.failed', { response: { status: 'failed', error: { code: 'rate_limit_exceeded', message: 'Slow down.' } } }, 'rate_limit'],
    ['response.failed', { response: { status: 'failed', error: null } }, 'server'],
    ['error', { code: 'server_error', message: 'Oh.', param: null }, 'server'],
    ['error', { error: { type: 'tokens', code: 'context_length_exceeded', message: 'Too long.' } }, 'context_overflow'],
  ])('%s is a failure, and not passed on', (type, more, kind) => {
    const { text, reading } = read(event(type, more), responses)
    expect(text).toBe('')
    expect(reading.failure?.kind).toBe(kind)
  })
})

test('a stream says the same wherever the network cuts it', () => {
  const stream =
    dataOf(chunk({ role: 'assistant', content: '' })) +
    dataOf(chunk({ content: 'Caf\u00e9 ' }), chunk({ content: '👩‍🚀' })).replaceAll('\n', '\r\n') +
    ': ping\r\r' +
    dataOf(chunk({ tool_calls: [{ index: 0, id: 'a', function: { name: 'look', arguments: '{}' } }] }), finish('tool_calls')) +
    dataOf({ choices: [], usage }, '[DONE]')
  const bytes = Buffer.from(stream)
  for (let first = 1; first < bytes.length; first += 1) {
    const cutter = createEventCutter(1_000_000)
    const reader = readerOf()
    const batches = [bytes.subarray(0, first), bytes.subarray(first)].flatMap(piece => {
      const whole = cutter.cut(piece)
      return whole === undefined ? [] : [reader.read(whole)]
    })
    const readings = batches.map(({ reading }) => reading)
    expect(wordsOf(readings)).toEqual({ text: 'Caf\u00e9 👩‍🚀', characters: 16, calls: { 0: 'look{}' } })
    expect(readings.map(({ finish }) => finish).filter(end => end !== undefined)).toEqual(['tool-calls'])
    expect(readings.some(({ usage }) => usage?.inputTokens === 10)).toBe(true)
    const passed = Buffer.concat(batches.map(batch => batch.bytes)).toString()
    // Half of a line's end may be left of an event that was taken out.
    expect(passed.trimEnd()).toBe(stream.slice(0, stream.indexOf('data: {"choices":[],')).trimEnd())
  }
})
