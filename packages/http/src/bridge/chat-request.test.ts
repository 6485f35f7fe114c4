import type { Json } from '@routewise/core'
import { describe, expect, test } from 'vitest'
import { chatRequest } from './chat-request.ts'

const translate = (request: Json, keepsReasoning = false): Json => chatRequest({ model: 'm', ...request }, { keepsReasoning })
const messagesOf = (input: unknown, keepsReasoning = false, more: Json = {}) => translate({ input, ...more }, keepsReasoning)['messages']
const call = (id: string): Json => ({ type: 'function_call', call_id: id, name: 'f', arguments: '{}' })
const output = (id: string, said: unknown): Json => ({ type: 'function_call_output', call_id: id, output: said })
const chatCall = (id: string): Json => ({ id, type: 'function', function: { name: 'f', arguments: '{}' } })
const image = { type: 'input_image', image_url: 'https://files.test/a.png', detail: 'low' }
const chatImage = { type: 'image_url', image_url: { url: 'https://files.test/a.png', detail: 'low' } }

describe('input becomes messages:', () => {
  test('instructions and a text', () => {
    expect(messagesOf('Hi', false, { instructions: 'Be kind.' })).toEqual([
      { role: 'system', content: 'Be kind.' },
      { role: 'user', content: 'Hi' },
    ])
  })

  test('messages of every role, plain where they hold one text', () => {
    const input = [
      { role: 'developer', content: [{ type: 'input_text', text: 'Be kind.' }] },
      { role: 'user', content: 'Hi' },
      {
        type: 'message',
        role: 'assistant',
        content: [
          { type: 'output_text', text: 'Hel' },
          { type: 'output_text', text: 'lo' },
        ],
      },
      { role: 'assistant', content: [{ type: 'refusal', refusal: ' No.' }] },
    ]
    expect(messagesOf(input)).toEqual([
      { role: 'system', content: 'Be kind.' },
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: 'Hello No.' },
    ])
  })

  test('parts of every kind, with their marks for the prompt cache', () => {
    const mark = { prompt_cache_breakpoint: { mode: 'explicit' } }
    const content = [
      { type: 'input_text', text: 'See', ...mark },
      image,
      { type: 'input_file', filename: 'a.pdf', file_data: 'data:application/pdf;base64,AA' },
      { type: 'input_file', file_id: 'file_1' },
      { type: 'input_audio', input_audio: { data: 'AA', format: 'wav' } },
    ]
    expect(messagesOf([{ role: 'user', content }])).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'See', ...mark },
          chatImage,
          { type: 'file', file: { file_data: 'data:application/pdf;base64,AA', filename: 'a.pdf' } },
          { type: 'file', file: { file_id: 'file_1' } },
          { type: 'input_audio', input_audio: { data: 'AA', format: 'wav' } },
        ],
      },
    ])
  })

  test('what the model said in one turn is one message, its outputs follow', () => {
    const said = { role: 'assistant', content: 'Let me see.' }
    expect(
      messagesOf([
        said,
        call('a'),
        call('b'),
        output('a', '1'),
        output('b', [{ type: 'input_text', text: '2' }]),
        call('c'),
        output('c', ''),
      ]),
    ).toEqual([
      { ...said, tool_calls: [chatCall('a'), chatCall('b')] },
      { role: 'tool', tool_call_id: 'a', content: '1' },
      { role: 'tool', tool_call_id: 'b', content: '2' },
      { role: 'assistant', content: null, tool_calls: [chatCall('c')] },
      { role: 'tool', tool_call_id: 'c', content: '' },
    ])
  })

  test('calls of custom tools', () => {
    const input = [
      { type: 'custom_tool_call', call_id: 'a', name: 'sh', input: 'ls' },
      { type: 'custom_tool_call_output', call_id: 'a', output: 'file' },
    ]
    expect(messagesOf(input)).toEqual([
      { role: 'assistant', content: null, tool_calls: [{ id: 'a', type: 'custom', custom: { name: 'sh', input: 'ls' } }] },
      { role: 'tool', tool_call_id: 'a', content: 'file' },
    ])
  })

  test('images that a tool gave follow all outputs, as the user’s', () => {
    const follows = { role: 'user', content: [{ type: 'text', text: 'Output of the tool call a:' }, chatImage] }
    const outputs = [call('a'), call('b'), output('a', [{ type: 'input_text', text: 'See' }, image]), output('b', '2')]
    const last = { role: 'user', content: 'And?' }
    const [, one, two, ...rest] = messagesOf([...outputs, last]) as Json[]
    expect([one!['content'], two!['content'], rest]).toEqual(['See', '2', [follows, last]])
    expect((messagesOf(outputs) as Json[]).at(-1)).toEqual(follows)
  })

  test('thoughts are left out, or go along where they are wanted', () => {
    const input = [{ type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'Hm.' }] }, call('a'), output('a', '1')]
    expect((messagesOf(input) as Json[])[0]).toEqual({ role: 'assistant', content: null, tool_calls: [chatCall('a')] })
    expect((messagesOf(input, true) as Json[])[0]).toMatchObject({ reasoning_content: 'Hm.' })
  })

  test.each([
    [{ type: 'computer_call' }, 'computer_call'],
    [{ role: 'user', content: [{ type: 'input_image', file_id: 'f' }] }, 'an image without `image_url`'],
    [{ role: 'user', content: [{ type: 'input_file', file_url: 'https://files.test/a.pdf' }] }, 'a file without `file_data`'],
  ])('%j has no words in a chat', (item, what) => {
    expect(() => messagesOf([item])).toThrow(`\`input[0]\` is ${what}`)
  })
})

describe('settings:', () => {
  test('each in the words of chats', () => {
    const format = { type: 'json_schema', name: 'place', schema: { type: 'object' }, strict: true }
    const request = {
      input: 'Hi',
      stream: true,
      reasoning: { effort: 'low', summary: 'auto' },
      text: { format, verbosity: 'low' },
      max_output_tokens: 50,
      include: ['message.output_text.logprobs'],
      top_logprobs: 3,
      temperature: 0.5,
      top_p: null,
      parallel_tool_calls: false,
      prompt_cache_key: 'k',
      metadata: { a: 'b' },
      store: false,
      truncation: 'auto',
      seed: 7,
    }
    expect(translate(request)).toEqual({
      model: 'm',
      messages: [{ role: 'user', content: 'Hi' }],
      stream: true,
      stream_options: { include_usage: true },
      reasoning_effort: 'low',
      verbosity: 'low',
      response_format: { type: 'json_schema', json_schema: { name: 'place', schema: { type: 'object' }, strict: true } },
      max_completion_tokens: 50,
      logprobs: true,
      top_logprobs: 3,
      temperature: 0.5,
      parallel_tool_calls: false,
      prompt_cache_key: 'k',
      seed: 7,
    })
  })

  test('never by the prototype', () => {
    const chat = translate(JSON.parse('{"input":"Hi","__proto__":{"logprobs":true}}') as Json)
    expect(Object.getPrototypeOf(chat)).toBe(Object.prototype)
    expect(chat['logprobs']).toBeUndefined()
  })

  test('tools, nested', () => {
    const grammar = { type: 'grammar', syntax: 'regex', definition: 'a+' }
    const tools = [
      { type: 'function', name: 'f', description: 'It does.', parameters: { type: 'object' }, strict: null },
      { type: 'custom', name: 'sh', format: grammar },
    ]
    expect(translate({ input: 'Hi', tools })['tools']).toEqual([
      { type: 'function', function: { name: 'f', description: 'It does.', parameters: { type: 'object' } } },
      { type: 'custom', custom: { name: 'sh', format: { type: 'grammar', grammar: { syntax: 'regex', definition: 'a+' } } } },
    ])
    expect(() => translate({ input: 'Hi', tools: [{ type: 'web_search' }] })).toThrow('`tools[0].type` is web_search')
  })

  test.each([
    ['auto', 'auto'],
    ['required', 'required'],
    [
      { type: 'function', name: 'f' },
      { type: 'function', function: { name: 'f' } },
    ],
    [
      { type: 'custom', name: 'f' },
      { type: 'custom', custom: { name: 'f' } },
    ],
    [undefined, undefined],
  ])('the tool choice %j', (choice, expected) => {
    expect(translate({ input: 'Hi', tools: [{ type: 'function', name: 'f' }], tool_choice: choice })['tool_choice']).toEqual(expected)
  })

  test('tools that may not be called are not offered', () => {
    const tools = [
      { type: 'function', name: 'f' },
      { type: 'function', name: 'g' },
    ]
    const choice = { type: 'allowed_tools', mode: 'required', tools: [{ type: 'function', name: 'g' }] }
    expect(translate({ input: 'Hi', tools, tool_choice: choice })).toMatchObject({
      tools: [{ function: { name: 'g' } }],
      tool_choice: 'required',
    })
  })
})
