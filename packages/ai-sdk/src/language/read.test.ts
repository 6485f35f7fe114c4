import type { LanguageModelV4, LanguageModelV4CallOptions, LanguageModelV4Content, LanguageModelV4StreamPart } from '@ai-sdk/provider'
import type { Reading, ToolCallPart } from '@routewise/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { familyOf } from '../family.ts'
import { createPartReader, readResult } from './read.ts'
import { simulated, type Simulated } from '../testing/simulated.ts'

let world: Simulated
beforeAll(async () => {
  world = await simulated()
})
afterAll(() => world.sim.close())

const vendors = ['openai', 'responses', 'anthropic', 'google', 'mistral', 'deepseek', 'xai', 'groq', 'moonshot'] as const

const prompt: LanguageModelV4CallOptions['prompt'] = [{ role: 'user', content: [{ type: 'text', text: 'Weather and time in Oslo?' }] }]
const inputSchema = {
  type: 'object' as const,
  properties: { city: { type: 'string' as const } },
  required: ['city'],
  additionalProperties: false,
}
const tools: NonNullable<LanguageModelV4CallOptions['tools']> = [
  { type: 'function', name: 'get_weather', inputSchema },
  { type: 'function', name: 'get_time', inputSchema },
]

interface Told {
  text: string
  calls: { name: string; arguments: string }[]
  chars: number
  model: string | undefined
  finish: Reading['finish']
}

/** What several readings say together, as the core puts it together. */
function together(readings: readonly Reading[]): Told {
  const told: Told = { text: '', calls: [], chars: 0, model: undefined, finish: undefined }
  const calls = new Map<number, { name: string; arguments: string }>()
  const addCall = ({ index, name = '', arguments: json = '' }: ToolCallPart): void => {
    const before = calls.get(index) ?? { name: '', arguments: '' }
    calls.set(index, { name: before.name + name, arguments: before.arguments + json })
  }
  for (const { text = '', toolCalls = [], contentChars = 0, model, finish } of readings) {
    told.text += text
    told.chars += contentChars
    told.model ??= model
    told.finish ??= finish
    toolCalls.forEach(addCall)
  }
  told.calls = [...calls.values()]
  return told
}

async function asked(model: LanguageModelV4, options: LanguageModelV4CallOptions) {
  const family = familyOf(model)
  const result = await model.doGenerate(options)
  const read = createPartReader(family)
  const parts: LanguageModelV4StreamPart[] = []
  for await (const part of (await model.doStream(options)).stream) parts.push(part)
  return { result, whole: together([readResult(result, family)]), parts, readings: parts.map(read) }
}

describe.each(vendors)('%s', vendor => {
  test('says the same streamed as whole', async () => {
    const { result, whole, readings } = await asked(world[vendor](), { prompt })
    const streamed = together(readings)
    expect(whole.text).toBe(result.content.flatMap(part => (part.type === 'text' ? part.text : [])).join(''))
    expect(whole.text.length).toBeGreaterThan(0)
    expect(whole.finish).toBe('stop')
    // Google's package does not say in a stream which model it was.
    expect({ ...streamed, model: vendor === 'google' ? whole.model : streamed.model }).toEqual(whole)
    expect(whole.model).toBe(world[vendor]().modelId)
  })

  test('calls its tools once, streamed or whole', async () => {
    const { result, whole, parts, readings } = await asked(world[vendor](), { prompt, tools })
    const calls = (said: readonly (LanguageModelV4Content | LanguageModelV4StreamPart)[]) =>
      said.flatMap(part => (part.type === 'tool-call' ? [{ name: part.toolName, arguments: part.input }] : []))
    expect(calls(result.content).map(({ name }) => name)).toEqual(['get_weather', 'get_time'])
    expect(whole).toMatchObject({ calls: calls(result.content), finish: 'tool-calls' })
    const streamed = together(readings)
    expect(calls(parts)).toHaveLength(2)
    expect(streamed).toMatchObject({ calls: calls(parts), finish: 'tool-calls' })
  })

  test('is silent until it says something', async () => {
    const { parts, readings } = await asked(world[vendor](), { prompt })
    const first = readings.findIndex(({ meaningful }) => meaningful)
    expect(parts[first]).toMatchObject({ type: expect.stringMatching(/^(text|reasoning)-delta$/) as string })
    expect(readings.at(-1)).toMatchObject({ meaningful: false, finish: 'stop' })
  })
})

test('what Anthropic has read of the prompt is known before the first token', async () => {
  const { parts, readings } = await asked(world.anthropic(), { prompt })
  const start = parts.findIndex(part => part.type === 'custom')
  expect(readings[start]).toMatchObject({ meaningful: false, usage: { inputTokens: expect.any(Number) as number } })
  expect(readings[start]!.usage).toMatchObject({ inputTokens: readings.at(-1)!.usage!.inputTokens })
})

describe('a part of a stream', () => {
  const read = (...parts: LanguageModelV4StreamPart[]) => parts.map(createPartReader('openai'))
  const silent = { meaningful: false }
  const content = { meaningful: true }

  test.each<[LanguageModelV4StreamPart, Reading]>([
    [{ type: 'stream-start', warnings: [] }, silent],
    [{ type: 'raw', rawValue: {} }, silent],
    [{ type: 'ping' }, silent],
    [{ type: 'text-start', id: '0' }, silent],
    [{ type: 'text-delta', id: '0', delta: '' }, silent],
    [
      { type: 'text-delta', id: '0', delta: 'Hi' },
      { meaningful: true, contentChars: 2, text: 'Hi' },
    ],
    [
      { type: 'reasoning-delta', id: '0', delta: 'Hm' },
      { meaningful: true, contentChars: 2 },
    ],
    [{ type: 'reasoning-delta', id: '0', delta: '' }, silent],
    [{ type: 'response-metadata', id: 'a' }, silent],
    [
      { type: 'response-metadata', modelId: 'gpt-6-luna' },
      { meaningful: false, model: 'gpt-6-luna' },
    ],
    [{ type: 'source', sourceType: 'url', id: 'a', url: 'https://source.test' }, content],
    [{ type: 'file', mediaType: 'image/png', data: { type: 'data', data: 'AA==' } }, content],
    [{ type: 'custom', kind: 'openai.compaction' }, content],
    [{ type: 'tool-result', toolCallId: 'a', toolName: 'web_search', result: {} }, content],
  ])('%j', (part, reading) => {
    expect(read(part)).toEqual([reading])
  })

  test('that calls a tool is numbered by the call’s id, however the calls interleave', () => {
    const readings = read(
      { type: 'tool-input-start', id: 'a', toolName: 'look' },
      { type: 'tool-input-start', id: 'b', toolName: 'find' },
      { type: 'tool-input-delta', id: 'b', delta: '{"x"' },
      { type: 'tool-input-delta', id: 'a', delta: '{}' },
      { type: 'tool-input-delta', id: 'b', delta: ':1}' },
      { type: 'tool-input-end', id: 'b' },
      { type: 'tool-call', toolCallId: 'b', toolName: 'find', input: '{"x":1}' },
      { type: 'tool-call', toolCallId: 'a', toolName: 'look', input: '{}' },
    )
    expect(together(readings)).toMatchObject({
      calls: [
        { name: 'look', arguments: '{}' },
        { name: 'find', arguments: '{"x":1}' },
      ],
      chars: 8 + 2 + 7,
    })
  })

  test('that is a call whose input did not come before gives it', () => {
    const readings = read(
      { type: 'tool-input-start', id: 'a', toolName: 'look' },
      { type: 'tool-call', toolCallId: 'a', toolName: 'look', input: '{}' },
      { type: 'tool-call', toolCallId: 'b', toolName: 'find', input: '{"x":1}' },
    )
    expect(together(readings).calls).toEqual([
      { name: 'look', arguments: '{}' },
      { name: 'find', arguments: '{"x":1}' },
    ])
  })

  test('that calls a tool which the provider runs is content, and no call of the caller’s', () => {
    const readings = read(
      { type: 'tool-input-start', id: 'a', toolName: 'web_search', providerExecuted: true },
      { type: 'tool-input-delta', id: 'a', delta: '{"q":1}' },
      { type: 'tool-call', toolCallId: 'a', toolName: 'web_search', input: '{"q":1}', providerExecuted: true },
      { type: 'tool-call', toolCallId: 'b', toolName: 'look', input: '{}' },
    )
    expect(readings.every(({ meaningful }) => meaningful)).toBe(true)
    expect(together(readings).calls).toEqual([{ name: 'look', arguments: '{}' }])
  })
})

describe('a whole answer', () => {
  const reading = (content: LanguageModelV4Content[], more: { structuredOutputText?: string; raw?: string } = {}) =>
    readResult(
      {
        content,
        finishReason: { unified: more.raw === 'refusal' ? 'content-filter' : 'stop', raw: more.raw ?? 'stop' },
        usage: {
          inputTokens: { total: undefined, noCache: undefined, cacheRead: undefined, cacheWrite: undefined },
          outputTokens: { total: undefined, text: undefined, reasoning: undefined },
        },
        warnings: [],
        ...(more.structuredOutputText !== undefined && { structuredOutputText: more.structuredOutputText }),
      },
      'anthropic',
    )

  test('counts what was thought, and leaves it out of the text', () => {
    const content: LanguageModelV4Content[] = [
      { type: 'reasoning', text: 'Hm.' },
      { type: 'text', text: 'Hi ' },
      { type: 'text', text: 'there' },
    ]
    expect(reading(content)).toEqual({ meaningful: true, finish: 'stop', contentChars: 11, text: 'Hi there' })
  })

  test('with drafts is the structured answer that the package chose, an empty one too', () => {
    const content: LanguageModelV4Content[] = [
      { type: 'text', text: 'Draft' },
      { type: 'text', text: '{}' },
    ]
    expect(reading(content, { structuredOutputText: '{}' }).text).toBe('{}')
    expect(reading(content, { structuredOutputText: '' })).not.toHaveProperty('text')
  })

  test('leaves out the calls of tools that the provider runs', () => {
    const content: LanguageModelV4Content[] = [
      { type: 'tool-call', toolCallId: 'a', toolName: 'web_search', input: '{}', providerExecuted: true },
      { type: 'tool-call', toolCallId: 'b', toolName: 'look', input: '{"x":1}' },
    ]
    expect(reading(content).toolCalls).toEqual([{ index: 0, name: 'look', arguments: '{"x":1}' }])
  })

  test('that is a refusal is not passed on before it is looked at', () => {
    expect(reading([{ type: 'text', text: 'No.' }], { raw: 'refusal' })).toMatchObject({ meaningful: false, finish: 'refusal' })
  })
})
