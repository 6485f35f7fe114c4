import { createAnthropic } from '@ai-sdk/anthropic'
import { createGoogle } from '@ai-sdk/google'
import { APICallError, Output, generateText, isStepCount, streamText, tool } from 'ai'
import type { LanguageModel } from 'ai'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { startSimulator } from '../start.ts'
import type { Simulator } from '../start.ts'

let sim: Simulator

beforeAll(async () => {
  sim = await startSimulator({ providers: ['anthropic', 'google'], timeScale: 1000 })
})
afterAll(() => sim.close())

const claude = (): LanguageModel => createAnthropic({ apiKey: 'test', baseURL: `${sim.url('anthropic')}/v1` })('claude-haiku-4-5')
const gemini = (): LanguageModel => createGoogle({ apiKey: 'test', baseURL: `${sim.url('google')}/v1beta` })('gemini-3.8-flash')

const tools = {
  get_weather: tool({ inputSchema: z.object({ city: z.string() }), execute: ({ city }) => `Rain in ${city}` }),
  get_time: tool({ inputSchema: z.object({ city: z.string() }), execute: ({ city }) => `Noon in ${city}` }),
}
const truth = () => sim.bill.rows.at(-1)!.usage
const long = Array.from({ length: 2500 }, (_, index) => `apples ${index}`).join(', ')

describe.each([
  ['anthropic', claude],
  ['google', gemini],
] as const)('@ai-sdk/%s', (provider, create) => {
  const call = (prompt: string) => ({ model: create(), prompt, maxRetries: 0 })

  test('says the same streamed as whole, with the provider’s own usage', async () => {
    const whole = await generateText(call('Tell me more'))
    await sim.settled()
    const { inputTokens, outputTokens } = truth()
    const result = streamText(call('Tell me more'))
    expect(await result.text).toBe(whole.text)
    expect(await result.finishReason).toBe('stop')
    for (const usage of [whole.usage, await result.usage]) expect(usage).toMatchObject({ inputTokens, outputTokens })
  })

  test('runs parallel tools and answers from their results', async () => {
    const whole = await generateText({ ...call('Weather and time in Oslo?'), tools, stopWhen: isStepCount(3) })
    expect(whole.steps.map(step => step.toolCalls.length)).toEqual([2, 0])
    expect(whole.text).not.toBe('')
    const result = streamText({ ...call('Weather and time in Oslo?'), tools, stopWhen: isStepCount(3) })
    expect((await result.steps).map(step => step.toolCalls.length)).toEqual([2, 0])
  })

  test('gives structured output', async () => {
    const schema = z.object({ name: z.string(), population: z.number() })
    const { output } = await generateText({ ...call('Oslo'), output: Output.object({ schema }) })
    expect(output).toEqual({ name: expect.any(String), population: expect.any(Number) })
  })

  test('throws an error with status, headers and body', async () => {
    sim.fault({ effect: { type: 'http-error', kind: 'rate-limit', retryAfterMs: 1000 }, times: 1 })
    const error: unknown = await generateText(call('Hello')).catch((thrown: unknown) => thrown)
    expect(APICallError.isInstance(error)).toBe(true)
    expect(error).toMatchObject({
      statusCode: 429,
      isRetryable: true,
      responseBody: expect.stringMatching(/rate_limit_error|RESOURCE_EXHAUSTED/),
    })
    sim.fault({ effect: { type: 'http-error', kind: 'overloaded' }, times: 1 })
    await expect(generateText(call('Hello'))).rejects.toMatchObject({ statusCode: provider === 'anthropic' ? 529 : 503 })
  })

  test('an error in the stream is an error part', async () => {
    sim.fault({ effect: { type: 'stream-error', at: 'midway', kind: 'overloaded' }, times: 1 })
    const errors: unknown[] = []
    const result = streamText({ ...call('Tell me more'), onError: ({ error }) => void errors.push(error) })
    expect(await result.finishReason).toBe('error')
    expect(errors).toHaveLength(1)
  })

  test('a silent end is an interruption', async () => {
    sim.fault({ effect: { type: 'silent-end' }, times: 1 })
    expect(await streamText(call('Tell me more')).finishReason).toBe('interrupted')
  })

  test('a refusal is filtered content', async () => {
    sim.fault({ effect: { type: 'refusal' }, times: 1 })
    expect((await generateText(call('Hello'))).finishReason).toBe('content-filter')
  })

  test('reports what was read from the prompt cache', async () => {
    const messages = (question: string) => [
      { role: 'user' as const, content: long, providerOptions: { anthropic: { cacheControl: { type: 'ephemeral' } } } },
      { role: 'user' as const, content: question },
    ]
    await generateText({ model: create(), messages: messages('one'), maxRetries: 0 })
    const { usage } = await generateText({ model: create(), messages: messages('two'), maxRetries: 0 })
    expect(usage.inputTokenDetails.cacheReadTokens).toBeGreaterThan(4096)
  })
})

test('@ai-sdk/anthropic shows summarised thinking and sends it back', async () => {
  const model = createAnthropic({ apiKey: 'test', baseURL: `${sim.url('anthropic')}/v1` })('claude-opus-5-5')
  const providerOptions = { anthropic: { thinking: { type: 'adaptive', display: 'summarized' } } } as const
  const result = await generateText({ model, prompt: 'Weather in Oslo?', tools, stopWhen: isStepCount(3), providerOptions, maxRetries: 0 })
  expect(result.steps[0]!.reasoningText).not.toBe('')
  expect(result.steps).toHaveLength(2)
})
