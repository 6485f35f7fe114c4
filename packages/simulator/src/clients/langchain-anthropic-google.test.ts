import { ChatAnthropic } from '@langchain/anthropic'
import { HumanMessage, ToolMessage } from '@langchain/core/messages'
import type { AIMessageChunk, BaseMessage } from '@langchain/core/messages'
import { tool } from '@langchain/core/tools'
import { ChatGoogleGenerativeAI } from '@langchain/google-genai'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { startSimulator } from '../start.ts'
import type { Simulator } from '../start.ts'

let sim: Simulator

beforeAll(async () => {
  sim = await startSimulator({ providers: ['anthropic', 'google'], timeScale: 1000 })
})
afterAll(() => sim.close())

const claude = (): ChatAnthropic =>
  new ChatAnthropic({ model: 'claude-haiku-4-5', apiKey: 'test', anthropicApiUrl: sim.url('anthropic'), maxRetries: 0, maxTokens: 2000 })
const gemini = (): ChatGoogleGenerativeAI =>
  new ChatGoogleGenerativeAI({ model: 'gemini-3.8-flash', apiKey: 'test', baseUrl: sim.url('google'), maxRetries: 0 })

const weather = tool(({ city }) => `Rain in ${city}`, {
  name: 'get_weather',
  description: 'Weather of a city',
  schema: z.object({ city: z.string() }),
})
const time = tool(({ city }) => `Noon in ${city}`, {
  name: 'get_time',
  description: 'Time in a city',
  schema: z.object({ city: z.string() }),
})
const city = z.object({ name: z.string(), population: z.number() })

async function streamed(stream: AsyncIterable<AIMessageChunk>): Promise<AIMessageChunk> {
  let whole: AIMessageChunk | undefined
  for await (const chunk of stream) whole = whole?.concat(chunk) ?? chunk
  return whole!
}

describe.each<[string, () => ChatAnthropic | ChatGoogleGenerativeAI]>([
  ['ChatAnthropic', claude],
  ['ChatGoogleGenerativeAI', gemini],
])('%s', (_, create) => {
  test('says the same streamed as whole', async () => {
    const whole = await create().invoke('Tell me more')
    const pieces = await streamed(await create().stream('Tell me more'))
    expect(whole.text).not.toBe('')
    expect(pieces.text).toBe(whole.text)
  })

  test('calls a tool, takes its result, answers in text', async () => {
    const model = create().bindTools([weather])
    const messages: BaseMessage[] = [new HumanMessage('Weather in Oslo?')]
    for (const ask of [() => model.invoke(messages), async () => streamed(await model.stream(messages))]) {
      const first = await ask()
      expect(first.tool_calls).toMatchObject([{ name: 'get_weather', args: { city: expect.any(String) } }])
      const [call] = first.tool_calls!
      const result = new ToolMessage({ tool_call_id: call!.id!, name: call!.name, content: 'Rain' })
      const second = await model.invoke([...messages, first, result])
      expect(second.tool_calls).toEqual([])
      expect(second.text).not.toBe('')
    }
  })

  test('gives structured output', async () => {
    expect(await create().withStructuredOutput(city).invoke('Oslo')).toEqual({ name: expect.any(String), population: expect.any(Number) })
    const byContent = create().withStructuredOutput(city, { method: 'jsonSchema' })
    expect(await byContent.invoke('Oslo')).toEqual({ name: expect.any(String), population: expect.any(Number) })
  })

  test('throws what the provider answers', async () => {
    sim.fault({ effect: { type: 'http-error', kind: 'overloaded' }, times: 1 })
    await expect(create().invoke('Hello')).rejects.toThrow(/overloaded/i)
    sim.fault({ effect: { type: 'http-error', kind: 'rate-limit' }, times: 1 })
    await expect(create().invoke('Hello')).rejects.toThrow(/rate limit|quota/i)
    sim.fault({ effect: { type: 'context-overflow' }, times: 1 })
    await expect(create().invoke('Hello')).rejects.toThrow(/prompt is too long|input token count/)
  })

  test('takes a silent end for an answer', async () => {
    const whole = await create().invoke('Tell me more')
    sim.fault({ effect: { type: 'silent-end' }, times: 1 })
    const pieces = await streamed(await create().stream('Tell me more'))
    expect(whole.text.startsWith(pieces.text)).toBe(true)
    expect(pieces.text.length).toBeGreaterThan(0)
    expect(pieces.text.length).toBeLessThan(whole.text.length)
  })
})

const truth = () => sim.bill.rows.at(-1)!.usage

test('ChatAnthropic reports usage whole, and one output token too many streamed', async () => {
  const whole = await claude().invoke('Count me')
  await sim.settled()
  expect(whole.usage_metadata).toMatchObject({ input_tokens: truth().inputTokens, output_tokens: truth().outputTokens })
  const pieces = await streamed(await claude().stream('Count me'))
  await sim.settled()
  expect(pieces.usage_metadata).toMatchObject({ input_tokens: truth().inputTokens, output_tokens: truth().outputTokens + 1 })
})

test('ChatAnthropic reports what was written to and read from the prompt cache', async () => {
  const system = Array.from({ length: 1500 }, (_, index) => `apples ${index}`).join(', ')
  const ask = (content: string) =>
    claude().invoke(
      [
        ['system', system],
        ['human', content],
      ],
      { cache_control: { type: 'ephemeral' } },
    )
  const first = await ask('one')
  await sim.settled()
  const written = truth().cacheWriteTokens
  expect(written).toBeGreaterThan(4096)
  expect(first.usage_metadata).toMatchObject({ input_token_details: { cache_creation: written, cache_read: 0 } })
  const again = await ask('one')
  expect(again.usage_metadata).toMatchObject({ input_token_details: { cache_creation: 0, cache_read: written } })
})

test('ChatGoogleGenerativeAI leaves thoughts out of its output tokens', async () => {
  const answer = await gemini().invoke('Count me')
  await sim.settled()
  const { inputTokens, outputTokens, reasoningTokens } = truth()
  expect(reasoningTokens).toBeGreaterThan(0)
  expect(answer.usage_metadata).toMatchObject({ input_tokens: inputTokens, output_tokens: outputTokens - reasoningTokens })
})

test('ChatGoogleGenerativeAI sends the results of parallel calls apart, which the API refuses', async () => {
  const model = gemini().bindTools([weather, time])
  const first = await model.invoke('Weather and time in Oslo?')
  expect(first.tool_calls).toHaveLength(2)
  const results = first.tool_calls!.map(call => new ToolMessage({ tool_call_id: call.id!, name: call.name, content: 'Fine' }))
  await expect(model.invoke([new HumanMessage('Weather and time in Oslo?'), first, ...results])).rejects.toThrow(
    'number of function response parts is equal',
  )
})

test('ChatAnthropic sends the results of parallel calls together', async () => {
  const model = claude().bindTools([weather, time])
  const first = await model.invoke('Weather and time in Oslo?')
  expect(first.tool_calls).toHaveLength(2)
  const results = first.tool_calls!.map(call => new ToolMessage({ tool_call_id: call.id!, content: 'Fine' }))
  const second = await model.invoke([new HumanMessage('Weather and time in Oslo?'), first, ...results])
  expect(second.tool_calls).toEqual([])
})

test('ChatAnthropic cannot force a tool on a model that will not be forced', async () => {
  const model = new ChatAnthropic({ model: 'claude-opus-5-5', apiKey: 'test', anthropicApiUrl: sim.url('anthropic'), maxRetries: 0 })
  await expect(model.withStructuredOutput(city, { method: 'functionCalling' }).invoke('Oslo')).rejects.toThrow(
    /tool_choice: type .*tool.* and .*any.* are not supported for this model\./,
  )
  expect(await model.withStructuredOutput(city, { method: 'jsonSchema' }).invoke('Oslo')).toMatchObject({ name: expect.any(String) })
})
