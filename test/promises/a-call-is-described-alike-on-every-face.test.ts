import type { JSONSchema7, LanguageModelV4CallOptions } from '@ai-sdk/provider'
import { AIMessage, HumanMessage, SystemMessage, ToolMessage, type BaseMessage } from '@langchain/core/messages'
import type { Features, Json } from '@routewise/core'
import { describe, expect, test } from 'vitest'
import { createCallDescriber as createAiSdkDescriber } from '../../packages/ai-sdk/src/language/describe.ts'
import { createCallDescriber as createLangChainDescriber } from '../../packages/langchain/src/describe.ts'
import { newTrace, type WireApi } from '../../packages/http/src/call.ts'
import { createCallDescriber } from '../../packages/http/src/dialect/describe.ts'

const parameters: JSONSchema7 = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }
const weather = { name: 'weather', description: 'The weather of a city.' }
const IMAGE = 'https://files.test/a.png'

/** One call in the words of all faces. */
interface SameCall {
  chat: Json
  responses: Json
  aiSdk: LanguageModelV4CallOptions
  langChain: { messages: BaseMessage[]; tools?: object[]; options?: Record<string, unknown> }
}

const text = (words: string) => ({ type: 'text' as const, text: words })
const said: SameCall = {
  chat: {
    messages: [
      { role: 'system', content: 'You are a poet.' },
      { role: 'user', content: 'Write a haiku about rain.' },
      { role: 'assistant', content: 'Soft rain on the roof' },
      { role: 'user', content: [text('Now summarize it.')] },
    ],
  },
  responses: {
    instructions: 'You are a poet.',
    input: [
      { role: 'user', content: 'Write a haiku about rain.' },
      { type: 'message', id: 'msg_1', role: 'assistant', content: [{ type: 'output_text', text: 'Soft rain on the roof' }] },
      { role: 'user', content: [{ type: 'input_text', text: 'Now summarize it.' }] },
    ],
  },
  aiSdk: {
    prompt: [
      { role: 'system', content: 'You are a poet.' },
      { role: 'user', content: [text('Write a haiku about rain.')] },
      { role: 'assistant', content: [text('Soft rain on the roof')] },
      { role: 'user', content: [text('Now summarize it.')] },
    ],
  },
  langChain: {
    messages: [
      new SystemMessage('You are a poet.'),
      new HumanMessage('Write a haiku about rain.'),
      new AIMessage('Soft rain on the roof'),
      new HumanMessage('Now summarize it.'),
    ],
  },
}

const json = '{"city":"Kiel"}'
const called: SameCall = {
  chat: {
    messages: [
      { role: 'user', content: 'How is it in Kiel?' },
      {
        role: 'assistant',
        content: 'Let me see.',
        tool_calls: [{ id: 'a', type: 'function', function: { name: 'weather', arguments: json } }],
      },
      { role: 'tool', tool_call_id: 'a', content: 'Mild.' },
    ],
    tools: [{ type: 'function', function: { ...weather, parameters } }],
    tool_choice: { type: 'function', function: { name: 'weather' } },
  },
  responses: {
    input: [
      { role: 'user', content: 'How is it in Kiel?' },
      { role: 'assistant', content: 'Let me see.' },
      { type: 'function_call', call_id: 'a', name: 'weather', arguments: json },
      { type: 'function_call_output', call_id: 'a', output: 'Mild.' },
    ],
    tools: [{ type: 'function', ...weather, parameters, strict: false }],
    tool_choice: { type: 'function', name: 'weather' },
  },
  aiSdk: {
    prompt: [
      { role: 'user', content: [text('How is it in Kiel?')] },
      {
        role: 'assistant',
        content: [text('Let me see.'), { type: 'tool-call', toolCallId: 'a', toolName: 'weather', input: { city: 'Kiel' } }],
      },
      { role: 'tool', content: [{ type: 'tool-result', toolCallId: 'a', toolName: 'weather', output: { type: 'text', value: 'Mild.' } }] },
    ],
    tools: [{ type: 'function', ...weather, inputSchema: parameters }],
    toolChoice: { type: 'tool', toolName: 'weather' },
  },
  langChain: {
    messages: [
      new HumanMessage('How is it in Kiel?'),
      new AIMessage({ content: 'Let me see.', tool_calls: [{ id: 'a', name: 'weather', args: { city: 'Kiel' } }] }),
      new ToolMessage({ tool_call_id: 'a', content: 'Mild.' }),
    ],
    tools: [{ type: 'function', function: { ...weather, parameters } }],
    options: { tool_choice: 'weather' },
  },
}

const seen: SameCall = {
  chat: {
    messages: [
      {
        role: 'user',
        content: [
          text('What is this?'),
          { type: 'image_url', image_url: { url: IMAGE, detail: 'low' } },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
          { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,BBBB' } },
          { type: 'input_audio', input_audio: { data: 'CCCC', format: 'wav' } },
        ],
      },
    ],
  },
  responses: {
    input: [
      {
        role: 'user',
        content: [
          { type: 'input_text', text: 'What is this?' },
          { type: 'input_image', image_url: IMAGE, detail: 'low' },
          { type: 'input_image', image_url: 'data:image/png;base64,AAAA' },
          { type: 'input_file', filename: 'a.pdf', file_data: 'data:application/pdf;base64,BBBB' },
          { type: 'input_audio', input_audio: { data: 'CCCC', format: 'wav' } },
        ],
      },
    ],
  },
  aiSdk: {
    prompt: [
      {
        role: 'user',
        content: [
          text('What is this?'),
          {
            type: 'file',
            mediaType: 'image/*',
            data: { type: 'url', url: new URL(IMAGE) },
            providerOptions: { openai: { imageDetail: 'low' } },
          },
          { type: 'file', mediaType: 'image/png', data: { type: 'data', data: 'AAAA' } },
          { type: 'file', mediaType: 'application/pdf', data: { type: 'data', data: 'BBBB' } },
          { type: 'file', mediaType: 'audio/wav', data: { type: 'data', data: 'CCCC' } },
        ],
      },
    ],
  },
  langChain: {
    messages: [
      new HumanMessage({
        content: [
          text('What is this?'),
          { type: 'image_url', image_url: { url: IMAGE, detail: 'low' } },
          { type: 'image', data: 'AAAA', mimeType: 'image/png' },
          { type: 'file', data: 'BBBB', mimeType: 'application/pdf' },
          { type: 'audio', data: 'CCCC', mimeType: 'audio/wav' },
        ],
      }),
    ],
  },
}

const shaped: SameCall = {
  chat: {
    messages: [{ role: 'user', content: 'Where do they live?' }],
    response_format: { type: 'json_schema', json_schema: { name: 'place', schema: parameters } },
    max_completion_tokens: 300,
  },
  responses: {
    input: 'Where do they live?',
    text: { format: { type: 'json_schema', name: 'place', schema: parameters } },
    max_output_tokens: 300,
  },
  aiSdk: {
    prompt: [{ role: 'user', content: [text('Where do they live?')] }],
    responseFormat: { type: 'json', schema: parameters },
    maxOutputTokens: 300,
  },
  langChain: {
    messages: [new HumanMessage('Where do they live?')],
    options: { response_format: { type: 'json_schema', json_schema: { name: 'place', schema: parameters } }, max_tokens: 300 },
  },
}

const calls: Record<string, SameCall> = {
  text: said,
  tools: called,
  'images, documents and audio': seen,
  'a schema for the answer': shaped,
}
const context = { tenant: 'acme' }
const onWire = (api: WireApi, body: Json) => createCallDescriber()({ api, body, stream: true, trace: newTrace(0) }, context)
/** A schema is a need where the wire itself asks for it, and none where a framework may ask in other ways. */
const alike = ({ needs, ...features }: Features) => ({ ...features, needs: { ...needs, jsonSchema: undefined } })

describe.each(Object.entries(calls))('a call with %s is described alike', (_, { chat, responses, aiSdk, langChain }) => {
  const expected = alike(onWire('chat', chat))

  test('as a Responses request', () => {
    expect(alike(onWire('responses', responses))).toEqual(expected)
  })

  test('on the AI SDK’s face', () => {
    const call = { kind: 'stream', options: aiSdk, trace: { latest: undefined } } as const
    expect(alike(createAiSdkDescriber()(call, context))).toEqual(expected)
  })

  test('on LangChain’s face', () => {
    const { messages, tools, options = {} } = langChain
    const call = { kind: 'stream', messages, tools: tools as never, structured: undefined, options } as const
    expect(alike(createLangChainDescriber(undefined)(call, context))).toEqual(expected)
  })
})
