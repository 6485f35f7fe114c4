import { createOpenAI } from '@ai-sdk/openai'
import { createManualClock } from '@routewise/core/testing'
import { startSimulator } from '@routewise/simulator'
import { embed, embedMany } from 'ai'
import { MockEmbeddingModelV3 } from 'ai/test'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createEmbeddingModels } from './models.ts'
import { caught, mock, receiptOf, routedBy, vectors } from '../testing/embedding.ts'

beforeAll(() => {
  globalThis.AI_SDK_LOG_WARNINGS = false
})
afterAll(() => {
  globalThis.AI_SDK_LOG_WARNINGS = undefined
})

describe('choice', () => {
  test('the cheapest of a space answers', async () => {
    const model = routedBy({ dear: { model: mock(1), price: { input: 0.13 } }, cheap: { model: mock(2), price: { input: 0.02 } } })
    expect((await embed({ model: model('auto'), value: 'x' })).embedding[0]).toBe(2)
  })

  test('of those that cost the same, the fastest answers', async () => {
    const clock = createManualClock()
    const slow = mock(1, {
      answer: ({ values }) =>
        new Promise(resolve => clock.after(300, () => resolve({ embeddings: vectors(1, values), usage: { tokens: 9 }, warnings: [] }))),
    })
    const model = routedBy(
      { slow: { model: slow, price: { input: 0.02 } }, fast: { model: mock(2), price: { input: 0.02 } } },
      { clock, hedge: false },
    )
    for (let call = 0; call < 20; call += 1) {
      const answer = embed({ model: model('slow'), value: 'x' })
      await clock.advance(300)
      await answer
    }
    expect((await embed({ model: model('auto'), value: 'x' })).embedding[0]).toBe(2)
  })

  test('a price that is not known makes nobody cheaper, and the cost is not known either', async () => {
    const model = routedBy({ unpriced: mock(1), priced: { model: mock(2), price: { input: 0.02 } } })
    const receipt = receiptOf(await embed({ model: model('auto'), value: 'x' }))
    expect(receipt).toMatchObject({ target: 'unpriced', estimated: true })
    expect(receipt.attempts[0]?.costNanoUsd).toBeUndefined()
  })

  test('the price is the catalog’s for a model that it knows, and not that of one merely alike', async () => {
    const model = routedBy({
      known: mock(1, { modelId: 'mistral-embed', provider: 'mistral.embedding' }),
      alike: mock(2, { modelId: 'amazon.titan-embed-text-v2:0', provider: 'amazon-bedrock' }),
    })
    const costOf = async (name: string) => receiptOf(await embed({ model: model(name), value: 'x' })).attempts[0]?.costNanoUsd
    expect([await costOf('known'), await costOf('alike')]).toEqual([1_000, undefined])
  })

  test('a model whose rate limit is reached, as its headers tell, is asked last', async () => {
    const headers = { 'x-ratelimit-limit-requests': '100', 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '60s' }
    const spent = mock(1, { answer: ({ values }) => ({ embeddings: vectors(1, values), response: { headers }, warnings: [] }) })
    const model = routedBy({ spent, other: mock(2) })('auto')
    expect((await embed({ model, value: 'x' })).embedding[0]).toBe(1)
    expect((await embed({ model, value: 'x' })).embedding[0]).toBe(2)
  })

  test('allow and deny select, for all calls and for one', async () => {
    const given = { a: mock(1), b: { model: mock(2), tags: ['eu'] }, c: { model: mock(3), tags: ['eu'] } }
    const european = routedBy(given, { allow: ['eu'] })('auto')
    expect((await embed({ model: european, value: 'x' })).embedding[0]).toBe(2)
    const providerOptions = { routewise: { allow: ['c'] } }
    expect((await embed({ model: european, value: 'x', providerOptions })).embedding[0]).toBe(3)
    expect((await embed({ model: routedBy(given, { deny: ['a', 'b'] })('auto'), value: 'x' })).embedding[0]).toBe(3)
    expect(await caught(embed({ model: routedBy(given, { allow: ['eu'] })('a'), value: 'x' }))).toMatchObject({ code: 'no_candidates' })
  })

  test('long values go to a model that takes them, and to any where none does', async () => {
    const long = 'many words '.repeat(100)
    const short = { model: mock(1), maxInputTokens: 20 }
    expect((await embed({ model: routedBy({ short, roomy: mock(2) })('auto'), value: long })).embedding[0]).toBe(2)
    expect((await embed({ model: routedBy({ short, roomy: mock(2) })('auto'), value: 'few' })).embedding[0]).toBe(1)
    expect((await embed({ model: routedBy({ short })('auto'), value: long })).embedding[0]).toBe(1)
  })
})

describe('answers', () => {
  test('what the model gave is passed on, with the receipt beside it', async () => {
    const only = mock(7)
    const bare = await only.doEmbed({ values: ['a', 'b'] })
    const model = routedBy({ only: { model: only, price: { input: 0.5 }, account: 'k1', tags: ['t'] } })('auto')
    const { providerMetadata, ...result } = await model.doEmbed({ values: ['a', 'b'] })
    expect(result).toEqual(bare)
    expect(result.response).toBeDefined()
    expect(providerMetadata?.['routewise']).toMatchObject({
      target: 'only',
      model: 'same',
      task: 'embedding',
      usage: { inputTokens: 20, outputTokens: 0 },
      costNanoUsd: 20 * 500,
      estimated: false,
      attempts: [{ usageSource: 'provider', end: { type: 'answered', finish: 'stop' } }],
    })
  })

  test('usage that no model reports is estimated, and said to be', async () => {
    const model = routedBy({ only: { model: mock(1, { tokens: null }), price: { input: 1 } } })('auto')
    const { usage, ...result } = await embed({ model, value: 'about seven tokens or a few more' })
    expect(usage.tokens).toBeNaN()
    expect(receiptOf(result)).toMatchObject({ estimated: true, attempts: [{ usageSource: 'estimated' }] })
    expect(receiptOf(result).costNanoUsd).toBeGreaterThan(0)
  })

  test('options reach the model as they came, but for ours', async () => {
    const only = mock(1)
    const providerOptions = { openai: { user: 'u' }, routewise: { tenant: 'acme', session: 's' } }
    const result = await embed({ model: routedBy({ only })('auto'), value: 'x', dimensions: 3, headers: { 'x-id': '1' }, providerOptions })
    const [call] = only.doEmbedCalls
    expect(call).toMatchObject({ values: ['x'], dimensions: 3, headers: { 'x-id': '1' } })
    expect(call?.providerOptions).toEqual({ openai: { user: 'u' } })
    expect(call?.providerOptions?.['openai']).toBe(providerOptions.openai)
    expect(receiptOf(result)).toMatchObject({ tenant: 'acme', session: 's' })
    const wrong = caught(embed({ model: routedBy({ only })('auto'), value: 'x', providerOptions: { routewise: { tennant: 'x' } } }))
    expect(await wrong).toMatchObject({ code: 'invalid_option', message: expect.stringContaining('tennant') as string })
  })

  test('models of versions 2 and 3 answer as those of version 4 do', async () => {
    const doEmbed = async ({ values }: { values: string[] }) => ({ embeddings: vectors(1, values), usage: { tokens: 4 }, warnings: [] })
    const older = {
      two: {
        model: {
          specificationVersion: 'v2' as const,
          provider: 'old',
          modelId: 'v2',
          maxEmbeddingsPerCall: undefined,
          supportsParallelCalls: true,
          doEmbed,
        },
        price: { input: 1 },
      },
      three: { model: new MockEmbeddingModelV3({ modelId: 'v3', doEmbed }), price: { input: 1 } },
    }
    for (const name of ['v2', 'v3']) {
      const result = await embedMany({ model: routedBy(older)(name), values: ['a', 'bb'] })
      expect(result.embeddings).toEqual(vectors(1, ['a', 'bb']))
      expect(receiptOf(result)).toMatchObject({ model: name, costNanoUsd: 4_000 })
    }
  })

  test('many values are split as the least of the space can take them, in parallel where all can', async () => {
    const here = mock(1, { limit: Promise.resolve(5) })
    const there = mock(2, { limit: 2, parallel: Promise.resolve(true) })
    const model = routedBy({ here, there, boundless: mock(3) })
    expect(await model('auto').maxEmbeddingsPerCall).toBe(2)
    expect(await model('auto').supportsParallelCalls).toBe(true)
    expect(await model('here').maxEmbeddingsPerCall).toBe(5)
    for (const parallel of [false, Promise.resolve(false)]) {
      expect(await routedBy({ here, other: mock(1, { parallel }) })('auto').supportsParallelCalls).toBe(false)
    }
    expect(model('boundless').maxEmbeddingsPerCall).toBeUndefined()
    const values = ['a', 'bb', 'ccc', 'dddd', 'eeeee']
    const { embeddings } = await embedMany({ model: model('auto'), values })
    expect(embeddings).toEqual(vectors(1, values))
    expect(here.doEmbedCalls.map(call => call.values.length)).toEqual([2, 2, 1])
  })

  test('a model that cannot tell its limit does not keep the others from answering', async () => {
    const unsure = mock(1, { limit: Promise.reject(new Error('no list of models today')) })
    expect(await routedBy({ unsure, sure: mock(2, { limit: 3 }) })('auto').maxEmbeddingsPerCall).toBe(3)
  })
})

describe('over a real wire', () => {
  test('OpenAI at two places is one space; the price is the catalog’s and the bill the provider’s', async () => {
    await using sim = await startSimulator({ timeScale: 1000, providers: ['openai'] })
    const gone = await startSimulator({ timeScale: 1000, providers: ['openai'] })
    const nowhere = gone.url('openai')
    await gone.close()
    const at = (baseURL: string) => createOpenAI({ apiKey: 'k', baseURL }).embedding('text-embedding-3-small')
    const model = routedBy({ nowhere: at(nowhere), openai: at(sim.url('openai')) })
    const values = ['red apple pie', 'apple pie', 'quantum field']
    const result = await embedMany({ model: model('text-embedding-3-small'), values, dimensions: 64 })
    expect(result.embeddings.map(({ length }) => length)).toEqual([64, 64, 64])
    const receipt = receiptOf(result)
    expect(receipt.attempts).toMatchObject([
      { target: 'nowhere', end: { type: 'failed', failure: { kind: 'network' } } },
      { target: 'openai' },
    ])
    expect(receipt).toMatchObject({ costNanoUsd: result.usage.tokens * 20, estimated: false })
    expect(result.responses?.[0]?.headers).toBeDefined()
    await sim.settled()
    expect(sim.bill.rows).toMatchObject([{ model: 'text-embedding-3-small', usage: { inputTokens: result.usage.tokens } }])
  })

  test('alone it is as the model itself, in what the SDK asks of it and in what it gives', async () => {
    await using sim = await startSimulator({ timeScale: 1000, providers: ['openai'] })
    const bare = createOpenAI({ apiKey: 'k', baseURL: sim.url('openai') }).embedding('text-embedding-3-small')
    const model = routedBy({ bare })('auto')
    const bytes = Symbol.for('vercel.ai.embeddingModel.maxInputBytesPerCall')
    expect(Reflect.get(model, bytes)).toBe(Reflect.get(bare, bytes))
    expect(Reflect.get(bare, bytes)).toBe(300_000)
    expect(model.maxEmbeddingsPerCall).toBe(bare.maxEmbeddingsPerCall)
    const [routed, own] = await Promise.all([model, bare].map(one => embed({ model: one, value: 'a text' })))
    expect(routed?.embedding).toEqual(own?.embedding)
    expect(routed?.usage).toEqual(own?.usage)
    expect(routed?.response?.body).toEqual(own?.response?.body)
  })
})

interface Batch {
  providerOptions?: Record<string, { content: string[] }>
  startIndex: number
  endIndex: number
}

test('options of a provider that go by the value are fitted to each part of the values, once, by whoever knows them', async () => {
  const fitting = (first: number, provider: string) =>
    Object.assign(mock(first, { limit: 1 }), {
      [Symbol.for('vercel.ai.embeddingModel.providerOptionsTransformer')]: ({ providerOptions, startIndex, endIndex }: Batch) => ({
        ...providerOptions,
        [provider]: { content: providerOptions?.[provider]?.content.slice(startIndex, endIndex) },
      }),
    })
  const here = fitting(1, 'google')
  const model = routedBy({ here, there: fitting(2, 'google'), elsewhere: fitting(3, 'vertex') })('auto')
  const providerOptions = { google: { content: ['one', 'two'] }, vertex: { content: ['eins', 'zwei'] }, other: { kept: true } }
  await embedMany({ model, values: ['a', 'b'], providerOptions })
  expect(here.doEmbedCalls.map(call => call.providerOptions)).toEqual([
    { google: { content: ['one'] }, vertex: { content: ['eins'] }, other: { kept: true } },
    { google: { content: ['two'] }, vertex: { content: ['zwei'] }, other: { kept: true } },
  ])
})

test('listeners hear the receipt of every call, of every space', async () => {
  const { model, on } = createEmbeddingModels(
    { a: mock(1, { modelId: 'x' }), b: mock(2, { modelId: 'y' }) },
    { provider: 'routewise', routing: {} },
  )
  const heard: (string | undefined)[] = []
  const end = on('receipt', ({ target }) => heard.push(target))
  await embed({ model: model('x'), value: '1' })
  await embed({ model: model('y'), value: '1' })
  end()
  await embed({ model: model('y'), value: '1' })
  expect(heard).toEqual(['a', 'b'])
})
