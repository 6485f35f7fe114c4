import { createDeepSeek } from '@ai-sdk/deepseek'
import { createGroq } from '@ai-sdk/groq'
import { createMistral } from '@ai-sdk/mistral'
import { createOpenAI } from '@ai-sdk/openai'
import { createXai } from '@ai-sdk/xai'
import { APICallError, generateText, Output, stepCountIs, streamText, tool } from 'ai'
import type { LanguageModel } from 'ai'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Simulator } from '../start.ts'
import { startSimulator } from '../start.ts'

let sim: Simulator
beforeAll(async () => {
  sim = await startSimulator({ timeScale: 1000, providers: ['openai', 'deepseek', 'mistral', 'xai', 'groq'] })
})
afterAll(() => sim.close())

const apiKey = 'test-key'
const models: Record<string, () => LanguageModel> = {
  'openai.chat': () => createOpenAI({ apiKey, baseURL: sim.url('openai') }).chat('gpt-6-luna'),
  'openai.responses': () => createOpenAI({ apiKey, baseURL: sim.url('openai') }).responses('gpt-6-luna'),
  deepseek: () => createDeepSeek({ apiKey, baseURL: sim.url('deepseek') })('deepseek-v4-flash'),
  mistral: () => createMistral({ apiKey, baseURL: `${sim.url('mistral')}/v1` })('mistral-small-2603'),
  xai: () => createXai({ apiKey, baseURL: sim.url('xai') })('grok-4.3'),
  groq: () => createGroq({ apiKey, baseURL: `${sim.url('groq')}/openai/v1` })('openai/gpt-oss-20b'),
}
const tools = {
  weather: tool({
    description: 'Weather of a city',
    inputSchema: z.object({ city: z.string(), days: z.number().int() }),
    execute: () => 'sunny',
  }),
}
const prompt = 'hello'

describe.each(Object.entries(models))('%s', (name, create) => {
  test('generates text, with the usage that was billed', async () => {
    const { text, usage, finishReason } = await generateText({ model: create(), prompt, maxRetries: 0 })
    await sim.settled()
    const billed = sim.bill.rows.at(-1)?.usage
    expect(text).toMatch(/\w/)
    expect(finishReason).toBe('stop')
    expect(usage).toMatchObject({ inputTokens: billed?.inputTokens })
    // @ai-sdk/xai speaks Responses, where the reasoning is included.
    expect(usage.outputTokens).toBe(billed?.outputTokens)
  })

  test('streams the same text and usage', async () => {
    const whole = await generateText({ model: create(), prompt, maxRetries: 0 })
    const stream = streamText({ model: create(), prompt, maxRetries: 0 })
    expect(await stream.text).toBe(whole.text)
    expect(await stream.usage).toMatchObject({ inputTokens: whole.usage.inputTokens, outputTokens: whole.usage.outputTokens })
    expect(await stream.finishReason).toBe('stop')
  })

  test('goes round a tool to an answer, whole and streamed', async () => {
    const whole = await generateText({ model: create(), prompt: 'weather?', tools, stopWhen: stepCountIs(3), maxRetries: 0 })
    expect(whole.steps.map(step => step.finishReason)).toEqual(['tool-calls', 'stop'])
    expect(whole.text).toMatch(/\w/)
    const stream = streamText({ model: create(), prompt: 'weather?', tools, stopWhen: stepCountIs(3), maxRetries: 0 })
    expect(await stream.text).toBe(whole.text)
  })

  // DeepSeek holds no schema.
  if (name !== 'deepseek') {
    test('gives an object of a schema', async () => {
      const schema = z.object({ name: z.string(), ages: z.array(z.number().int()), kind: z.enum(['a', 'b']) })
      const { output } = await generateText({ model: create(), prompt: 'extract', output: Output.object({ schema }), maxRetries: 0 })
      expect(schema.safeParse(output).success).toBe(true)
    })
  }

  test('sees an HTTP error with its status and words', async () => {
    sim.fault({ effect: { type: 'http-error', kind: 'overloaded' }, times: 1 })
    const error = await generateText({ model: create(), prompt, maxRetries: 0 }).catch((caught: unknown) => caught)
    expect(APICallError.isInstance(error) && error.statusCode).toBe(503)
    expect((error as Error).message).toMatch(/overloaded|busy|unavailable|capacity/i)
  })

  test('notices a stream that ends without a terminal event', async () => {
    sim.fault({ effect: { type: 'silent-end' }, times: 1 })
    const stream = streamText({ model: create(), prompt, maxRetries: 0, onError() {} })
    await stream.consumeStream()
    const reason = await stream.finishReason.then(
      value => value,
      () => 'error',
    )
    expect(reason).not.toBe('stop')
  })
})
