import { createOpenAI } from '@ai-sdk/openai'
import { APICallError, NoSuchModelError, type EmbeddingModelV4CallOptions, type EmbeddingModelV4Result } from '@ai-sdk/provider'
import { RouterError, type Receipt, type RoutingOptions } from '@routewise/core'
import { createManualClock } from '@routewise/core/testing'
import { startSimulator } from '@routewise/simulator'
import { embed, embedMany } from 'ai'
import { MockEmbeddingModelV3, MockEmbeddingModelV4 } from 'ai/test'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createEmbeddingModels } from './embedding-models.ts'
import type { EmbeddingModels } from './embedding-options.ts'

beforeAll(() => {
  globalThis.AI_SDK_LOG_WARNINGS = false
})
afterAll(() => {
  globalThis.AI_SDK_LOG_WARNINGS = undefined
})

const routedBy = (given: EmbeddingModels, routing: RoutingOptions = {}) =>
  createEmbeddingModels(given, { provider: 'routewise', routing }).model

/** Vectors of as many numbers as asked for; the first one says whose they are. */
const vectors = (first: number, values: readonly string[], length = 3): number[][] =>
  values.map(value => [first, value.length, ...Array<number>(length - 2).fill(0)])

interface Mock {
  modelId?: string
  provider?: string
  /** Tokens per value that it bills; `null`: it does not say. */
  tokens?: number | null
  length?: number
  answer?: (options: EmbeddingModelV4CallOptions) => EmbeddingModelV4Result | PromiseLike<EmbeddingModelV4Result>
  limit?: number | null | PromiseLike<number | undefined>
  parallel?: boolean | PromiseLike<boolean>
}

const mock = (
  first: number,
  { modelId = 'same', provider = 'mock', tokens = 10, length = 3, answer, limit = null, parallel = true }: Mock = {},
) =>
  new MockEmbeddingModelV4({
    modelId,
    provider,
    maxEmbeddingsPerCall: limit,
    supportsParallelCalls: parallel,
    doEmbed: async options =>
      answer?.(options) ?? {
        embeddings: vectors(first, options.values, length),
        ...(tokens !== null && { usage: { tokens: tokens * options.values.length } }),
        response: { headers: { from: String(first) }, body: { first } },
        warnings: [],
      },
  })

const failing = (statusCode: number, facts: Mock = {}) =>
  mock(0, {
    ...facts,
    answer: () => {
      throw new APICallError({ message: `status ${statusCode}`, url: 'http://mock', requestBodyValues: {}, statusCode })
    },
  })

const receiptOf = ({ providerMetadata }: { providerMetadata?: Record<string, unknown> | undefined }) =>
  providerMetadata?.['routewise'] as Receipt
const caught = (promise: PromiseLike<unknown>): Promise<unknown> =>
  Promise.resolve(promise).then(
    () => new Error('Nothing was thrown.'),
    (error: unknown) => error,
  )
const thrownBy = (make: () => unknown): unknown => {
  try {
    make()
  } catch (error) {
    return error
  }
  return new Error('Nothing was thrown.')
}

describe('names', () => {
  const model = routedBy({ here: mock(1, { modelId: 'small' }), there: mock(2, { modelId: 'small' }), own: mock(3, { modelId: 'large' }) })

  test('a space is any of its models, an id is that one alone', async () => {
    expect((await embed({ model: model('small'), value: 'x' })).embedding[0]).toBe(1)
    const alone = await embed({ model: model('there'), value: 'x' })
    expect(alone.embedding[0]).toBe(2)
    expect(receiptOf(alone).considered).toMatchObject([{ target: 'there' }, { target: 'here', excluded: expect.any(String) as string }])
    expect((await embed({ model: model('large'), value: 'x' })).embedding[0]).toBe(3)
  })

  test('auto is the only space, and refused where there are several', async () => {
    const one = routedBy({ here: mock(1), there: mock(2) })
    expect((await embed({ model: one('auto'), value: 'x' })).embedding[0]).toBe(1)
    const error = thrownBy(() => model('auto'))
    expect(NoSuchModelError.isInstance(error)).toBe(true)
    expect(error).toMatchObject({
      modelId: 'auto',
      modelType: 'embeddingModel',
      message: expect.stringContaining('"small", "large"') as string,
    })
  })

  test('an unknown name says which there are', () => {
    expect(thrownBy(() => model('smal'))).toMatchObject({
      name: 'AI_NoSuchModelError',
      modelId: 'smal',
      message: 'No such embeddingModel: "smal". There are "small", "large", "here", "there", "own".',
    })
    expect(thrownBy(() => routedBy({})('auto'))).toMatchObject({ message: expect.stringContaining('add `embeddingModels`') as string })
  })

  test.each<[EmbeddingModels, RegExp]>([
    [{ auto: mock(1) }, /`embeddingModels` has the id "auto"/],
    [{ a: { model: mock(1), space: 'auto' } }, /embeddingModels\.a: option `space` is "auto"/],
    [{ a: { model: mock(1), price: { input: -1 } } }, /embeddingModels\.a: option `price\.input` is -1/],
    [{ a: { model: mock(1), dimension: 3 } as never }, /embeddingModels\.a: unknown option `dimension` \(allowed: model, .*space/],
    [{ a: 'text-embedding-3-small' as never }, /embeddingModels\.a is "text-embedding-3-small"/],
    [{ a: { model: {} as never } }, /embeddingModels\.a: option `model` is \{\}: expected an embedding model, such as/],
    [{ a: { model: mock(1), dimensions: 3 }, b: { model: mock(2), dimensions: 4 } }, /embeddingModels\.b: option `dimensions` is 4, and 3/],
    [
      { a: { model: mock(1), space: 'x' }, b: { model: mock(2), space: 'a' } },
      /embeddingModels\.a is of the space "x", and "a" is another/,
    ],
  ])('options that cannot be meant are refused: %#', (given, message) => {
    const error = thrownBy(() => routedBy(given))
    expect(error).toMatchObject({ code: 'invalid_option' })
    expect((error as Error).message).toMatch(message)
  })
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

describe('failures', () => {
  test('the next of the space answers at once, and the receipt tells both', async () => {
    const model = routedBy({ down: failing(503), up: { model: mock(2), price: { input: 1 } } }, { retry: false })('auto')
    const result = await embed({ model, value: 'x', maxRetries: 0 })
    expect(result.embedding[0]).toBe(2)
    expect(receiptOf(result).attempts).toMatchObject([
      { target: 'down', end: { type: 'failed', failure: { status: 503 } } },
      { target: 'up', reason: 'fallback', end: { type: 'answered' } },
    ])
    expect(JSON.parse(JSON.stringify(receiptOf(result)))).toMatchObject({ target: 'up' })
  })

  test('a model alone is asked again, by the router and not by the SDK', async () => {
    const clock = createManualClock()
    const flaky = failing(500)
    const answer = caught(embed({ model: routedBy({ flaky }, { clock, random: () => 0.5 })('auto'), value: 'x' }))
    await clock.advance(10_000)
    expect(RouterError.isInstance(await answer)).toBe(true)
    expect(flaky.doEmbedCalls).toHaveLength(3)
  })

  test('what one attempt alone has thrown is thrown on, no longer for the SDK to repeat', async () => {
    const down = failing(503)
    const error = await caught(embed({ model: routedBy({ down }, { retry: false })('auto'), value: 'x' }))
    expect(APICallError.isInstance(error)).toBe(true)
    expect(error).toMatchObject({ statusCode: 503, message: 'status 503', isRetryable: false })
    expect(down.doEmbedCalls).toHaveLength(1)
  })

  test('of several failures the error tells all', async () => {
    const error = await caught(embed({ model: routedBy({ a: failing(503), b: failing(401) }, { retry: false })('auto'), value: 'x' }))
    expect(error).toMatchObject({ code: 'all_attempts_failed', failures: [{ target: 'a' }, { target: 'b' }] })
    expect(APICallError.isInstance(error)).toBe(true)
  })

  test('an abort is the signal’s own reason, and reaches the model', async () => {
    const controller = new AbortController()
    const silent = mock(1, { answer: () => new Promise<never>(() => {}) })
    const answer = caught(embed({ model: routedBy({ silent })('auto'), value: 'x', abortSignal: controller.signal }))
    await new Promise(setImmediate)
    const reason = new Error('the user has gone')
    controller.abort(reason)
    expect(await answer).toBe(reason)
    expect(silent.doEmbedCalls[0]?.abortSignal?.aborted).toBe(true)
  })

  test('a provider that says nothing is escaped by a hedge', async () => {
    const clock = createManualClock()
    const silent = mock(1, { answer: () => new Promise<never>(() => {}) })
    const given = { silent: { model: silent, price: { input: 0.02 } }, awake: { model: mock(2), price: { input: 0.03 } } }
    const answer = embed({ model: routedBy(given, { clock, hedge: { budget: 1, delayMs: 400 } })('auto'), value: 'x' })
    await clock.advance(399)
    expect(silent.doEmbedCalls[0]?.abortSignal?.aborted).toBe(false)
    await clock.advance(1)
    const result = await answer
    expect(result.embedding[0]).toBe(2)
    expect(silent.doEmbedCalls[0]?.abortSignal?.aborted).toBe(true)
    const [lost, won] = receiptOf(result).attempts
    expect([lost?.end.type, won?.reason]).toEqual(['superseded', 'hedge'])
    await clock.settle()
    expect(clock.pending()).toBe(0)
    expect(lost).toMatchObject({ usageSource: 'estimated' })
  })

  test.each([
    ['as long as a first token may take', { firstTokenMs: 8_000 }, 8_000],
    ['its share of the time', { totalMs: 10_000 }, 5_000],
  ])('where no hedge can be paid for, a silent provider has failed after %s', async (_what, timeouts, ms) => {
    const clock = createManualClock()
    const silent = mock(1, { answer: () => new Promise<never>(() => {}) })
    const model = routedBy({ silent, awake: mock(2) }, { clock, hedge: false, timeouts })('auto')
    const answer = embed({ model, value: 'x' })
    await clock.advance(ms - 1)
    expect(silent.doEmbedCalls[0]?.abortSignal?.aborted).toBe(false)
    await clock.advance(1)
    const result = await answer
    expect(receiptOf(result).attempts).toMatchObject([{ target: 'silent', end: { failure: { kind: 'timeout' } } }, { target: 'awake' }])
    expect(silent.doEmbedCalls[0]?.abortSignal?.aborted).toBe(true)
    expect(clock.pending()).toBe(0)
  })

  test('without another of its space a silent provider is waited for as long as the call may take', async () => {
    const clock = createManualClock()
    const silent = mock(1, { answer: () => new Promise<never>(() => {}) })
    const other = mock(2, { modelId: 'another' })
    const answer = caught(embed({ model: routedBy({ silent, other }, { clock, timeouts: { totalMs: 5_000 } })('same'), value: 'x' }))
    await clock.advance(5_000)
    expect(await answer).toMatchObject({ code: 'deadline' })
    expect(other.doEmbedCalls).toHaveLength(0)
  })
})

describe('vectors that cannot be used', () => {
  const answering = (embeddings: number[][], facts: Mock = {}) =>
    mock(0, { ...facts, answer: () => ({ embeddings, usage: { tokens: 6 }, warnings: [] }) })

  test.each([
    ['one too few', [[1, 2, 3]]],
    [
      'of two lengths',
      [
        [1, 2, 3],
        [1, 2],
      ],
    ],
    ['of no length', [[], []]],
  ])('%s: the next answers, and what was refused is paid for', async (_what, embeddings) => {
    const model = routedBy({ odd: { model: answering(embeddings), price: { input: 1 } }, sound: { model: mock(2), price: { input: 2 } } })
    const result = await embedMany({ model: model('auto'), values: ['a', 'b'] })
    expect(result.embeddings[0]?.[0]).toBe(2)
    expect(receiptOf(result).attempts).toMatchObject([
      { target: 'odd', costNanoUsd: 6_000 },
      { target: 'sound', costNanoUsd: 40_000 },
    ])
  })

  test('of one after another: as many are asked as it takes', async () => {
    const model = routedBy({ a: answering([]), b: answering([]), c: answering([]), sound: mock(2) }, { retry: false })('auto')
    expect((await embedMany({ model, values: ['a'] })).embeddings[0]?.[0]).toBe(2)
  })

  test('of another length than the space has: the next answers', async () => {
    const given = { right: { model: mock(1), price: { input: 2 } }, wrong: { model: mock(2, { length: 5 }), price: { input: 1 } } }
    const learned = routedBy(given, { retry: false })
    await embed({ model: learned('right'), value: 'x' })
    expect((await embed({ model: learned('auto'), value: 'x' })).embedding[0]).toBe(1)
    const error = await caught(embed({ model: learned('wrong'), value: 'x' }))
    expect((error as Error).message).toBe(
      '"wrong" gave vectors of 5 numbers, and those of its space "same" have 3: give it a space of its own.',
    )
    const told = routedBy({ ...given, right: { ...given.right, dimensions: 3 } }, { retry: false })
    expect((await embed({ model: told('auto'), value: 'x' })).embedding[0]).toBe(1)
  })

  test('a call that asks for a length gets it, whoever of the space answers', async () => {
    const obedient = mock(1, { answer: ({ values, dimensions = 3 }) => ({ embeddings: vectors(1, values, dimensions), warnings: [] }) })
    const deaf = mock(2)
    const model = routedBy({ deaf: { model: deaf, price: { input: 1 } }, obedient: { model: obedient, price: { input: 2 } } })('auto')
    expect((await embed({ model, value: 'x', dimensions: 4 })).embedding).toHaveLength(4)
    expect((await embed({ model, value: 'x' })).embedding).toEqual([2, 1, 0])
    const alone = routedBy({ deaf })('auto')
    expect((await embed({ model: alone, value: 'x', dimensions: 4 })).embedding).toHaveLength(3)
  })

  test('lengths that are asked for in a provider’s own options are not mixed up', async () => {
    const only = mock(1, {
      answer: ({ values, providerOptions }) => ({
        embeddings: vectors(1, values, Number(providerOptions?.['openai']?.['dimensions'] ?? 3)),
        warnings: [],
      }),
    })
    const model = routedBy({ only })('auto')
    const lengths = [undefined, 8, undefined, 8].map(async dimensions => {
      const result = await embed({ model, value: 'x', ...(dimensions !== undefined && { providerOptions: { openai: { dimensions } } }) })
      return result.embedding.length
    })
    expect(await Promise.all(lengths)).toEqual([3, 8, 3, 8])
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
