import type { Reading, ToolCall } from '@routewise/core'
import { tool } from '@langchain/core/tools'
import { FakeListChatModel } from '@langchain/core/utils/testing'
import { ChatDeepSeek } from '@langchain/deepseek'
import { ChatOpenAI } from '@langchain/openai'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { attempt } from './testing/attempt.ts'
import { simulated, type Simulated } from './testing/simulated.ts'
import { createToolCallNumbering } from './tool-call-parts.ts'

const words = 'It is sunny in Oslo, as it often is.'
const calls = [
  { name: 'weather', input: { city: 'Oslo' } },
  { name: 'time', input: { zone: 'Europe/Oslo', hours: 24 } },
]
let world: Simulated
beforeAll(async () => {
  world = await simulated({
    recordings: {
      match: ({ tools }) => ({ answer: tools.length > 0 ? { toolCalls: calls } : { text: words, reasoning: 'Let me think of Oslo.' } }),
    },
  })
})
afterAll(() => world.sim.close())

const tools = [
  tool(({ city }) => city, { name: 'weather', description: 'The weather.', schema: z.object({ city: z.string() }) }),
  tool(({ zone }) => zone, { name: 'time', description: 'The time.', schema: z.object({ zone: z.string(), hours: z.number() }) }),
]
const textOf = (readings: readonly Reading[]) => readings.map(({ text = '' }) => text).join('')
const logprobsOf = (readings: readonly Reading[]) => readings.flatMap(({ logprobs = [] }) => logprobs)
function callsOf(readings: readonly Reading[]): ToolCall[] {
  const found = new Map<number, ToolCall>()
  for (const { index, name = '', arguments: json = '' } of readings.flatMap(({ toolCalls = [] }) => toolCalls)) {
    const call = found.get(index) ?? { name: '', arguments: '' }
    found.set(index, { name: call.name + name, arguments: call.arguments + json })
  }
  return [...found.values()]
}

const kinds = ['generate', 'stream', 'events'] as const
const vendors = ['openai', 'responses', 'anthropic', 'google', 'mistral', 'deepseek', 'xai', 'groq'] as const

describe.each(kinds)('what %s says', kind => {
  test.each(vendors)('of %s: the text that a user reads, without the reasoning', async vendor => {
    expect(textOf((await attempt(world[vendor](), { kind })).readings)).toBe(words)
  })

  test.each(vendors)('of %s: its tool calls, each with all of its arguments', async vendor => {
    const { readings } = await attempt(world[vendor](), { kind, options: { tools } })
    const found = callsOf(readings).map(({ name, arguments: json }) => ({ name, input: JSON.parse(json) as unknown }))
    expect(found).toEqual(calls)
    expect(textOf(readings)).toBe('')
  })
})

test.each(kinds)('a class of unknown make is read by what LangChain holds of it (%s)', async kind => {
  class Unknown extends FakeListChatModel {
    override async _generate(...given: Parameters<FakeListChatModel['_generate']>) {
      const result = await super._generate(...given)
      result.generations[0]!.generationInfo = { logprobs: { content: [{ token: words, logprob: -0.1 }] } }
      return result
    }
  }
  const { readings, headers } = await attempt(new Unknown({ responses: [words] }), { kind })
  expect(textOf(readings)).toBe(words)
  expect(headers).toEqual([])
  // It has no stream of its own that would give them.
  expect(logprobsOf(readings)).toEqual(kind === 'generate' ? [{ token: words, logprob: -0.1 }] : [])
})

describe.each(kinds)('log-probabilities (%s)', kind => {
  const openai = (fields: object) => new ChatOpenAI({ apiKey: 'test', configuration: { baseURL: world.sim.url('openai') }, ...fields })
  const models = {
    'a model that does not reason': () => openai({ model: 'gpt-4.1' }),
    'the Responses API': () => openai({ model: 'gpt-4.1', useResponsesApi: true }),
    'a model told not to reason': () => openai({ model: 'gpt-5.4', reasoning: { effort: 'none' } }),
    DeepSeek: () =>
      new ChatDeepSeek({
        model: 'deepseek-v4-flash',
        apiKey: 'test',
        modelKwargs: { thinking: { type: 'disabled' } },
        configuration: { baseURL: world.sim.url('deepseek') },
      }),
    xAI: () => world.xai(),
  }

  test.each(Object.entries(models))('of %s come where they are wished for', async (_name, model) => {
    const { readings } = await attempt(model(), { kind, logprobs: true })
    const tokens = logprobsOf(readings)
    expect(tokens.map(({ token }) => token).join('')).toBe(words)
    expect(tokens.every(({ logprob, top = [] }) => logprob <= 0 && top.length === 5)).toBe(true)
  })

  test.each(['openai', 'responses', 'anthropic', 'google', 'mistral', 'deepseek', 'groq'] as const)(
    'are not asked of %s, which would refuse',
    async vendor => {
      const { readings } = await attempt(world[vendor](), { kind, logprobs: true })
      expect(textOf(readings)).toBe(words)
      expect(JSON.stringify(world.sim.requests.at(-1)!.http.body)).not.toMatch(/logprobs/)
    },
  )

  test('are not asked for where nobody wishes for them', async () => {
    const { readings } = await attempt(world.openai('gpt-4.1'), { kind })
    expect(logprobsOf(readings)).toEqual([])
    expect(world.sim.requests.at(-1)!.http.body).not.toHaveProperty('top_logprobs')
  })

  test('are read where the user’s own model asks for them, as it asks', async () => {
    const { readings } = await attempt(openai({ model: 'gpt-4.1', logprobs: true, topLogprobs: 2 }), { kind, logprobs: true })
    const tokens = logprobsOf(readings)
    expect(tokens.map(({ token }) => token).join('')).toBe(words)
    expect(tokens.every(({ top = [] }) => top.length === 2)).toBe(true)
    expect(world.sim.requests.at(-1)!.http.body).toMatchObject({ logprobs: true, top_logprobs: 2 })
  })
})

describe('tool calls are told apart', () => {
  const parts = (...chunks: Parameters<ReturnType<typeof createToolCallNumbering>>[0][]) => chunks.flatMap(createToolCallNumbering())

  test('by their index, where the pieces have one', () => {
    const first = { index: 0, id: 'a', name: 'one', args: '{' }
    expect(parts([first], [{ index: 0, args: '}' }], [{ index: 1, id: 'b', name: 'two', args: '{}' }])).toEqual([
      { index: 0, name: 'one', arguments: '{' },
      { index: 0, arguments: '}' },
      { index: 1, name: 'two', arguments: '{}' },
    ])
  })

  test('by their ids, where each chunk counts from nought, and one by one where none counts', () => {
    const call = { name: 'one', args: '{}' }
    expect(parts([{ index: 0, id: 'a', ...call }], [{ index: 0, id: 'b', ...call }]).map(({ index }) => index)).toEqual([0, 1])
    expect(parts([call, call], [call, call]).map(({ index }) => index)).toEqual([0, 1, 2, 3])
  })

  test('from the arguments of what the provider runs by itself', () => {
    expect(parts([{ index: 3, args: '{"query":' }], [{ index: 3, args: '"x"}' }])).toEqual([])
  })
})
