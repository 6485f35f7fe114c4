import { HumanMessage, ToolMessage } from '@langchain/core/messages'
import type { AIMessageChunk } from '@langchain/core/messages'
import type { BaseChatModel } from '@langchain/core/language_models/chat_models'
import { tool } from '@langchain/core/tools'
import { ChatDeepSeek } from '@langchain/deepseek'
import { ChatGroq } from '@langchain/groq'
import { ChatMistralAI } from '@langchain/mistralai'
import { ChatOpenAI } from '@langchain/openai'
import { ChatXAI } from '@langchain/xai'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Simulator } from '../start.ts'
import { startSimulator } from '../start.ts'

let sim: Simulator
beforeAll(async () => {
  sim = await startSimulator({ timeScale: 1000, providers: ['openai', 'deepseek', 'mistral', 'xai', 'groq'] })
})
afterAll(() => sim.close())

const bare = { apiKey: 'test-key', maxRetries: 0 }
const weather = tool(() => 'sunny', {
  name: 'weather',
  description: 'Weather of a city',
  schema: z.object({ city: z.string(), days: z.number().int() }),
})
const models: Record<string, () => BaseChatModel> = {
  'ChatOpenAI on chat completions': () => new ChatOpenAI({ ...bare, model: 'gpt-4.1', configuration: { baseURL: sim.url('openai') } }),
  'ChatOpenAI on Responses': () =>
    new ChatOpenAI({ ...bare, model: 'gpt-6-luna', useResponsesApi: true, configuration: { baseURL: sim.url('openai') } }),
  ChatDeepSeek: () => new ChatDeepSeek({ ...bare, model: 'deepseek-v4-flash', configuration: { baseURL: sim.url('deepseek') } }),
  ChatMistralAI: () => new ChatMistralAI({ ...bare, model: 'mistral-small-2603', serverURL: sim.url('mistral') }),
  ChatXAI: () => new ChatXAI({ ...bare, model: 'grok-4.3', baseURL: sim.url('xai') }),
  ChatGroq: () => new ChatGroq({ ...bare, model: 'openai/gpt-oss-20b', baseUrl: sim.url('groq') }),
}

describe.each(Object.entries(models))('%s', (_, create) => {
  test('answers with text and usage', async () => {
    const message = await create().invoke('hello')
    expect(message.text).toMatch(/\w/)
    expect(message.usage_metadata).toMatchObject({ input_tokens: expect.any(Number), output_tokens: expect.any(Number) })
  })

  test('streams the same text', async () => {
    const whole = await create().invoke('hello')
    let text = ''
    for await (const chunk of await create().stream('hello')) text += chunk.text
    expect(text).toBe(whole.text)
  })

  test('calls a tool, whole and streamed, and answers its result', async () => {
    const model = create().bindTools?.([weather])
    const message = await model?.invoke('weather in Rome?')
    const [call] = message?.tool_calls ?? []
    expect(call).toMatchObject({ name: 'weather', args: { city: expect.any(String), days: expect.any(Number) } })
    let streamed: AIMessageChunk | undefined
    for await (const chunk of (await model?.stream('weather in Rome?')) ?? []) streamed = streamed?.concat(chunk) ?? chunk
    expect(streamed?.tool_calls).toMatchObject([{ name: 'weather', args: call?.args }])
    const history = [
      new HumanMessage('weather in Rome?'),
      message as AIMessageChunk,
      new ToolMessage({ tool_call_id: call?.id ?? '', content: 'sunny' }),
    ]
    const answer = await model?.invoke(history)
    expect(answer?.text).toMatch(/\w/)
    expect(answer?.tool_calls).toEqual([])
  })

  test('gives structured output', async () => {
    const schema = z.object({ name: z.string(), age: z.number().int() })
    const structured = create().withStructuredOutput(schema, { name: 'person', method: 'functionCalling' })
    expect(schema.safeParse(await structured.invoke('extract')).success).toBe(true)
  })

  test('reports a rate limit as an error', async () => {
    sim.fault({ effect: { type: 'http-error', kind: 'rate-limit', retryAfterMs: 1000 }, times: 1 })
    await expect(create().invoke('hello')).rejects.toThrow(/rate limit|capacity exceeded|exhausted/i)
  })
})

test('what LangChain reports of the prompt cache is what the provider billed', async () => {
  const model = models['ChatOpenAI on chat completions']?.()
  const prompt = 'One of many rules of this house. '.repeat(300)
  await model?.invoke(prompt)
  const message = await model?.invoke(prompt)
  await sim.settled()
  const billed = sim.bill.rows.at(-1)?.usage.cacheReadTokens
  expect(message?.usage_metadata).toMatchObject({ input_token_details: { cache_read: billed } })
  expect(billed).toBeGreaterThan(1024)
})
