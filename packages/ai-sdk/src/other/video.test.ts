import {
  APICallError,
  type Experimental_VideoModelV4 as VideoModelV4,
  type Experimental_VideoModelV4Result as VideoModelV4Result,
  type JSONValue,
} from '@ai-sdk/provider'
import type { Receipt, RoutingOptions } from '@routewise/core'
import { createManualClock } from '@routewise/core/testing'
import {
  experimental_generateVideo as generateVideo,
  experimental_getVideoStatus as getVideoStatus,
  experimental_startVideo as startVideo,
  NoVideoGeneratedError,
} from 'ai'
import { MockVideoModelV3, MockVideoModelV4 } from 'ai/test'
import { describe, expect, test } from 'vitest'
import { createVideoModels } from './video.ts'
import type { OtherModelOptions } from './options.ts'

const routedBy = (given: OtherModelOptions['videoModels'], routing: RoutingOptions = {}) =>
  createVideoModels(given, { provider: 'routewise', routing }).model

const response = (modelId: string) => ({ timestamp: new Date(0), modelId, headers: undefined })
const film = (who: number) => ({ type: 'binary' as const, data: new Uint8Array([who]), mediaType: 'video/mp4' })
const receiptIn = (metadata: Record<string, unknown> | undefined) => metadata?.['routewise'] as Receipt
const caught = (promise: PromiseLike<unknown>): Promise<unknown> =>
  Promise.resolve(promise).then(
    () => new Error('Nothing was thrown.'),
    (error: unknown) => error,
  )
const broken = async (): Promise<never> => {
  throw new APICallError({ message: 'status 500', url: 'http://mock', requestBodyValues: {}, statusCode: 500 })
}

/** A model that gives its video in one call. */
const generator = (who: number, doGenerate?: () => Promise<VideoModelV4Result>) =>
  new MockVideoModelV4({
    modelId: `generator-${who}`,
    maxVideosPerCall: who,
    doGenerate:
      doGenerate ??
      (async () => ({ videos: [film(who)], warnings: [], response: response(`generator-${who}`), providerMetadata: { mock: { who } } })),
  }) as VideoModelV4

/** A model whose videos are started, and asked for later. */
function starter(who: number, doStart?: () => Promise<never>) {
  const asked: JSONValue[] = []
  const model = new MockVideoModelV4({
    modelId: `starter-${who}`,
    doGenerate: undefined,
    doStart: doStart ?? (async () => ({ operation: { film: who }, warnings: [], response: response(`starter-${who}`) })),
    doStatus: async ({ operation }) => {
      asked.push(operation)
      const said = { warnings: [], response: response(`starter-${who}`) }
      return asked.length < 2 ? { status: 'pending', ...said } : { status: 'completed', videos: [film(who)], ...said }
    },
  }) as VideoModelV4
  return Object.assign(model, { asked })
}

describe('videos made in one call', () => {
  test('come from the first that can, with the receipt beside them', async () => {
    const empty = generator(4, async () => ({ videos: [], warnings: [], response: response('empty') }))
    const model = routedBy({ broken: generator(3, broken), empty, sound: generator(2) })('auto')
    const result = await generateVideo({ model, prompt: 'a cat' })
    expect(result.video.uint8Array).toEqual(new Uint8Array([2]))
    expect(result.providerMetadata['mock']).toEqual({ who: 2 })
    expect(receiptIn(result.providerMetadata)).toMatchObject({
      target: 'sound',
      task: 'video',
      attempts: [{ target: 'broken' }, { target: 'empty' }, {}],
    })
    expect(typeof model.maxVideosPerCall === 'function' && (await model.maxVideosPerCall({ modelId: 'auto' }))).toBe(2)
  })

  test('by a model alone that makes none, the SDK tells, as without us', async () => {
    const empty = generator(1, async () => ({ videos: [], warnings: [], response: response('empty') }))
    expect(NoVideoGeneratedError.isInstance(await caught(generateVideo({ model: routedBy({ empty })('auto'), prompt: 'a cat' })))).toBe(
      true,
    )
  })

  test('by a model of version 3 are videos, too', async () => {
    const three = new MockVideoModelV3({ doGenerate: async () => ({ videos: [film(7)], warnings: [], response: response('v3') }) })
    const result = await generateVideo({ model: routedBy({ three })('three'), prompt: 'a cat' })
    expect(result.video.uint8Array[0]).toBe(7)
  })
})

describe('videos that are started', () => {
  test('by the first that can stay with it until they are done', async () => {
    const second = starter(2)
    const model = routedBy({ first: starter(1, broken), second })('auto')
    const result = await generateVideo({ model, prompt: 'a cat', poll: { delay: async () => {} } })
    expect(result.video.uint8Array[0]).toBe(2)
    expect(second.asked).toEqual([{ film: 2 }, { film: 2 }])
    expect(receiptIn(result.providerMetadata)).toMatchObject({ target: 'second', attempts: [{ target: 'first' }, { reason: 'fallback' }] })
  })

  test('in one process can be asked for in another', async () => {
    const { operation } = await startVideo({ model: routedBy({ first: starter(1, broken), second: starter(2) })('auto'), prompt: 'a cat' })
    const elsewhere = { first: starter(1), second: starter(2) }
    const stored = JSON.parse(JSON.stringify(operation)) as JSONValue
    expect(await getVideoStatus(routedBy(elsewhere)('auto'), { operation: stored })).toMatchObject({ status: 'pending' })
    expect(await getVideoStatus(routedBy(elsewhere)('auto'), { operation: stored })).toMatchObject({ status: 'completed' })
    expect([elsewhere.first.asked, elsewhere.second.asked]).toEqual([[], [{ film: 2 }, { film: 2 }]])
    expect(await caught(getVideoStatus(routedBy({ first: starter(1) })('auto'), { operation: stored }))).toMatchObject({
      code: 'invalid_option',
      message: 'doStatus: option `operation` is of "second": expected one of "first"',
    })
    expect(await caught(getVideoStatus(routedBy(elsewhere)('auto'), { operation: 'film 2' }))).toMatchObject({ code: 'invalid_option' })
  })

  test('and not started in their share of the time are started by the next', async () => {
    const clock = createManualClock()
    const silent = starter(1, () => new Promise(() => {}))
    const answer = startVideo({
      model: routedBy({ silent, awake: starter(2) }, { clock, timeouts: { totalMs: 20_000 } })('auto'),
      prompt: 'a cat',
    })
    await clock.advance(10_000)
    expect((await answer).operation).toEqual({ target: 'awake', operation: { film: 2 } })
  })

  test('with a webhook are for a model that is alone', () => {
    const ready = { url: 'https://example.com/hook', received: Promise.resolve({ headers: {}, body: {} }) }
    const withWebhook = Object.assign(starter(1), {
      handleWebhookOption: async () => ({ webhookUrl: ready.url, received: ready.received }),
    })
    const model = routedBy({ withWebhook, other: starter(2) })
    expect([model('auto').handleWebhookOption, model('withWebhook').handleWebhookOption]).toEqual([undefined, expect.any(Function)])
  })
})

test('models that have no way in common are asked one by one', async () => {
  const model = routedBy({ starter: starter(1), generator: generator(2) })
  expect(() => model('auto')).toThrow('some of `videoModels` can only be started and asked for')
  expect(model('starter').doGenerate).toBeUndefined()
  expect(model('generator').doStart).toBeUndefined()
  expect((await generateVideo({ model: model('generator'), prompt: 'a cat' })).video.uint8Array[0]).toBe(2)
})
