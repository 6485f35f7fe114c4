import { APICallError, NoSuchModelError, type RerankingModelV4CallOptions, type RerankingModelV4Result } from '@ai-sdk/provider'
import type { Receipt, RoutingOptions } from '@routewise/core'
import { createManualClock } from '@routewise/core/testing'
import { rerank } from 'ai'
import { MockRerankingModelV3, MockRerankingModelV4 } from 'ai/test'
import { describe, expect, test } from 'vitest'
import { createRerankingModels } from './models.ts'
import type { RerankingModels } from './options.ts'

const routedBy = (given: RerankingModels, routing: RoutingOptions = {}) =>
  createRerankingModels(given, { provider: 'routewise', routing }).model

const documents = ['rain in Spain', 'snow in Sweden', 'sun in Sicily']
const query = 'Where does it rain?'

type Answer = (options: RerankingModelV4CallOptions) => PromiseLike<RerankingModelV4Result>

/** Ranks documents in the order given, the first with `score`. */
const mock = (score: number, body?: unknown, answer?: Answer) => {
  const calls: RerankingModelV4CallOptions[] = []
  const model = new MockRerankingModelV4({
    modelId: `rank-${score}`,
    doRerank: async options => {
      calls.push(options)
      if (answer !== undefined) return answer(options)
      const ranking = options.documents.values.map((_, index) => ({ index, relevanceScore: score / (index + 1) }))
      return { ranking, response: { id: `from-${score}`, headers: { a: 'b' }, body }, warnings: [] }
    },
  })
  return Object.assign(model, { calls })
}
const failing = (statusCode: number) =>
  mock(0, undefined, async () => {
    throw new APICallError({ message: `status ${statusCode}`, url: 'http://mock', requestBodyValues: {}, statusCode })
  })
const receiptOf = ({ providerMetadata }: { providerMetadata?: Record<string, unknown> | undefined }) =>
  providerMetadata?.['routewise'] as Receipt
const caught = (promise: PromiseLike<unknown>): Promise<unknown> =>
  Promise.resolve(promise).then(
    () => new Error('Nothing was thrown.'),
    (error: unknown) => error,
  )

test('what the model gave is passed on, with the receipt beside it', async () => {
  const only = mock(0.9, { some: 'body' })
  const call = { documents: { type: 'text' as const, values: documents }, query, topN: 2 }
  const bare = await only.doRerank(call)
  const { providerMetadata, ...result } = await routedBy({ only })('auto').doRerank(call)
  expect(result).toEqual(bare)
  expect(providerMetadata?.['routewise']).toMatchObject({ target: 'only', model: 'rank-0.9', task: 'reranking' })
  expect(only.calls[1]).toMatchObject(call)
})

test('auto is any of them, an id is that one alone, and other names are refused', async () => {
  const model = routedBy({ a: mock(0.5), b: mock(0.25) })
  expect((await rerank({ model: model('auto'), documents, query })).ranking[0]?.score).toBe(0.5)
  expect((await rerank({ model: model('b'), documents, query })).ranking[0]?.score).toBe(0.25)
  expect(() => model('c')).toThrow(NoSuchModelError)
  expect(() => model('c')).toThrow('No such rerankingModel: "c". There are "auto", "a", "b".')
  expect(() => routedBy({})('auto')).toThrow('add `rerankingModels`')
})

test('a model of version 3 answers as one of version 4 does', async () => {
  const three = new MockRerankingModelV3({ modelId: 'v3', doRerank: async () => ({ ranking: [{ index: 1, relevanceScore: 0.7 }] }) })
  const result = await rerank({ model: routedBy({ three })('auto'), documents, query })
  expect(result.rerankedDocuments).toEqual(['snow in Sweden'])
  expect(receiptOf(result).target).toBe('three')
})

describe('money', () => {
  const cohere = { meta: { billed_units: { search_units: 2 } } }
  const cohereWithTokens = { meta: { ...cohere.meta, tokens: { input_tokens: 40 } } }

  test.each([
    ['searches as the provider counts them', { per1000Searches: 2 }, cohere, 4_000_000, 0],
    ['tokens as the provider counts them', { input: 0.05 }, { usage: { total_tokens: 40 } }, 2_000, 40],
    ['both', { per1000Searches: 2, input: 0.05 }, { ...cohere, usage: { total_tokens: 40 } }, 4_002_000, 40],
    ['searches alone, where tokens are told and not billed', { per1000Searches: 2 }, cohereWithTokens, 4_000_000, 0],
  ])('%s', async (_what, price, body, costNanoUsd, inputTokens) => {
    const result = await rerank({ model: routedBy({ only: { model: mock(0.9, body), price } })('auto'), documents, query })
    expect(receiptOf(result)).toMatchObject({ costNanoUsd, estimated: false, usage: { inputTokens } })
  })

  test('a search where nothing is said', async () => {
    const only = { model: mock(0.9), price: { per1000Searches: 2 } }
    expect(receiptOf(await rerank({ model: routedBy({ only })('auto'), documents, query }))).toMatchObject({
      costNanoUsd: 2_000_000,
      estimated: true,
    })
  })

  test('both, of which the provider counts one: the other is estimated', async () => {
    const only = { model: mock(0.9, cohere), price: { per1000Searches: 2, input: 0.05 } }
    const receipt = receiptOf(await rerank({ model: routedBy({ only })('auto'), documents, query }))
    expect(receipt.estimated).toBe(true)
    expect(receipt.costNanoUsd).toBeGreaterThan(4_000_000)
  })

  test('a hundred documents are a search', async () => {
    const many = Array.from({ length: 201 }, (_, at) => `document ${at}`)
    const only = { model: mock(0.9), price: { per1000Searches: 1 } }
    expect(receiptOf(await rerank({ model: routedBy({ only })('auto'), documents: many, query })).costNanoUsd).toBe(3_000_000)
  })

  test('tokens that nobody counts are estimated', async () => {
    const receipt = receiptOf(
      await rerank({ model: routedBy({ only: { model: mock(0.9), price: { input: 1 } } })('auto'), documents, query }),
    )
    expect(receipt.estimated).toBe(true)
    expect(receipt.costNanoUsd).toBeGreaterThan(10_000)
    expect(receipt.costNanoUsd).toBeLessThan(100_000)
  })

  test('by the search or by the token, the cheaper answers', async () => {
    const model = routedBy({
      bySearch: { model: mock(0.5), price: { per1000Searches: 2 } },
      byToken: { model: mock(0.25), price: { input: 0.05 } },
    })
    expect(receiptOf(await rerank({ model: model('auto'), documents, query })).target).toBe('byToken')
    const long = Array.from({ length: 100 }, () => 'word '.repeat(600))
    expect(receiptOf(await rerank({ model: model('auto'), documents: long, query })).target).toBe('bySearch')
  })

  test('without a price the cost is not known', async () => {
    const receipt = receiptOf(await rerank({ model: routedBy({ only: mock(0.9, cohere) })('auto'), documents, query }))
    expect(receipt).toMatchObject({ estimated: true, usage: { outputTokens: 2 }, attempts: [{ usageSource: 'provider' }] })
    expect(receipt.attempts[0]?.costNanoUsd).toBeUndefined()
  })
})

describe('failures', () => {
  test('the next answers, and every score is its own', async () => {
    const result = await rerank({ model: routedBy({ down: failing(500), up: mock(0.8) }, { retry: false })('auto'), documents, query })
    expect(result.ranking.map(({ score }) => score)).toEqual([0.8, 0.8 / 2, 0.8 / 3])
    expect(receiptOf(result).attempts).toMatchObject([
      { target: 'down', end: { type: 'failed' } },
      { target: 'up', reason: 'fallback' },
    ])
  })

  test.each([
    ['a document that there is not', { index: 3, relevanceScore: 1 }],
    ['a score that is no number', { index: 0, relevanceScore: Number.NaN }],
  ])('%s is a failure of its model', async (_what, place) => {
    const odd = mock(0, undefined, async () => ({ ranking: [place] }))
    const result = await rerank({ model: routedBy({ odd, sound: mock(0.8) })('auto'), documents, query })
    expect(receiptOf(result)).toMatchObject({ target: 'sound', attempts: [{ target: 'odd', end: { type: 'failed' } }, {}] })
  })

  test('what one attempt alone has thrown is thrown on, no longer for the SDK to repeat', async () => {
    const down = failing(500)
    const error = await caught(rerank({ model: routedBy({ down }, { retry: false })('auto'), documents, query }))
    expect(error).toMatchObject({ statusCode: 500, isRetryable: false })
    expect(down.calls).toHaveLength(1)
  })

  test('a silent one is escaped by a hedge', async () => {
    const clock = createManualClock()
    const silent = mock(0, undefined, () => new Promise(() => {}))
    const answer = rerank({
      model: routedBy({ silent, up: mock(0.8) }, { clock, hedge: { budget: 1, delayMs: 200 } })('auto'),
      documents,
      query,
    })
    await clock.advance(200)
    expect(receiptOf(await answer)).toMatchObject({ target: 'up' })
    expect(silent.calls[0]?.abortSignal?.aborted).toBe(true)
  })

  test('one that does not answer in time has failed, and may bill its searches all the same', async () => {
    const clock = createManualClock()
    const silent = { model: mock(0, undefined, () => new Promise(() => {})), price: { per1000Searches: 2 } }
    const model = routedBy({ silent, up: { model: mock(0.8), price: { per1000Searches: 3 } } }, { clock, hedge: false })('auto')
    const answer = rerank({ model, documents, query })
    await clock.advance(60_000)
    const { attempts } = receiptOf(await answer)
    expect(attempts).toMatchObject([
      { end: { failure: { kind: 'timeout' } }, costNanoUsd: 2_000_000, usageSource: 'estimated' },
      { target: 'up' },
    ])
    expect(clock.pending()).toBe(0)
  })

  test.each<[RerankingModels, RegExp]>([
    [{ a: { model: mock(1), price: {} } }, /rerankingModels\.a: option `price` is \{\}: expected `per1000Searches` or `input`/],
    [{ a: { model: mock(1), cost: 1 } as never }, /rerankingModels\.a: unknown option `cost`/],
    [{ auto: mock(1) }, /`rerankingModels` has the id "auto"/],
  ])('options that cannot be meant are refused: %#', (given, message) => {
    expect(() => routedBy(given)).toThrow(message)
  })
})
