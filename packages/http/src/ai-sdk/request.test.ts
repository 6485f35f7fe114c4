import type { Family } from '@routewise/ai-sdk/target'
import type { Json } from '@routewise/core'
import { MockLanguageModelV4 } from 'ai/test'
import { expect, test } from 'vitest'
import { callOptionsOf } from './request.ts'
import { aiSdkTarget } from './target.ts'

const asked = (body: Json, family?: Family, provider = 'maker.chat') =>
  callOptionsOf({ messages: [], ...body }, { family, model: new MockLanguageModelV4({ provider }) })
const promptOf = (messages: readonly Json[], family?: Family) => asked({ messages }, family).prompt

test('what a chat request samples by, stops at and is limited to', () => {
  const body = {
    temperature: 0.2,
    top_p: 0.9,
    top_k: 40,
    seed: 7,
    stop: 'END',
    frequency_penalty: 0.1,
    presence_penalty: null,
    max_tokens: 100,
    max_completion_tokens: 200,
    reasoning_effort: 'high',
  }
  expect(asked(body)).toEqual({
    prompt: [],
    temperature: 0.2,
    topP: 0.9,
    topK: 40,
    seed: 7,
    stopSequences: ['END'],
    frequencyPenalty: 0.1,
    maxOutputTokens: 200,
    reasoning: 'high',
  })
})

test('a conversation: results of tools are one message, and carry the names of their calls', () => {
  const call = (id: string, json: string) => ({ id, type: 'function', function: { name: `${id}-tool`, arguments: json } })
  const prompt = promptOf([
    {
      role: 'developer',
      content: [
        { type: 'text', text: 'Be ' },
        { type: 'text', text: 'brief.' },
      ],
    },
    { role: 'user', name: 'ann', content: 'Hi' },
    { role: 'assistant', content: '', tool_calls: [call('a', '{"x":1}'), call('b', '{"x":')] },
    { role: 'tool', tool_call_id: 'b', content: 'second' },
    {
      role: 'tool',
      tool_call_id: 'a',
      content: [
        { type: 'text', text: 'fir' },
        { type: 'text', text: 'st' },
      ],
    },
    { role: 'assistant', content: null, refusal: 'No.' },
    { role: 'assistant', content: '' },
  ])
  expect(prompt).toEqual([
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: [{ type: 'text', text: 'Hi' }], providerOptions: { openai: { name: 'ann' } } },
    {
      role: 'assistant',
      content: [
        { type: 'tool-call', toolCallId: 'a', toolName: 'a-tool', input: { x: 1 } },
        { type: 'tool-call', toolCallId: 'b', toolName: 'b-tool', input: {} },
      ],
    },
    {
      role: 'tool',
      content: [
        { type: 'tool-result', toolCallId: 'b', toolName: 'b-tool', output: { type: 'text', value: 'second' } },
        { type: 'tool-result', toolCallId: 'a', toolName: 'a-tool', output: { type: 'text', value: 'first' } },
      ],
    },
    { role: 'assistant', content: [{ type: 'text', text: 'No.' }] },
  ])
})

test('media: inline, by address, spoken, written', () => {
  const content = [
    { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA', detail: 'low' } },
    { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
    { type: 'input_audio', input_audio: { data: 'BBBB', format: 'mp3' } },
    { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,CCCC' } },
    { type: 'file', file: { file_data: 'data:text/plain,hello%20you' } },
  ]
  expect(promptOf([{ role: 'user', content }])[0]?.content).toEqual([
    { type: 'file', mediaType: 'image/png', data: { type: 'data', data: 'AAAA' }, providerOptions: { openai: { imageDetail: 'low' } } },
    { type: 'file', mediaType: 'image', data: { type: 'url', url: new URL('https://example.com/a.png') } },
    { type: 'file', mediaType: 'audio/mpeg', data: { type: 'data', data: 'BBBB' } },
    { type: 'file', mediaType: 'application/pdf', data: { type: 'data', data: 'CCCC' }, filename: 'a.pdf' },
    { type: 'file', mediaType: 'text/plain', data: { type: 'data', data: Buffer.from('hello you').toString('base64') } },
  ])
})

test('cache markers stand where they were put: on messages, parts, results and tools', () => {
  const cache_control = { type: 'ephemeral', ttl: '1h' }
  const marks = { anthropic: { cacheControl: cache_control }, bedrock: { cachePoint: { type: 'default' } } }
  const { prompt, tools, providerOptions } = asked(
    {
      cache_control,
      tools: [{ type: 'function', function: { name: 'look', strict: true }, cache_control }],
      messages: [
        {
          role: 'system',
          content: [
            { type: 'text', text: 'One.' },
            { type: 'text', text: 'Two.', cache_control },
          ],
        },
        { role: 'user', content: [{ type: 'text', text: 'Hi', cache_control }] },
        {
          role: 'assistant',
          content: 'Hm',
          tool_calls: [{ id: 'a', type: 'function', function: { name: 'look', arguments: '{}' } }],
          cache_control,
        },
        { role: 'tool', tool_call_id: 'a', content: 'x', cache_control },
      ],
    },
    'anthropic',
  )
  expect(prompt).toMatchObject([
    { role: 'system', content: 'One.' },
    { role: 'system', content: 'Two.', providerOptions: marks },
    { role: 'user', content: [{ providerOptions: marks }] },
    { role: 'assistant', providerOptions: marks },
    { role: 'tool', content: [{ providerOptions: marks }] },
  ])
  expect(prompt[0]).not.toHaveProperty('providerOptions')
  expect(tools).toEqual([
    { type: 'function', name: 'look', strict: true, inputSchema: { type: 'object', properties: {} }, providerOptions: marks },
  ])
  expect(providerOptions).toEqual({ anthropic: { cacheControl: cache_control } })
})

test.each<[Family, Json, Json]>([
  [
    'openai',
    { openai: { parallelToolCalls: false, serviceTier: 'flex', promptCacheKey: 'k', user: 'u', strictJsonSchema: false, logprobs: 3 } },
    {},
  ],
  ['anthropic', { anthropic: { disableParallelToolUse: true, metadata: { userId: 'u' } } }, {}],
  ['google', { google: { safetySettings: [] } }, { provider_options: { google: { safetySettings: [] } } }],
  ['groq', { groq: { parallelToolCalls: false, serviceTier: 'flex', user: 'u', strictJsonSchema: false } }, {}],
])('%s: wishes under the names of its package, and its own options over them', (family, expected, more) => {
  const body = {
    parallel_tool_calls: false,
    service_tier: 'flex',
    prompt_cache_key: 'k',
    user: 'u',
    logprobs: true,
    top_logprobs: 3,
    response_format: { type: 'json_schema', json_schema: { name: 'x', schema: { type: 'object' } } },
  }
  expect(asked({ ...body, ...more }, family).providerOptions).toMatchObject(expected)
})

test('a host that speaks OpenAI gets what nobody here knows as it is', () => {
  const { providerOptions } = asked({ repetition_penalty: 1.1, min_p: 0.05, temperature: 1 }, 'openai-compatible', 'my-host.chat')
  expect(providerOptions).toEqual({ myHost: { repetition_penalty: 1.1, min_p: 0.05 } })
})

test('thinking in the words of Anthropic, and of OpenRouter', () => {
  const thinking = { anthropic: { thinking: { type: 'enabled', budgetTokens: 2_000 } } }
  expect(asked({ thinking: { type: 'enabled', budget_tokens: 2_000 } }, 'anthropic').providerOptions).toEqual(thinking)
  expect(asked({ reasoning: { max_tokens: 2_000 } }, 'anthropic').providerOptions).toEqual(thinking)
  expect(asked({ reasoning: { effort: 'low' } }).reasoning).toBe('low')
  expect(asked({ reasoning: { enabled: false } }).reasoning).toBe('none')
})

test('thoughts that nobody has signed go to those who take them only', () => {
  const messages = [{ role: 'assistant', content: 'Yes.', reasoning_content: 'Hm.' }]
  const said = { type: 'text', text: 'Yes.' }
  expect(promptOf(messages, 'deepseek')[0]?.content).toEqual([{ type: 'reasoning', text: 'Hm.' }, said])
  for (const family of ['anthropic', 'google', 'openai', 'mistral'] as const) expect(promptOf(messages, family)[0]?.content).toEqual([said])
})

test('the details of thoughts that OpenRouter writes are read, too', () => {
  const reasoning_details = [
    { type: 'reasoning.text', text: 'Hm.', signature: 's', format: 'anthropic-claude-v1', index: 0 },
    { type: 'reasoning.encrypted', data: 'secret', format: 'anthropic-claude-v1', index: 1 },
    { type: 'reasoning.text', text: 'of unknown make', signature: 's', index: 2 },
  ]
  expect(promptOf([{ role: 'assistant', content: 'Yes.', reasoning_details }], 'anthropic')[0]?.content).toEqual([
    { type: 'reasoning', text: 'Hm.', providerOptions: { anthropic: { signature: 's' } } },
    { type: 'reasoning', text: '', providerOptions: { anthropic: { redactedData: 'secret' } } },
    { type: 'text', text: 'Yes.' },
  ])
})

const user = (part: Json) => ({ messages: [{ role: 'user', content: [part] }] })

test.each<[field: string, body: Json]>([
  ['n', { n: 2 }],
  ['modalities', { modalities: ['text', 'audio'] }],
  ['functions', { functions: [] }],
  ['temperature', { temperature: 'hot' }],
  ['messages', { messages: 'hi' }],
  ['messages[0]', { messages: ['hi'] }],
  ['messages[0].role', { messages: [{ role: 'function', content: 'x' }] }],
  [
    'messages[1].content',
    {
      messages: [
        { role: 'assistant', tool_calls: [{ id: 'a', type: 'function', function: { name: 'x', arguments: '{}' } }] },
        { role: 'tool', tool_call_id: 'a', content: [{ type: 'image_url', image_url: { url: 'http://169.254.169.254/' } }] },
      ],
    },
  ],
  ['messages[0].content[0].type', user({ type: 'hologram' })],
  ['messages[0].content[0].text', user({ type: 'text' })],
  ['messages[0].content[0].file.file_id', user({ type: 'file', file: { file_id: 'file-1' } })],
  ['messages[0].content[0].image_url.url', user({ type: 'image_url', image_url: { url: 'a.png' } })],
  ['messages[0].content[0].image_url.url', user({ type: 'image_url', image_url: { url: 'data:image/png;base64' } })],
  ['tools[0].type', { tools: [{ type: 'custom', custom: { name: 'x' } }] }],
  ['tool_choice', { tools: [{ type: 'function', function: { name: 'x' } }], tool_choice: 'perhaps' }],
])('%s: what the AI SDK has no word for is a bad request that names it, before anybody is called', (field, body) => {
  const model = new MockLanguageModelV4()
  const target = aiSdkTarget(model)
  const call = { api: 'chat' as const, body: { messages: [], ...body }, stream: false, trace: { startedAt: 0, attempts: 0 } }
  let failure
  try {
    target.open(call, { signal: new AbortController().signal, onHeaders() {} })
  } catch (error) {
    failure = target.failure(error)
  }
  expect(failure).toMatchObject({ kind: 'bad_request', status: 400 })
  expect(failure?.message.startsWith(`${field}: `)).toBe(true)
  expect(model.doGenerateCalls).toEqual([])
})
