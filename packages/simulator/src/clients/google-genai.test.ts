import { FunctionCallingConfigMode, GoogleGenAI } from '@google/genai'
import type { Content } from '@google/genai'
import { findModel } from '@routewise/catalog'
import { costOf } from '@routewise/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startSimulator } from '../start.ts'
import type { Simulator } from '../start.ts'

let sim: Simulator
let ai: GoogleGenAI

beforeAll(async () => {
  sim = await startSimulator({
    providers: ['google'],
    timeScale: 1000,
    recordings: [{ prompt: 'What is 2 + 2?', answer: { text: 'Four, END as ever.' } }],
  })
  ai = new GoogleGenAI({ apiKey: 'test', httpOptions: { baseUrl: sim.url('google') } })
})
afterAll(() => sim.close())

const model = 'gemini-3.8-flash'
const tools = [
  {
    functionDeclarations: [
      { name: 'get_weather', parametersJsonSchema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } },
    ],
  },
]
const long = (topic: string, words: number): string => Array.from({ length: words }, (_, index) => `${topic} ${index}`).join(', ')
async function collect<Chunk>(stream: AsyncIterable<Chunk>): Promise<Chunk[]> {
  const chunks: Chunk[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return chunks
}

test('generates content', async () => {
  const response = await ai.models.generateContent({ model, contents: 'What is 2 + 2?' })
  expect(response.text).toBe('Four, END as ever.')
  expect(response).toMatchObject({ modelVersion: model, candidates: [{ finishReason: 'STOP' }] })
  const usage = response.usageMetadata!
  expect(usage.totalTokenCount).toBe(usage.promptTokenCount! + usage.candidatesTokenCount! + usage.thoughtsTokenCount!)
})

test('stops at a stop sequence and at the limit', async () => {
  const config = { thinkingConfig: { thinkingBudget: 0 } }
  const stopped = await ai.models.generateContent({ model, contents: 'What is 2 + 2?', config: { ...config, stopSequences: ['END'] } })
  expect(stopped.text).toBe('Four, ')
  const cut = await ai.models.generateContent({ model, contents: 'What is 2 + 2?', config: { ...config, maxOutputTokens: 2 } })
  expect(cut).toMatchObject({ candidates: [{ finishReason: 'MAX_TOKENS' }], usageMetadata: { candidatesTokenCount: 2 } })
})

test('streams the same answer, with usage that grows', async () => {
  const whole = await ai.models.generateContent({ model, contents: 'Tell me more' })
  const chunks = await collect(await ai.models.generateContentStream({ model, contents: 'Tell me more' }))
  expect(chunks.length).toBeGreaterThan(3)
  expect(chunks.map(chunk => chunk.text ?? '').join('')).toBe(whole.text)
  const counts = chunks.map(chunk => chunk.usageMetadata!.candidatesTokenCount ?? 0)
  expect(counts).toEqual(counts.toSorted((a, b) => a - b))
  expect(chunks.at(-1)).toMatchObject({ candidates: [{ finishReason: 'STOP' }], usageMetadata: whole.usageMetadata! })
})

test('calls a function, takes its response, answers in text', async () => {
  const ask: Content = { role: 'user', parts: [{ text: 'Weather in Oslo?' }] }
  const first = await ai.models.generateContent({ model, contents: [ask], config: { tools } })
  const [call] = first.functionCalls!
  expect(call).toMatchObject({ name: 'get_weather', args: { city: expect.any(String) } })
  const answerTo = (content: Content): Content[] => [
    ask,
    content,
    { role: 'user', parts: [{ functionResponse: { id: call!.id!, name: 'get_weather', response: { output: 'Rain' } } }] },
  ]
  const second = await ai.models.generateContent({ model, contents: answerTo(first.candidates![0]!.content!), config: { tools } })
  expect(second.functionCalls).toBeUndefined()
  expect(second.text).not.toBe('')
  const unsigned = { role: 'model', parts: [{ functionCall: call! }] }
  await expect(ai.models.generateContent({ model, contents: answerTo(unsigned), config: { tools } })).rejects.toThrow(
    'missing a thought_signature',
  )
})

test('streams a function call whole, and obeys the calling mode', async () => {
  const config = {
    tools,
    toolConfig: { functionCallingConfig: { mode: FunctionCallingConfigMode.ANY, allowedFunctionNames: ['get_weather'] } },
  }
  const chunks = await collect(await ai.models.generateContentStream({ model, contents: 'Weather in Oslo?', config }))
  expect(chunks.flatMap(chunk => chunk.functionCalls ?? [])).toMatchObject([{ name: 'get_weather', args: { city: expect.any(String) } }])
  const none = await ai.models.generateContent({
    model,
    contents: 'Weather in Oslo?',
    config: { tools, toolConfig: { functionCallingConfig: { mode: FunctionCallingConfigMode.NONE } } },
  })
  expect(none.functionCalls).toBeUndefined()
})

test('shows thoughts when asked', async () => {
  const response = await ai.models.generateContent({
    model,
    contents: 'Think it over',
    config: { thinkingConfig: { includeThoughts: true } },
  })
  expect(response.candidates![0]!.content!.parts![0]).toMatchObject({ thought: true, text: expect.any(String) })
  expect(response.usageMetadata!.thoughtsTokenCount).toBeGreaterThan(0)
})

test('holds output to a schema of either kind', async () => {
  const shape = { population: expect.any(Number), tags: expect.any(Array) }
  const json = {
    type: 'object',
    properties: { population: { type: 'integer' }, tags: { type: 'array', items: { type: 'string' } } },
    required: ['population', 'tags'],
  }
  const standard = await ai.models.generateContent({
    model,
    contents: 'Oslo',
    config: { responseMimeType: 'application/json', responseJsonSchema: json },
  })
  expect(JSON.parse(standard.text!)).toEqual(shape)
  const own = await ai.models.generateContent({
    model,
    contents: 'Oslo',
    config: { responseMimeType: 'application/json', responseSchema: json },
  })
  expect(JSON.parse(own.text!)).toEqual(shape)
})

test('counts tokens as it bills them', async () => {
  const { totalTokens } = await ai.models.countTokens({ model, contents: 'How many tokens is this?' })
  const response = await ai.models.generateContent({ model, contents: 'How many tokens is this?' })
  expect(response.usageMetadata!.promptTokenCount).toBe(totalTokens)
})

test('lists its models', async () => {
  const names: string[] = []
  for await (const info of await ai.models.list()) names.push(info.name!)
  expect(names).toContain(`models/${model}`)
  expect(await ai.models.get({ model })).toMatchObject({ name: `models/${model}`, inputTokenLimit: 1_048_576 })
})

test('caches a long prefix by itself and says how much of the prompt it was', async () => {
  const usageOf = async (question: string) =>
    (await ai.models.generateContent({ model, contents: `${long('apples', 2500)}\n${question}` })).usageMetadata!
  expect(await usageOf('one')).not.toHaveProperty('cachedContentTokenCount')
  const second = await usageOf('two')
  expect(second.cachedContentTokenCount).toBeGreaterThan(4096)
  expect(second.promptTokenCount).toBeGreaterThan(second.cachedContentTokenCount!)
})

test.each([
  ['auth', 400, 'API key not valid. Please pass a valid API key.'],
  ['permission', 403, 'PERMISSION_DENIED'],
  ['quota', 429, 'limit: 0'],
  ['rate-limit', 429, 'RESOURCE_EXHAUSTED'],
  ['overloaded', 503, 'The model is overloaded. Please try again later.'],
  ['server', 500, 'INTERNAL'],
  ['timeout', 504, 'DEADLINE_EXCEEDED'],
] as const)('%s is thrown with its status and words', async (kind, status, words) => {
  sim.fault({ effect: { type: 'http-error', kind }, times: 1 })
  const error: unknown = await ai.models.generateContent({ model, contents: 'Hello' }).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ name: 'ApiError', status, message: expect.stringContaining(words) })
})

test('a rate limit says how long to wait', async () => {
  sim.fault({ effect: { type: 'http-error', kind: 'rate-limit', retryAfterMs: 46_000 }, times: 1 })
  await expect(ai.models.generateContent({ model, contents: 'Hello' })).rejects.toThrow('"retryDelay":"46s"')
})

test('an unknown model is not found, a wrong request names its field', async () => {
  await expect(ai.models.generateContent({ model: 'gemini-9', contents: 'Hello' })).rejects.toThrow(
    'models/gemini-9 is not found for API version v1beta',
  )
  await expect(ai.models.generateContent({ model, contents: [{ role: 'system', parts: [{ text: 'Hi' }] }] })).rejects.toThrow(
    'Please use a valid role: user, model.',
  )
})

test('a prompt over the window is refused with both counts', async () => {
  sim.fault({ effect: { type: 'context-overflow' }, times: 1 })
  await expect(ai.models.generateContent({ model, contents: 'Hello' })).rejects.toThrow(
    /The input token count \(\d+\) exceeds the maximum number of tokens allowed \(1048576\)\./,
  )
})

test('a refusal and a blocked prompt end without content', async () => {
  sim.fault({ effect: { type: 'refusal' }, times: 1 })
  const refused = await ai.models.generateContent({ model, contents: 'Hello' })
  expect(refused.candidates).toMatchObject([{ finishReason: 'SAFETY' }])
  sim.fault({ effect: { type: 'content-filter' }, times: 1 })
  const blocked = await collect(await ai.models.generateContentStream({ model, contents: 'Hello' }))
  expect(blocked.at(-1)!.promptFeedback).toMatchObject({ blockReason: 'PROHIBITED_CONTENT' })
})

test('a stream that breaks midway throws, one that ends silently has no finish reason', async () => {
  const read = async () => collect(await ai.models.generateContentStream({ model, contents: 'Tell me more' }))
  sim.fault({ effect: { type: 'stream-error', at: 'midway', kind: 'overloaded' }, times: 1 })
  await expect(read()).rejects.toMatchObject({ name: 'ApiError', status: 503 })
  sim.fault({ effect: { type: 'cut', at: 'midway' }, times: 1 })
  await expect(read()).rejects.toThrow(/terminated|fetch failed/)
  sim.fault({ effect: { type: 'silent-end' }, times: 1 })
  expect((await read()).every(chunk => chunk.candidates?.[0]?.finishReason === undefined)).toBe(true)
})

test('a content that was handed over is read in full, and charged with its storage', async () => {
  const systemInstruction = long('rule', 3_000)
  const cache = await ai.caches.create({ model, config: { systemInstruction, tools, ttl: '1800s' } })
  const held = cache.usageMetadata!.totalTokenCount!
  await sim.settled()
  const stored = sim.bill.rows.at(-1)!
  expect(stored.costNanoUsd! - costOf(findModel(model)!, stored.usage, Date.now())!).toBe(Math.round(held * 0.25 * 1_000))
  const response = await ai.models.generateContent({ model, contents: 'And now?', config: { cachedContent: cache.name! } })
  expect(response.usageMetadata!.cachedContentTokenCount).toBe(held)
  expect(response.usageMetadata!.promptTokenCount!).toBeLessThan(held + 10)
  const request = (config: object) =>
    ai.models.generateContent({ model, contents: 'Hi', config: { cachedContent: cache.name!, ...config } })
  await expect(request({ systemInstruction: 'Another.' })).rejects.toThrow(/system_instruction, tools or tool_config/)
  await ai.caches.delete({ name: cache.name! })
  await expect(request({})).rejects.toThrow(/not found/)
})

test('a content that is too small, or of another model, is refused', async () => {
  await expect(ai.caches.create({ model, config: { systemInstruction: 'Be brief.' } })).rejects.toThrow(/too small/)
  const cache = await ai.caches.create({ model, config: { systemInstruction: long('rule', 3_000) } })
  await expect(
    ai.models.generateContent({ model: 'gemini-3.7-flash', contents: 'Hi', config: { cachedContent: cache.name! } }),
  ).rejects.toThrow(/has to be the same/)
})
