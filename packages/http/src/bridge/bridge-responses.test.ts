import type { Json } from '@routewise/core'
import { createManualClock } from '@routewise/core/testing'
import { describe, expect, test } from 'vitest'
import { validateResponse, validateResponseEvent } from '../../../../test/openai/validate.ts'
import type { WireChunk } from '../call.ts'
import { calling, counted, each, eventsOf, hear, lastOf, type Event } from '../testing/bridged.ts'
import { chatChunks, chatWhole, chunk, MODEL, responsesCall } from '../testing/chat-script.ts'
import { bridgeResponses } from './bridge-responses.ts'

const whole = async (answer: WireChunk, request: Json = {}): Promise<Json> => {
  const call = responsesCall({ model: 'auto', input: 'Hi', ...request })
  for await (const { bytes } of bridgeResponses(call, () => each([answer]), { ids: counted(), clock: createManualClock() }))
    return JSON.parse(new TextDecoder().decode(bytes)) as Json
  throw new Error('Nothing came.')
}

describe('a whole chat answer becomes a response', () => {
  test('with its text, its refusal, its thoughts and its calls as items', async () => {
    const message = {
      reasoning_content: 'Hm.',
      content: 'Hello',
      refusal: 'but no',
      tool_calls: [{ id: 'call_a', type: 'function', function: { name: 'weather', arguments: '{"city":"Kiel"}' } }],
    }
    const response = await whole(chatWhole(message, { finish: 'tool_calls' }))
    expect(validateResponse(response)).toEqual([])
    expect(response).toMatchObject({ id: 'resp_1', created_at: 1_795_262_400, status: 'completed', model: MODEL, store: false })
    expect(response['output']).toEqual([
      { id: 'rs_chat_2', type: 'reasoning', status: 'completed', summary: [{ type: 'summary_text', text: 'Hm.' }] },
      {
        id: 'msg_3',
        type: 'message',
        status: 'completed',
        role: 'assistant',
        content: [
          { type: 'output_text', text: 'Hello', annotations: [], logprobs: [] },
          { type: 'refusal', refusal: 'but no' },
        ],
      },
      { id: 'fc_4', type: 'function_call', status: 'completed', call_id: 'call_a', name: 'weather', arguments: '{"city":"Kiel"}' },
    ])
    expect(response['usage']).toEqual({
      input_tokens: 12,
      input_tokens_details: { cached_tokens: 5, cache_write_tokens: 0 },
      output_tokens: 7,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: 19,
    })
  })

  test('that repeats the settings it was asked with', async () => {
    const settings = {
      instructions: 'Be kind.',
      max_output_tokens: 50,
      metadata: { user: '7' },
      temperature: 0.5,
      tool_choice: 'none',
      tools: [{ type: 'function', name: 'f', parameters: {}, strict: false }],
      text: { format: { type: 'json_object' }, verbosity: 'low' },
      reasoning: { effort: 'low', summary: 'auto' },
    }
    expect(await whole(chatWhole({ content: '{}' }), settings)).toMatchObject(settings)
  })

  test.each([
    ['length', { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } }],
    ['content_filter', { status: 'incomplete', incomplete_details: { reason: 'content_filter' } }],
    ['error', { status: 'failed', error: { code: 'server_error' } }],
    ['stop', { status: 'completed', completed_at: 1_795_262_400, incomplete_details: null, error: null }],
  ])('that ends by %s as its status says', async (finish, expected) => {
    expect(await whole(chatWhole({ content: 'Hello' }, { finish }))).toMatchObject(expected)
  })

  test.each([
    ['flex', 'flex'],
    ['standard', null],
  ])('served in the tier %s, which goes by %j', async (tier, expected) => {
    const answer = chatWhole({ content: 'Hi' })
    const reading = { ...answer.reading, usage: { ...answer.reading.usage, serviceTier: tier } }
    expect((await whole({ ...answer, reading }))['service_tier']).toBe(expected)
  })

  test('with the log-probabilities of its text', async () => {
    const logprobs = { content: [{ token: 'Hi', logprob: -0.1, bytes: [72, 105], top_logprobs: [] }], refusal: null }
    const response = await whole(chatWhole({ content: 'Hi' }, { logprobs }))
    expect(response).toMatchObject({ output: [{ content: [{ text: 'Hi', logprobs: logprobs.content }] }] })
  })

  test('from parts of a content, as Mistral writes them', async () => {
    const content = [
      { type: 'thinking', thinking: [{ type: 'text', text: 'Hm.' }] },
      { type: 'text', text: 'Hi' },
    ]
    expect(await whole(chatWhole({ content }))).toMatchObject({ output: [{ summary: [{ text: 'Hm.' }] }, { content: [{ text: 'Hi' }] }] })
  })
})

describe('a chat stream becomes events', () => {
  test('in OpenAI’s order, numbered, with the chat’s own readings', async () => {
    const script = { deltas: [{ reasoning_content: 'Hm.' }, { content: 'Hel' }, { content: 'lo' }] }
    const { events, readings } = await hear(chatChunks(script))
    expect(events.flatMap(validateResponseEvent)).toEqual([])
    expect(events.map(({ type }) => type.replace('response.', ''))).toEqual([
      'created',
      'in_progress',
      'output_item.added',
      'reasoning_summary_part.added',
      'reasoning_summary_text.delta',
      'reasoning_summary_text.done',
      'reasoning_summary_part.done',
      'output_item.done',
      'output_item.added',
      'content_part.added',
      'output_text.delta',
      'output_text.delta',
      'output_text.done',
      'content_part.done',
      'output_item.done',
      'completed',
    ])
    expect(events.map(event => event['sequence_number'])).toEqual(events.map((_, at) => at))
    expect(readings).toEqual(chatChunks(script).map(({ reading }) => reading))
  })

  test('the last of which waits for usage, and does without where the chat ends first', async () => {
    const chunks = chatChunks({ deltas: [{ content: 'Hi' }] })
    expect(lastOf((await hear(chunks)).events)).toMatchObject({ type: 'response.completed', response: { usage: { total_tokens: 19 } } })
    expect(lastOf((await hear(chunks.slice(0, -1))).events)).toMatchObject({ type: 'response.completed', response: { usage: null } })
  })

  test('the last of which comes where the line breaks, or stays open, after the end was told', async () => {
    const chunks = chatChunks({ deltas: [{ content: 'Hi' }] }).slice(0, -1)
    const broken = await hear(chunks, { error: new Error('reset') })
    expect([lastOf(broken.events).type, broken.thrown]).toEqual(['response.completed', undefined])

    const clock = createManualClock()
    const silent = async function* () {
      yield* chunks
      await new Promise(() => {})
    }
    const events: Event[] = []
    const heard = (async () => {
      const call = responsesCall({ input: 'Hi', stream: true })
      for await (const { bytes } of bridgeResponses(call, silent, { clock })) events.push(...eventsOf(bytes))
    })()
    await clock.advance(1_999)
    expect(lastOf(events).type).not.toBe('response.completed')
    await clock.advance(1)
    await heard
    expect(lastOf(events).type).toBe('response.completed')
    expect(clock.pending()).toBe(0)
  })

  test('of which the last says that the chat has failed', async () => {
    const cause = { message: 'Overloaded.' }
    const failed = chunk({ error: cause }, { meaningful: false, failure: { kind: 'overloaded', message: 'Overloaded.', cause } })
    const { events } = await hear([...chatChunks({ deltas: [{ content: 'Hi' }] }).slice(0, 2), failed])
    expect(lastOf(events)).toMatchObject({ type: 'response.failed', response: { status: 'failed', error: { message: 'Overloaded.' } } })
    expect(events.flatMap(validateResponseEvent)).toEqual([])
  })

  test('with the item that broke off incomplete, and those before it not', async () => {
    const deltas = [{ content: 'Hi' }, calling(0, 'a', 'f', '{}'), calling(1, 'b', 'g', '{"x"')]
    const { response } = lastOf((await hear(chatChunks({ deltas, finish: 'length' }))).events) as Event & { response: { output: Json[] } }
    expect(response.output.map(item => item['status'])).toEqual(['completed', 'completed', 'incomplete'])
  })

  test('one item for each call, told apart by index, by id, and named late', async () => {
    const deltas = [
      calling(0, 'a', 'f', '{"x":'),
      calling(1, 'b', undefined, '{'),
      calling(0, undefined, undefined, '1}'),
      calling(1, undefined, 'g', '}'),
      calling(0, 'c', 'f', '[]'),
    ]
    const { events } = await hear(chatChunks({ deltas, finish: 'tool_calls' }))
    const { response } = lastOf(events) as Event & { response: { output: Json[] } }
    expect(response.output.map(item => [item['call_id'], item['name'], item['arguments']])).toEqual([
      ['a', 'f', '{"x":1}'],
      ['b', 'g', '{}'],
      ['c', 'f', '[]'],
    ])
  })

  test('of custom tools, whose input is any text', async () => {
    const deltas = [{ tool_calls: [{ index: 0, id: 'a', type: 'custom', custom: { name: 'sh', input: 'ls' } }] }]
    const { events } = await hear(chatChunks({ deltas, finish: 'tool_calls' }))
    expect(events.flatMap(validateResponseEvent)).toEqual([])
    expect(events.map(({ type }) => type)).toContain('response.custom_tool_call_input.done')
    expect(lastOf(events)).toMatchObject({ response: { output: [{ type: 'custom_tool_call', call_id: 'a', name: 'sh', input: 'ls' }] } })
  })
})
