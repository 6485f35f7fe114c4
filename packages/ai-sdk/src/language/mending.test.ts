import type { LanguageModelV4CallOptions, LanguageModelV4Message } from '@ai-sdk/provider'
import { sound, type Answer } from '@routewise/core'
import { generateText, Output, streamText, tool, type LanguageModel } from 'ai'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as z from 'zod'
import type { LanguageCall } from './call.ts'
import { createRouted, receiptOf } from '../index.ts'
import { goOn, mend } from './mending.ts'
import { simulated, type Simulated } from '../testing/simulated.ts'

const bad = { city: 7 }
const good = { city: 'Oslo' }
/** A model that does better when it is told what was wrong. */
let world: Simulated
beforeAll(async () => {
  world = await simulated({
    recordings: {
      match: ({ prompt, turn, tools, responseSchema }) => {
        const told = turn === 'tool' || /corrected/.test(prompt)
        const input = told ? good : bad
        if (tools.length > 0) return { answer: { text: 'Let me see.', toolCalls: [{ name: tools[0]!.name, input }] } }
        return { answer: { text: responseSchema === undefined && !/schema/i.test(prompt) ? 'Fine.' : JSON.stringify(input) } }
      },
    },
  })
})
afterAll(() => world.sim.close())

const schema = z.object({ city: z.string() })
const tools = { weather: tool({ description: 'The weather.', inputSchema: schema, execute: ({ city }) => city }) }
const vendors = ['openai', 'responses', 'anthropic', 'google', 'mistral', 'deepseek', 'xai', 'groq', 'moonshot'] as const
const routed = (vendor: (typeof vendors)[number]): LanguageModel => createRouted({ models: [world[vendor]()], judge: sound() })('auto')
const mended = {
  attempts: [
    { reason: 'first', end: { type: 'rejected' } },
    { reason: 'repair', end: { type: 'answered' } },
  ],
}

describe.each(vendors)('%s mends', vendor => {
  test('an object that does not fit the schema', async () => {
    const result = await generateText({ model: routed(vendor), prompt: 'Where?', output: Output.object({ schema }) })
    expect(result.output).toEqual(good)
    expect(receiptOf(result)).toMatchObject(mended)
  })

  test('a tool call that does not fit the tool, called and streamed', async () => {
    const call = { model: routed(vendor), prompt: 'How is the weather?', tools }
    const result = await generateText(call)
    expect(result.toolCalls).toMatchObject([{ toolName: 'weather', input: good }])
    expect(receiptOf(result)).toMatchObject(mended)
    expect(await streamText(call).toolCalls).toMatchObject([{ toolName: 'weather', input: good }])
  })
})

const said = (answer: Partial<Answer>): Answer => ({ text: '', toolCalls: [], logprobs: [], finish: 'stop', usage: {}, ...answer })
const hi: LanguageModelV4Message = { role: 'user', content: [{ type: 'text', text: 'Hi' }] }
const call = (options: Partial<LanguageModelV4CallOptions> = {}): LanguageCall => ({
  kind: 'stream',
  options: { prompt: [hi], ...options },
  trace: { latest: undefined },
})
const offered = { tools: [{ type: 'function' as const, name: 'weather', inputSchema: { type: 'object' as const } }] }
const added = ({ options }: LanguageCall) => options.prompt.slice(1)
const inWords = (role: 'assistant' | 'user', text: unknown) => ({ role, content: [{ type: 'text', text }] })
const anyText = expect.any(String) as string

describe('the request to mend', () => {
  test('a text is the text, and a message of the user’s that says what is wrong', () => {
    const asked = call()
    const mending = mend(asked, said({ text: 'Forty-two' }), 'It must be a number.')
    expect(added(mending)).toEqual([
      inWords('assistant', 'Forty-two'),
      inWords('user', expect.stringMatching(/^It must be a number\.\n\nGive the corrected answer/)),
    ])
    expect(mending.mending).toMatchObject({ fault: 'It must be a number.' })
    expect(mending.mending!.prompt).toBe(asked.options.prompt)
    expect(asked.options.prompt).toEqual([hi])
  })

  test('tool calls has a result for each, and nothing after that: Mistral would refuse it', () => {
    const toolCalls = [
      { name: 'weather', arguments: '{"city":7}' },
      { name: 'weather', arguments: '' },
    ]
    const value = expect.stringContaining('city: expected string') as string
    const result = (toolCallId: string) => ({
      type: 'tool-result',
      toolCallId,
      toolName: 'weather',
      output: { type: 'error-text', value },
    })
    expect(added(mend(call(offered), said({ text: 'Let me see.', toolCalls }), 'city: expected string'))).toEqual([
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'Let me see.' },
          { type: 'tool-call', toolCallId: 'mend00000', toolName: 'weather', input: bad },
          { type: 'tool-call', toolCallId: 'mend00001', toolName: 'weather', input: {} },
        ],
      },
      { role: 'tool', content: [result('mend00000'), result('mend00001')] },
    ])
  })

  test.each([
    ['arguments that are no JSON', offered, '{"city":'],
    ['arguments that are no object', offered, '[7]'],
    ['a tool where none was offered', {}, '{}'],
  ])('%s is made in words', (_, options, json) => {
    const again = mend(call(options), said({ toolCalls: [{ name: 'weather', arguments: json }] }), 'No.')
    expect(added(again)).toEqual([inWords('assistant', `weather(${json})`), inWords('user', anyText)])
  })

  test('an empty answer has words in its place, which providers demand', () => {
    expect(added(mend(call(), said({ text: ' ' }), 'It is empty.'))[0]).toEqual(inWords('assistant', '(No answer.)'))
  })
})

describe('the request to go on', () => {
  test('is the text so far and a message of the user’s, for a call that asks for text', () => {
    const text = 'The parcel left the ware'
    expect(added(goOn(call({ responseFormat: { type: 'text' } }), text)!)).toEqual([inWords('assistant', text), inWords('user', anyText)])
  })

  test.each([
    ['tools', call(offered)],
    ['a schema', call({ responseFormat: { type: 'json', schema: { type: 'object' } } })],
    ['JSON', call({ responseFormat: { type: 'json' } })],
  ])('is not made for a call that asks for %s', (_, asked) => {
    expect(goOn(asked, 'Half an')).toBe(undefined)
  })

  test('is not made where nothing was said', () => {
    expect(goOn(call(), '  ')).toBe(undefined)
  })
})
