import type { ModelCard } from '@routewise/core'
import { expect, test } from 'vitest'
import { anthropicError } from './anthropic-errors.ts'
import { parseAnthropicRequest } from './anthropic-request.ts'
import { generationOf } from './anthropic-rules.ts'
import { ProblemError } from '../types.ts'
import type { OperationContext, SimRequest } from '../types.ts'
import { sign } from './signature.ts'

const capabilities = { reasoning: true, forcedTool: true, sampling: true } as ModelCard['capabilities']
const cards: Record<string, ModelCard> = {
  'claude-haiku-4-5': {
    id: 'claude-haiku-4-5',
    tokenFactor: 1,
    maxOutputTokens: 64_000,
    contextTokens: 200_000,
    capabilities,
  } as ModelCard,
  'claude-opus-5-5': {
    id: 'claude-opus-5-5',
    tokenFactor: 1.3,
    contextTokens: 1_000_000,
    capabilities: { ...capabilities, forcedTool: false, sampling: false },
  } as ModelCard,
}
const context = { findModel: (id: string) => cards[id] } as OperationContext
const headers = { 'x-api-key': 'key', 'anthropic-version': '2023-06-01' }

function parse(body: object, counting = false): SimRequest {
  const request = { model: 'claude-haiku-4-5', max_tokens: 100, messages: [{ role: 'user', content: 'Hello' }], ...body }
  return parseAnthropicRequest(
    { method: 'POST', path: '/v1/messages', query: new URLSearchParams(), headers, body: request },
    context,
    counting,
  )
}

function refusal(body: object): string {
  try {
    parse(body)
  } catch (error) {
    if (error instanceof ProblemError) return error.message
    throw error
  }
  throw new Error('the request was taken')
}

const tool = (name: string) => ({ name, input_schema: { type: 'object', properties: {} } })
const user = (...content: object[]) => ({ role: 'user', content })
const assistant = (...content: object[]) => ({ role: 'assistant', content })
const text = (value: string, cache?: object) => ({ type: 'text', text: value, ...(cache === undefined ? {} : { cache_control: cache }) })
const call = (id: string) => ({ type: 'tool_use', id, name: 'look', input: {} })
const result = (id: string) => ({ type: 'tool_result', tool_use_id: id, content: 'fine' })
const ephemeral = (ttl?: string) => ({ type: 'ephemeral', ...(ttl === undefined ? {} : { ttl }) })

test('lays the prompt out as tools, system, messages, with the markers where the caller put them', () => {
  const request = parse({
    system: [text('Be brief.', ephemeral('1h'))],
    tools: [tool('look')],
    messages: [user(text('Hello'), text('there', ephemeral()))],
  })
  expect(request.blocks.map(block => [block.section, block.text, block.cache?.ttl])).toEqual([
    ['tools', '{"input_schema":{"properties":{},"type":"object"},"name":"look"}', undefined],
    ['system', 'Be brief.', '1h'],
    ['messages', 'Hello', undefined],
    ['messages', 'there', '5m'],
  ])
  expect(request).toMatchObject({ prompt: 'Hello\nthere', turn: 'user', maxOutputTokens: 100, toolChoice: { type: 'auto' } })
})

test('a top-level cache_control marks the last block that can carry a marker', () => {
  const thinking = { type: 'thinking', thinking: 'Hm', signature: sign('anthropic', 'Hm') }
  const request = parse({ cache_control: ephemeral(), messages: [{ role: 'user', content: 'Hello' }, assistant(text('Hi'), thinking)] })
  expect(request.blocks.map(block => [block.text, block.cache?.ttl])).toEqual([
    ['Hello', undefined],
    ['Hi', '5m'],
    ['Hm', undefined],
  ])
  const four = [1, 2, 3, 4].map(part => text(`${part}`, ephemeral()))
  expect(refusal({ cache_control: ephemeral(), messages: [user(...four, text('5'))] })).toBe(
    'A maximum of 4 blocks with cache_control may be provided. Found 5.',
  )
  expect(refusal({ cache_control: ephemeral('1h'), messages: [user(text('1', ephemeral()))] })).toMatch('another ttl')
})

test('a longer lifetime must come first', () => {
  expect(refusal({ messages: [user(text('a', ephemeral()), text('b', ephemeral('1h')))] })).toMatch(
    "messages.0.content.1.cache_control.ttl: a ttl='1h' cache_control block must not come after a ttl='5m'",
  )
})

test('every tool call is answered first thing in the next message', () => {
  const ask = { role: 'user', content: 'Look' }
  expect(parse({ messages: [ask, assistant(call('toolu_1'), call('toolu_2')), user(result('toolu_2'), result('toolu_1'))] }).turn).toBe(
    'tool',
  )
  expect(parse({ messages: [ask, assistant(call('toolu_1')), user(result('toolu_1'), text('And now?'))] })).toMatchObject({
    turn: 'user',
    prompt: 'And now?',
  })
  expect(refusal({ messages: [ask, assistant(call('toolu_1')), user(text('Never mind'), result('toolu_1'))] })).toMatch(
    'messages.1: `tool_use` ids were found without `tool_result` blocks immediately after: toolu_1.',
  )
  expect(refusal({ messages: [ask, assistant(call('toolu_1'), call('toolu_2')), user(result('toolu_1'))] })).toMatch(
    'immediately after: toolu_2',
  )
  expect(refusal({ messages: [user(result('toolu_9'))] })).toMatch(
    'messages.0.content.0: unexpected `tool_use_id` found in `tool_result` blocks: toolu_9.',
  )
  expect(refusal({ messages: [ask, assistant(call('toolu_1')), user(result('toolu_1'), result('toolu_1'))] })).toMatch(
    'each tool_use must have a single result',
  )
})

test('results in messages of their own are one turn', () => {
  const messages = [{ role: 'user', content: 'Look' }, assistant(call('a'), call('b')), user(result('a')), user(result('b'))]
  expect(parse({ messages }).turn).toBe('tool')
})

test('tool ids of other vendors are refused by their pattern', () => {
  const messages = [{ role: 'user', content: 'Look' }, assistant(call('functions.look:0')), user(result('functions.look:0'))]
  expect(refusal({ messages })).toBe("messages.1.content.0.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'")
  expect(refusal({ messages: [user(text('Look')), assistant(call('x'.repeat(65)))] })).toMatch('at most 64 characters')
})

test('thinking needs the signature it was given, and no one else’s', () => {
  const think = (signature: string, thinking = 'Hm') => ({
    messages: [
      { role: 'user', content: 'Hello' },
      assistant({ type: 'thinking', thinking, signature }, text('Hi')),
      { role: 'user', content: 'More' },
    ],
  })
  expect(parse(think(sign('anthropic', 'Hm'))).blocks[1]).toMatchObject({ text: 'Hm' })
  expect(parse(think(sign('anthropic', 'Hm'), '')).blocks[1]).toMatchObject({ text: '' })
  for (const signature of ['', 'bm9uZQ==', sign('gemini', 'Hm'), sign('anthropic', 'other')]) {
    expect(refusal(think(signature))).toBe('messages.1.content.0: Invalid `signature` in `thinking` block')
  }
})

test.each([
  [{ max_tokens: undefined }, 'max_tokens: Field required'],
  [{ model: undefined }, 'model: Field required'],
  [{ messages: [] }, 'messages: at least one message is required'],
  [{ frequency_penalty: 1 }, 'frequency_penalty: Extra inputs are not permitted'],
  [{ messages: [{ role: 'system', content: 'Be brief' }] }, 'messages: Unexpected role "system".'],
  [{ messages: [user(text(''))] }, 'messages: text content blocks must be non-empty'],
  [{ max_tokens: 70_000 }, 'max_tokens: 70000 > 64000, which is the maximum allowed number of output tokens for claude-haiku-4-5'],
  [{ tool_choice: { type: 'any' } }, 'tool_choice may only be specified while providing tools'],
  [{ tools: [tool('a b')] }, "tools.0.custom.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'"],
  [{ tools: [tool('look'), tool('look')] }, 'tools: Tool names must be unique.'],
  [{ tools: [tool('look')], tool_choice: { type: 'tool', name: 'see' } }, "Tool 'see' not found in provided tools"],
  [{ thinking: { type: 'enabled', budget_tokens: 2000 }, max_tokens: 2000 }, '`max_tokens` must be greater than `thinking.budget_tokens`'],
  [{ model: 'claude-opus-5-5', temperature: 0.5 }, '`temperature` is deprecated for this model.'],
  [
    { model: 'claude-opus-5-5', tools: [tool('look')], tool_choice: { type: 'any' } },
    'tool_choice: type "tool" and "any" are not supported for this model.',
  ],
  [{ model: 'claude-opus-5-5', thinking: { type: 'disabled' } }, '"thinking.type.disabled" is not supported for this model.'],
  [
    { model: 'claude-opus-5-5', messages: [user(text('Hello')), assistant(text('{'))] },
    'This model does not support assistant message prefill.',
  ],
  [
    { output_config: { format: { type: 'json_schema', schema: { type: 'object' } } } },
    "'additionalProperties' must be explicitly set to false",
  ],
  [{ max_tokens: 0 }, 'requires at least one block with cache_control'],
])('refuses %j', (body, message) => {
  expect(refusal(body)).toMatch(message)
})

test('takes tool_choice, forced tools, prefill and sampling where the model does', () => {
  const request = parse({
    temperature: 0.5,
    tools: [tool('look')],
    tool_choice: { type: 'tool', name: 'look', disable_parallel_tool_use: true },
    messages: [
      { role: 'user', content: 'Hello' },
      { role: 'assistant', content: 'Well,' },
    ],
  })
  expect(request).toMatchObject({ toolChoice: { type: 'tool', name: 'look' }, parallelTools: false, reasoning: false })
  expect(parse({ model: 'claude-opus-5-5' }).reasoning).toBe(true)
  expect(parse({ max_tokens: undefined }, true).maxOutputTokens).toBeUndefined()
})

test('settings that void cached messages change their first block and nothing before it', () => {
  const plain = parse({ system: 'Be brief.', tools: [tool('look')] })
  const none = parse({ system: 'Be brief.', tools: [tool('look')], tool_choice: { type: 'none' } })
  expect(none.blocks.slice(0, 2)).toEqual(plain.blocks.slice(0, 2))
  expect(none.blocks[2]!.identity).not.toBe(plain.blocks[2]!.identity)
})

test('an image costs a token per 28 pixels square, up to the model’s limit', () => {
  const image = (width: number, height: number) => {
    const header = Buffer.alloc(32)
    header.writeUInt32BE(0x89504e47, 0)
    header.writeUInt32BE(width, 16)
    header.writeUInt32BE(height, 20)
    return user({ type: 'image', source: { type: 'base64', media_type: 'image/png', data: header.toString('base64') } })
  }
  const tokensOf = (model: string, size: number) => parse({ model, messages: [image(size, size)] }).blocks[0]!.extraTokens!
  expect(tokensOf('claude-haiku-4-5', 1024)).toBe(1369 + 4)
  expect(tokensOf('claude-haiku-4-5', 4000)).toBe(1568 + 4)
  expect(tokensOf('claude-opus-5-5', 4000) * 1.3).toBeCloseTo(4784 + 4, -1)
})

test('a request without a key is refused as unauthenticated, one without a version as wrong', () => {
  const without = (name: string) => () =>
    parseAnthropicRequest(
      { method: 'POST', path: '/v1/messages', query: new URLSearchParams(), headers: { ...headers, [name]: undefined }, body: {} },
      context,
    )
  expect(without('x-api-key')).toThrow('x-api-key header is required')
  expect(without('anthropic-version')).toThrow('anthropic-version: header is required')
})

test('errors carry the type, status and headers of the API', () => {
  const limited = anthropicError({ kind: 'rate-limit', retryAfterMs: 1500, wallMs: 0 })
  expect(limited).toMatchObject({
    status: 429,
    headers: {
      'retry-after': '2',
      'anthropic-ratelimit-requests-remaining': '0',
      'anthropic-ratelimit-requests-reset': '1970-01-01T00:00:01Z',
    },
    body: { type: 'error', error: { type: 'rate_limit_error' }, request_id: limited.headers!['request-id'] },
  })
  expect(anthropicError({ kind: 'overloaded' })).toMatchObject({
    status: 529,
    body: { error: { type: 'overloaded_error', message: 'Overloaded' } },
  })
  expect(anthropicError({ kind: 'quota' })).toMatchObject({ status: 402, body: { error: { type: 'billing_error' } } })
  expect(anthropicError({ kind: 'quota', status: 429 })).toMatchObject({
    headers: { 'x-should-retry': 'false' },
    body: { error: { type: 'rate_limit_error', details: { error_code: 'enforced_spend_limit_reached' } } },
  })
  expect(anthropicError({ kind: 'context-overflow', inputTokens: 210_000, limitTokens: 200_000 }).body).toMatchObject({
    error: { type: 'invalid_request_error', message: 'prompt is too long: 210000 tokens > 200000 maximum' },
  })
})

test('reads the generation of a model from its id', () => {
  expect(
    ['claude-opus-4-7', 'claude-haiku-4-5-20251001', 'claude-3-5-sonnet-latest', 'claude-opus-4-20250514', 'claude-fable-5'].map(
      generationOf,
    ),
  ).toEqual([4.7, 4.5, 3.5, 4, 5])
})
