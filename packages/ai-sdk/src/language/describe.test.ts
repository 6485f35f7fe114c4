import type { LanguageModelV4CallOptions, LanguageModelV4Message, LanguageModelV4Prompt } from '@ai-sdk/provider'
import { generateText, isStepCount, tool, type ModelMessage } from 'ai'
import { MockLanguageModelV4 } from 'ai/test'
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import type { LanguageCall } from './call.ts'
import { createCallDescriber, readMessage } from './describe.ts'

const call = (options: LanguageModelV4CallOptions, kind: LanguageCall['kind'] = 'generate'): LanguageCall => ({
  kind,
  options,
  trace: { latest: undefined },
})
const user = (text: string): LanguageModelV4Message => ({ role: 'user', content: [{ type: 'text', text }] })
const describeOnce = (options: Partial<LanguageModelV4CallOptions>, kind?: LanguageCall['kind'], context = {}) =>
  createCallDescriber()(call({ prompt: [user('Hi')], ...options }, kind), context)
const schema = { type: 'object', properties: { city: { type: 'string' } } } as const
const weather = { type: 'function', name: 'weather', description: 'The weather.', inputSchema: schema } as const

describe('a message is read as', () => {
  test('the text of a system prompt', () => {
    expect(readMessage({ role: 'system', content: 'Be kind.' })).toEqual({ role: 'system', texts: ['Be kind.'] })
  })

  test('texts, thoughts and tool calls, whose input may be an object or its JSON', () => {
    const content = [
      { type: 'reasoning', text: 'Hm.' },
      { type: 'text', text: 'Let me see.' },
      { type: 'tool-call', toolCallId: '1', toolName: 'weather', input: { city: 'Kiel' } },
      { type: 'tool-call', toolCallId: '2', toolName: 'weather', input: '{"city":"Oslo"}' },
      { type: 'tool-call', toolCallId: '3', toolName: 'weather', input: undefined },
    ] as const
    expect(readMessage({ role: 'assistant', content: [...content] })).toEqual({
      role: 'assistant',
      texts: ['Hm.', 'Let me see.'],
      toolCalls: [
        { name: 'weather', arguments: '{"city":"Kiel"}' },
        { name: 'weather', arguments: '{"city":"Oslo"}' },
        { name: 'weather', arguments: '' },
      ],
    })
  })

  test('tool results of every kind', () => {
    const outputs = [
      { type: 'text', value: 'sunny' },
      { type: 'json', value: { degrees: 7 } },
      { type: 'execution-denied', reason: 'not now' },
      { type: 'execution-denied' },
      { type: 'error-text', value: 'no such city' },
      { type: 'error-json', value: [404] },
      {
        type: 'content',
        value: [
          { type: 'text', text: 'See:' },
          { type: 'file', mediaType: 'image/png', data: { type: 'data', data: 'AAAA' } },
          { type: 'custom', providerOptions: { anthropic: { type: 'tool-reference' } } },
        ],
      },
    ] as const
    const content = outputs.map((output, at) => ({ type: 'tool-result' as const, toolCallId: String(at), toolName: 'weather', output }))
    const approval = { type: 'tool-approval-response', approvalId: 'a', approved: false, reason: 'Rather not.' } as const
    const texts = [
      'sunny',
      '{"degrees":7}',
      'not now',
      '',
      'no such city',
      '[404]',
      'See:',
      '{"anthropic":{"type":"tool-reference"}}',
      'Rather not.',
    ]
    expect(readMessage({ role: 'tool', content: [...(content as never[]), approval] })).toEqual({
      role: 'tool',
      texts,
      media: [{ kind: 'image', reference: 'AAAA' }],
    })
  })

  test('what a provider keeps in parts of its own', () => {
    const part = { type: 'custom', kind: 'openai.compaction', providerOptions: { openai: { encryptedContent: 'xyz' } } } as const
    expect(readMessage({ role: 'assistant', content: [part] }).texts.join()).toMatch(/openai\.compaction.*xyz/)
  })
})

type File = Extract<Extract<LanguageModelV4Message, { role: 'user' }>['content'][number], { type: 'file' }>
const readFile = (mediaType: string, data: File['data'], more: Partial<File> = {}) =>
  readMessage({ role: 'user', content: [{ type: 'file', mediaType, data, ...more }] })

describe('a file is', () => {
  test.each([
    ['image/png', 'image'],
    ['image', 'image'],
    ['image/*', 'image'],
    ['audio/mpeg', 'audio'],
    ['application/pdf', 'pdf'],
    ['application/vnd.ms-excel', 'pdf'],
    ['video/mp4', 'pdf'],
  ])('of type %s a medium of kind %s', (mediaType, kind) => {
    const url = new URL('https://files.test/a')
    expect(readFile(mediaType, { type: 'url', url })).toEqual({ role: 'user', texts: [], media: [{ kind, reference: url.href }] })
  })

  test.each([
    ['its address, as it was written', { type: 'url', url: new URL('gs://bucket/a b'), originalUrl: 'gs://bucket/a b' }, 'gs://bucket/a b'],
    ['the provider’s reference', { type: 'reference', reference: { openai: 'file_1' } }, '{"openai":"file_1"}'],
    ['its base64', { type: 'data', data: 'iVBORw0K' }, 'iVBORw0K'],
  ] as [string, File['data'], string][])('known by %s', (_, data, reference) => {
    expect(readFile('image/png', data).media).toEqual([{ kind: 'image', reference }])
  })

  test('known by the ends of its bytes and their number, which are few', () => {
    const referenceOf = (bytes: Uint8Array) => readFile('image/png', { type: 'data', data: bytes }).media![0]!.reference
    const bytes = new Uint8Array(1_000_000).fill(65)
    const [start, end] = [bytes.slice().fill(66, 0, 1), bytes.slice().fill(66, -1)]
    const known = [bytes, start, end, bytes.subarray(1), new Uint8Array(3)].map(referenceOf)
    expect(new Set(known).size).toBe(5)
    expect(Math.max(...known.map(reference => reference.length))).toBeLessThan(4_096)
    expect(referenceOf(bytes.slice())).toBe(known[0])
  })

  test.each([
    ['inline', { type: 'text', text: 'Once upon a time' }],
    ['in base64', { type: 'data', data: btoa('Once upon a time') }],
    ['as bytes', { type: 'data', data: new TextEncoder().encode('Once upon a time') }],
  ] as [string, File['data']][])('text where it is text, %s', (_, data) => {
    expect(readFile('text/plain', data)).toEqual({ role: 'user', texts: ['Once upon a time'] })
  })

  test('looked at as closely as a provider’s option says', () => {
    const providerOptions = { anthropic: { citations: { enabled: true } }, openai: { imageDetail: 'low' } }
    expect(readFile('image/png', { type: 'data', data: 'AAAA' }, { providerOptions }).media).toMatchObject([{ detail: 'low' }])
  })
})

describe('a call needs', () => {
  const needs = (options: Partial<LanguageModelV4CallOptions>, kind?: LanguageCall['kind']) => describeOnce(options, kind).needs

  test('what its files and tools, its choice and its way of calling say', () => {
    expect(Object.values(needs({})).every(need => !need)).toBe(true)
    expect(needs({}, 'stream').streaming).toBe(true)
    expect(needs({ tools: [weather] })).toMatchObject({ tools: true, forcedTool: false })
    for (const toolChoice of [{ type: 'required' }, { type: 'tool', toolName: 'weather' }] as const)
      expect(needs({ tools: [weather], toolChoice }).forcedTool).toBe(true)
    for (const type of ['auto', 'none'] as const) expect(needs({ tools: [weather], toolChoice: { type } }).forcedTool).toBe(false)
    const files = (['image/png', 'application/pdf', 'audio/wav'] as const).map(mediaType => ({
      type: 'file' as const,
      mediaType,
      data: { type: 'data' as const, data: 'AAAA' },
    }))
    expect(needs({ prompt: [{ role: 'user', content: files }] })).toMatchObject({ vision: true, pdf: true, audio: true })
  })

  test('no schema of a model, for each asks for it in its own way; but its tokens count, and it hints at the task', () => {
    const features = describeOnce({ responseFormat: { type: 'json', schema } })
    expect(features.needs.jsonSchema).toBe(false)
    expect(features.inputTokens).toBeGreaterThan(describeOnce({}).inputTokens)
    expect(features.task).toBe('extraction')
    expect(describeOnce({ responseFormat: { type: 'json' } })).toEqual(describeOnce({}))
  })
})

test('the caller’s limit, task and tenant are passed on', () => {
  const features = describeOnce({ maxOutputTokens: 300 }, 'generate', { task: 'support', tenant: 'acme' })
  expect(features).toMatchObject({ maxOutputTokens: 300, task: 'support' })
  expect(features.prefix).not.toEqual(describeOnce({}, 'generate', { tenant: 'globex' }).prefix)
})

test('tools are known by name, description and schema, those of a provider by their id and arguments', () => {
  const search = (args: Record<string, unknown>) => ({ type: 'provider', id: 'openai.web_search', name: 'search', args }) as const
  const hashes = [
    [weather],
    [{ ...weather, name: 'forecast' }],
    [{ ...weather, description: 'It rains.' }],
    [{ ...weather, inputSchema: { type: 'object' as const } }],
    [{ ...weather, inputExamples: [{ input: { city: 'Kiel' } }] }],
    [search({})],
    [search({ size: 'low' })],
  ].map(tools => describeOnce({ tools }).prefix[0]!.hash)
  expect(new Set(hashes).size).toBe(hashes.length)
  expect(describeOnce({ tools: [structuredClone(weather)] }).prefix[0]!.hash).toBe(hashes[0])
})

test('every step of the SDK goes on with the prefix of the step before, and ends in a tool’s turn', async () => {
  const usage = { inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 }, outputTokens: { total: 1, text: 1, reasoning: 0 } }
  const calling = { type: 'tool-call', toolCallId: '1', toolName: 'weather', input: '{"city":"Kiel"}' } as const
  const prompts: LanguageModelV4Prompt[] = []
  const describeCall = createCallDescriber()
  const steps: ReturnType<typeof describeCall>[] = []
  const model = new MockLanguageModelV4({
    doGenerate: async options => {
      prompts.push(options.prompt)
      steps.push(describeCall(call(options), {}))
      const last = prompts.length === 3
      const finishReason = { unified: last ? ('stop' as const) : ('tool-calls' as const), raw: undefined }
      return { content: last ? [{ type: 'text', text: 'Mild.' }] : [calling], finishReason, usage, warnings: [] }
    },
  })
  const tools = { weather: tool({ inputSchema: z.object({ city: z.string() }), execute: () => ({ degrees: 7 }) }) }
  const messages: ModelMessage[] = [{ role: 'user', content: 'How is it?' }]
  await generateText({ model, tools, messages, instructions: 'Be kind.', stopWhen: isStepCount(5) })
  expect(prompts[1]![1]).not.toBe(prompts[0]![1])
  expect(steps.map(({ turn }) => turn)).toEqual(['user', 'tool', 'tool'])
  for (const [at, { prefix }] of steps.slice(1).entries()) {
    const before = steps[at]!.prefix
    expect(prefix.slice(0, before.length)).toEqual(before)
    expect(prefix).toHaveLength(before.length + 2)
  }
})
