import type { ModelCard, Usage } from '@routewise/core'
import { expect, test } from 'vitest'
import { anthropicBody } from './anthropic-answer.ts'
import { createAnthropicStream } from './anthropic-stream.ts'
import type { AnswerEvent, AnswerHead } from '../types.ts'
import { readSignature } from './signature.ts'

const usage: Usage = {
  inputTokens: 2006,
  cacheReadTokens: 1920,
  cacheWriteTokens: 64,
  cacheWriteTokensByTtl: { '1h': 40 },
  outputTokens: 300,
  reasoningTokens: 120,
}
const head = {
  id: 'a'.repeat(24),
  card: { id: 'claude-haiku-4-5' } as ModelCard,
  usage: { ...usage, outputTokens: 0, reasoningTokens: 0 },
} as AnswerHead

// Frames are read as a client would: by the fields that are there.
// oxlint-disable-next-line typescript/no-explicit-any
type Frame = any

function framesOf(events: readonly AnswerEvent[], showThinking = true): { event: string; data: Frame }[] {
  const stream = createAnthropicStream(head, showThinking)
  const wire = stream.start() + events.map(event => stream.event(event)).join('')
  return wire
    .split('\n\n')
    .filter(Boolean)
    .map(frame => {
      const [event, data] = frame.split('\n')
      return { event: event!.slice('event: '.length), data: JSON.parse(data!.slice('data: '.length)) }
    })
}

const call: AnswerEvent[] = [
  { type: 'tool-call', index: 0, id: '1', name: 'look', tokens: 5 },
  { type: 'tool-input', index: 0, json: '{"at":', tokens: 1 },
  { type: 'tool-input', index: 0, json: '1}', tokens: 1 },
  { type: 'tool-end', index: 0, id: '1', name: 'look', json: '{"at":1}' },
]

test('opens, fills and closes one block after the other, and names every frame by its type', () => {
  const frames = framesOf([
    { type: 'reasoning', text: 'Hm', tokens: 1 },
    { type: 'text', text: 'Hel', tokens: 1 },
    { type: 'text', text: 'lo', tokens: 1 },
    ...call,
    { type: 'finish', reason: 'tool-calls', usage },
  ])
  expect(frames.every(({ event, data }) => event === data.type)).toBe(true)
  expect(
    frames.map(({ event, data }) =>
      [event, data.index, data.delta?.type ?? data.content_block?.type].filter(value => value !== undefined).join(' '),
    ),
  ).toEqual([
    'message_start',
    'content_block_start 0 thinking',
    'ping',
    'content_block_delta 0 thinking_delta',
    'content_block_delta 0 signature_delta',
    'content_block_stop 0',
    'content_block_start 1 text',
    'content_block_delta 1 text_delta',
    'content_block_delta 1 text_delta',
    'content_block_stop 1',
    'content_block_start 2 tool_use',
    'content_block_delta 2 input_json_delta',
    'content_block_delta 2 input_json_delta',
    'content_block_delta 2 input_json_delta',
    'content_block_stop 2',
    'message_delta',
    'message_stop',
  ])
})

test('tells the input at the start and everything, cumulatively, at the end', () => {
  const frames = framesOf([
    { type: 'text', text: 'Hello', tokens: 1 },
    { type: 'finish', reason: 'stop', usage },
  ])
  expect(frames[0]!.data.message.usage).toMatchObject({
    input_tokens: 22,
    cache_read_input_tokens: 1920,
    cache_creation_input_tokens: 64,
    cache_creation: { ephemeral_5m_input_tokens: 24, ephemeral_1h_input_tokens: 40 },
    output_tokens: 1,
    service_tier: 'standard',
  })
  const delta = frames.find(({ event }) => event === 'message_delta')!.data
  expect(delta.delta).toMatchObject({ stop_reason: 'end_turn', stop_sequence: null, stop_details: null })
  expect(delta.usage).toMatchObject({
    input_tokens: 22,
    cache_read_input_tokens: 1920,
    output_tokens: 300,
    output_tokens_details: { thinking_tokens: 120 },
  })
})

test('leaves thinking out where it is not shown, but signs it', () => {
  const frames = framesOf(
    [
      { type: 'reasoning', text: 'Hm', tokens: 1 },
      { type: 'text', text: 'Hi', tokens: 1 },
    ],
    false,
  )
  expect(frames.some(({ data }) => data.delta?.type === 'thinking_delta')).toBe(false)
  const signature = frames.find(({ data }) => data.delta?.type === 'signature_delta')!.data.delta.signature
  expect(readSignature(signature)!.signs('Hm')).toBe(true)
})

test('a refusal ends the message with its reason and an explanation', () => {
  const frames = framesOf([
    { type: 'refusal', text: 'I cannot help with that.', tokens: 5 },
    { type: 'finish', reason: 'refusal', usage },
  ])
  expect(frames.map(({ event }) => event)).toEqual(['message_start', 'message_delta', 'message_stop'])
  expect(frames[1]!.data.delta).toMatchObject({
    stop_reason: 'refusal',
    stop_details: { type: 'refusal', explanation: 'I cannot help with that.' },
  })
})

test('an error in the stream is an event of its own', () => {
  expect(createAnthropicStream(head, true).error({ kind: 'overloaded' })).toMatch(
    /^event: error\ndata: \{"type":"error","error":\{"type":"overloaded_error","message":"Overloaded"\}/,
  )
})

test('a whole message has the same blocks', () => {
  const body = anthropicBody(
    head,
    {
      parts: [
        { type: 'reasoning', text: 'Hm' },
        { type: 'text', text: 'Hello' },
        { type: 'tool-call', id: '1', name: 'look', json: '{"at":1}' },
      ],
      reason: 'stop',
      stopSequence: 'END',
      usage,
    },
    true,
  )
  expect(body).toMatchObject({
    id: `msg_01${'a'.repeat(24)}`,
    content: [
      { type: 'thinking', thinking: 'Hm' },
      { type: 'text', text: 'Hello' },
      { type: 'tool_use', id: 'toolu_011', name: 'look', input: { at: 1 } },
    ],
    stop_reason: 'stop_sequence',
    stop_sequence: 'END',
    usage: { input_tokens: 22, output_tokens: 300 },
  })
})
