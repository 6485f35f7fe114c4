import { createOpenAI } from '@ai-sdk/openai'
import { RouterError, type Receipt } from '@routewise/core'
import { startSimulator } from '@routewise/simulator'
import { MockEmbeddingModelV4 } from 'ai/test'
import OpenAI from 'openai'
import { expect, test } from 'vitest'
import { routedFetch } from '../fetch/routed-fetch.ts'
import { createRouter } from '../router.ts'
import { aiSdkEmbeddingTarget } from './embedding-target.ts'

test('vectors reach the openai SDK as the model gives them, as numbers and as bytes, and the receipt is the bill', async () => {
  await using sim = await startSimulator({ timeScale: 200, providers: ['openai'] })
  const model = createOpenAI({ apiKey: 'test', baseURL: sim.url('openai') }).embedding('text-embedding-3-small')
  const router = createRouter({ embeddings: [aiSdkEmbeddingTarget(model)] })
  const receipts: Receipt[] = []
  router.on('receipt', receipt => receipts.push(receipt))
  const client = new OpenAI({ apiKey: 'unused', maxRetries: 0, fetch: routedFetch(router) })
  const bare = await model.doEmbed({ values: ['one', 'two'] })
  const numbers = await client.embeddings.create({ model: 'text-embedding-3-small', input: ['one', 'two'], encoding_format: 'float' })
  expect(numbers.data.map(({ embedding }) => embedding)).toEqual(bare.embeddings)
  expect(numbers.usage).toEqual({ prompt_tokens: bare.usage!.tokens, total_tokens: bare.usage!.tokens })
  const bytes = await client.embeddings.create({ model: 'text-embedding-3-small', input: 'one' })
  expect(bytes.data[0]!.embedding).toEqual(bare.embeddings[0]!.map(value => Math.fround(value)))
  await sim.settled()
  const [, ...costs] = sim.bill.rows.map(({ costNanoUsd }) => costNanoUsd)
  expect(receipts.map(({ costNanoUsd }) => costNanoUsd)).toEqual(costs)
  expect(costs).not.toContain(0)
})

const open = (model: MockEmbeddingModelV4, input: unknown) =>
  aiSdkEmbeddingTarget(model).open(
    { api: 'embeddings', body: { input }, stream: false, trace: { startedAt: 0, attempts: 0 } },
    { signal: new AbortController().signal, onHeaders() {} },
  )

test('more values than a model takes at once are asked for in turn', async () => {
  const model = new MockEmbeddingModelV4({
    maxEmbeddingsPerCall: 2,
    doEmbed: async ({ values }) => ({ embeddings: values.map(value => [value.length]), usage: { tokens: values.length }, warnings: [] }),
  })
  const chunks: unknown[] = []
  for await (const { bytes, reading } of open(model, ['a', 'bb', 'ccc']))
    chunks.push([JSON.parse(new TextDecoder().decode(bytes)), reading])
  expect(chunks).toMatchObject([
    [
      { object: 'list', data: [1, 2, 3].map((length, index) => ({ index, embedding: [length] })), usage: { total_tokens: 3 } },
      { finish: 'stop', usage: { inputTokens: 3, outputTokens: 0 } },
    ],
  ])
  expect(model.doEmbedCalls.map(({ values }) => values.length)).toEqual([2, 1])
})

test('tokens in place of texts are a bad request, and what is no model is refused when it is given', async () => {
  const target = aiSdkEmbeddingTarget(new MockEmbeddingModelV4())
  const answer = open(new MockEmbeddingModelV4(), [[1, 2]])
  await expect(answer[Symbol.asyncIterator]().next()).rejects.toThrow('input[0]: ')
  expect(target.failure(new Error('hm')).kind).toBe('unknown')
  const wrong = { specificationVersion: 'v4' } as unknown as MockEmbeddingModelV4
  expect(() => aiSdkEmbeddingTarget(wrong)).toThrow(RouterError)
})
