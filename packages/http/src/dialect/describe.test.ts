import { estimateTokens, type Json } from '@routewise/core'
import { describe, expect, test } from 'vitest'
import { newTrace, type WireApi, type WireCall } from '../call.ts'
import { readMessage, readTool } from './chat-blocks.ts'
import { createCallDescriber } from './describe.ts'
import { readItems } from './item-blocks.ts'

const callOf = (body: Json, api: WireApi = 'chat', stream = false): WireCall => ({ api, body, stream, trace: newTrace(0) })
const hi = [{ role: 'user', content: 'Hi' }]
const describeOnce = (body: Json, api?: WireApi, stream?: boolean) => createCallDescriber()(callOf(body, api, stream), {})

describe('a message is read as', () => {
  test.each<[Json, Json]>([
    [
      { role: 'developer', content: 'Be kind.' },
      { role: 'system', texts: ['Be kind.'] },
    ],
    [
      { role: 'user', content: '' },
      { role: 'user', texts: [''] },
    ],
    [
      { role: 'user', content: ['Hi', null, { type: 'text', text: 'you' }] },
      { role: 'user', texts: ['Hi', 'you'] },
    ],
    [
      { role: 'assistant', content: '', refusal: 'No.' },
      { role: 'assistant', texts: ['No.'] },
    ],
    [
      { role: 'assistant', reasoning_content: 'Hm.', content: 'Yes.' },
      { role: 'assistant', texts: ['Hm.', 'Yes.'] },
    ],
    [
      { role: 'assistant', content: [{ type: 'refusal', refusal: 'No.' }] },
      { role: 'assistant', texts: ['No.'] },
    ],
    [
      { role: 'tool', tool_call_id: 'a', content: [{ type: 'text', text: 'Mild.' }] },
      { role: 'tool', texts: ['Mild.'] },
    ],
    [
      { role: 'assistant', content: null, tool_calls: [{ id: 'a', type: 'custom', custom: { name: 'sh', input: 'ls' } }] },
      { role: 'assistant', texts: [], toolCalls: [{ name: 'sh', arguments: 'ls' }] },
    ],
    [
      { role: 'user', content: [{ type: 'video_url', video_url: 1 }] },
      { role: 'user', texts: ['{"type":"video_url","video_url":1}'] },
    ],
    [{}, { role: 'user', texts: [] }],
  ])('%j', (message, block) => {
    expect(readMessage(message)).toEqual(block)
  })

  test.each<[Json, Json]>([
    [{ file: { file_id: 'file_1' } }, { media: [{ kind: 'pdf', reference: 'file_1' }] }],
    [{ file: { file_data: 'data:image/png;base64,AA' } }, { media: [{ kind: 'image', reference: 'AA' }] }],
    [{ file: { file_data: 'data:audio/wav;base64,AA' } }, { media: [{ kind: 'audio', reference: 'AA' }] }],
    [{ file: { file_data: `data:text/plain;base64,${btoa('Once upon')}` } }, { texts: ['Once upon'] }],
    [{ file_url: 'https://files.test/a.pdf' }, { media: [{ kind: 'pdf', reference: 'https://files.test/a.pdf' }] }],
  ])('the file %j', (file, expected) => {
    expect(readMessage({ role: 'user', content: [{ type: 'file', ...file }] })).toEqual({ role: 'user', texts: [], ...expected })
  })
})

test('what the model says in one turn of the Responses API is one block, and hidden thoughts are nothing', () => {
  const input = [
    { type: 'reasoning', summary: [{ type: 'summary_text', text: 'Hm.' }], encrypted_content: 'xyz' },
    { type: 'function_call', call_id: 'a', name: 'f', arguments: '{}' },
    { type: 'function_call_output', call_id: 'a', output: [{ type: 'input_image', image_url: 'https://files.test/a.png' }] },
    { type: 'reasoning', summary: [], encrypted_content: 'xyz' },
    { type: 'item_reference', id: 'msg_1' },
    { type: 'custom_tool_call', call_id: 'b', name: 'sh', input: 'ls' },
    { type: 'mcp_call', name: 'x' },
  ]
  expect(readItems({ input })).toEqual([
    { role: 'assistant', texts: ['Hm.'], toolCalls: [{ name: 'f', arguments: '{}' }] },
    { role: 'tool', texts: [], media: [{ kind: 'image', reference: 'https://files.test/a.png' }] },
    { role: 'assistant', texts: [], toolCalls: [{ name: 'sh', arguments: 'ls' }] },
    { role: 'user', texts: ['{"type":"mcp_call","name":"x"}'] },
  ])
})

test('a tool is read as its name, description and schema; one of a provider’s own by its type', () => {
  expect(readTool({ type: 'function', function: { name: 'f' } })).toEqual({ role: 'tools', texts: ['f', '', '{}'] })
  expect(readTool({ type: 'web_search', size: 'low' }).texts[0]).toBe('web_search')
})

describe('a call needs', () => {
  const tools = [{ type: 'function', function: { name: 'f' } }]

  test('nothing but what it says', () => {
    expect(Object.values(describeOnce({ messages: hi, tools: null, response_format: { type: 'json_object' } }).needs)).not.toContain(true)
    expect(describeOnce({ messages: hi }, 'chat', true).needs.streaming).toBe(true)
    expect(describeOnce({ messages: hi, tools }).needs.tools).toBe(true)
    expect(describeOnce({ messages: hi, logprobs: true }).needs.logprobs).toBe(true)
    expect(describeOnce({ input: 'Hi', include: ['message.output_text.logprobs'] }, 'responses').needs.logprobs).toBe(true)
    expect(describeOnce({ messages: hi, response_format: { type: 'json_schema', json_schema: { schema: {} } } }).needs.jsonSchema).toBe(
      true,
    )
    expect(describeOnce({ input: 'Hi', text: { format: { type: 'json_schema', schema: {} } } }, 'responses').needs.jsonSchema).toBe(true)
  })

  test.each<[unknown, boolean]>([
    ['auto', false],
    ['none', false],
    [undefined, false],
    ['required', true],
    [{ type: 'function', function: { name: 'f' } }, true],
    [{ type: 'allowed_tools', allowed_tools: { mode: 'auto' } }, false],
    [{ type: 'allowed_tools', allowed_tools: { mode: 'required' } }, true],
    [{ type: 'allowed_tools', mode: 'required' }, true],
  ])('by the tool choice %j a tool forced: %s', (choice, forced) => {
    expect(describeOnce({ messages: hi, tools, tool_choice: choice }).needs.forcedTool).toBe(forced)
  })
})

test.each<[Json, number | undefined]>([
  [{ max_tokens: 5 }, 5],
  [{ max_completion_tokens: 6, max_tokens: null }, 6],
  [{ max_output_tokens: 7 }, 7],
  [{ max_tokens: null }, undefined],
])('of %j the limit is %s tokens', (body, limit) => {
  expect(describeOnce({ messages: hi, ...body }).maxOutputTokens).toBe(limit)
})

test('the next turn goes on with the prefix of the turn before, whoever parsed it', () => {
  const describeCall = createCallDescriber()
  const tools = [{ type: 'function', function: { name: 'f', parameters: { type: 'object' } } }]
  const body = { tools, messages: [{ role: 'system', content: 'Be kind.' }, ...hi] }
  const next = { tools, messages: [...body.messages, { role: 'assistant', content: 'Hello' }, { role: 'user', content: 'And?' }] }
  const before = describeCall(callOf(body), {}).prefix
  const after = describeCall(callOf(structuredClone(next)), {}).prefix
  expect(before).toHaveLength(3)
  expect(after.slice(0, 3)).toEqual(before)
  expect(after).toHaveLength(5)
})

test('the caller’s task and tenant are passed on', () => {
  const describeFor = (tenant: string) => createCallDescriber()(callOf({ messages: hi }), { tenant, task: 'support' })
  expect(describeFor('acme').task).toBe('support')
  expect(describeFor('acme').prefix).not.toEqual(describeFor('globex').prefix)
})

test.each<[unknown, number]>([
  ['Once upon a time', estimateTokens('Once upon a time')],
  [['Once', 'upon'], estimateTokens('Once') + estimateTokens('upon')],
  [[1, 2, 3], 3],
  [[[1, 2], [3]], 3],
])('to embed %j takes its tokens, and needs nothing', (input, tokens) => {
  const features = describeOnce({ input }, 'embeddings')
  expect(features.inputTokens).toBe(Math.ceil(tokens))
  expect(features.prefix).toEqual([])
  expect(Object.values(features.needs)).not.toContain(true)
})

test('what the caller has marked, and his own key, are told', () => {
  const describe = createCallDescriber()
  const featuresOf = (body: Json, headers?: Record<string, string>) =>
    describe({ api: 'input' in body ? 'responses' : 'chat', body, stream: false, trace: newTrace(0), ...(headers && { headers }) }, {})
  const marker = { cache_control: { type: 'ephemeral' } }
  const said = (more: object) => [
    { role: 'system', content: [{ type: 'text', text: 'Be kind.', ...more }] },
    { role: 'user', content: 'Hi' },
  ]
  const marks = (body: Json) => featuresOf(body).prefix.map(({ marked }) => marked)
  expect(marks({ messages: said({}) })).toEqual([false, false])
  expect(marks({ messages: said(marker) })).toEqual([true, false])
  expect(marks({ messages: said({}), ...marker })).toEqual([false, true])
  expect(marks({ messages: said({}), tools: [{ type: 'function', function: { name: 'f' }, ...marker }] })).toEqual([true, false, false])
  expect(marks({ input: [{ role: 'user', content: [{ type: 'input_text', text: 'Hi', prompt_cache_breakpoint: {} }] }] })).toEqual([true])
  expect(featuresOf({ messages: [], prompt_cache_key: 'mine' }).cacheKey).toBe('mine')
  expect(featuresOf({ messages: [] }, { 'X-Grok-Conv-Id': 'mine' }).cacheKey).toBe('mine')
  expect(featuresOf({ messages: [], provider_options: { openai: { promptCacheKey: 'mine' } } }).cacheKey).toBe('mine')
  expect(featuresOf({ messages: [] }).cacheKey).toBeUndefined()
})
