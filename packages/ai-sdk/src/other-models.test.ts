import {
  APICallError,
  type ImageModelV4,
  type ImageModelV4CallOptions,
  NoSuchModelError,
  type SpeechModelV4,
  type TranscriptionModelV4,
} from '@ai-sdk/provider'
import { createMemoryStore, RouterError, type Receipt, type RoutingOptions } from '@routewise/core'
import { createManualClock } from '@routewise/core/testing'
import { generateImage, generateSpeech, NoImageGeneratedError, NoSpeechGeneratedError, transcribe } from 'ai'
import {
  MockImageModelV3,
  MockImageModelV4,
  MockSpeechModelV3,
  MockSpeechModelV4,
  MockTranscriptionModelV3,
  MockTranscriptionModelV4,
} from 'ai/test'
import { describe, expect, test } from 'vitest'
import { createOtherModels } from './other-models.ts'
import type { OtherModelOptions } from './other-models-options.ts'

const routedBy = (given: OtherModelOptions, routing: RoutingOptions = {}) => createOtherModels(given, { provider: 'routewise', routing })

const caught = (promise: PromiseLike<unknown>): Promise<unknown> =>
  Promise.resolve(promise).then(
    () => new Error('Nothing was thrown.'),
    (error: unknown) => error,
  )
const apiError = (statusCode: number) =>
  new APICallError({ message: `status ${statusCode}`, url: 'http://mock', requestBodyValues: {}, statusCode })
const receiptIn = (metadata: Record<string, unknown> | undefined) => metadata?.['routewise'] as Receipt
const response = (modelId: string) => ({ timestamp: new Date(0), modelId, headers: { from: modelId } })

/** A picture whose bytes say whose it is. */
const picture = (who: number) => new Uint8Array([137, 80, 78, 71, who])

type ImageAnswer = (options: ImageModelV4CallOptions) => ReturnType<ImageModelV4['doGenerate']>

const painter = (
  who: number,
  { answer, ...facts }: { answer?: ImageAnswer; maxImagesPerCall?: ImageModelV4['maxImagesPerCall'] } & Partial<ImageModelV4> = {},
) => {
  const calls: ImageModelV4CallOptions[] = []
  const model = new MockImageModelV4({
    modelId: `painter-${who}`,
    ...facts,
    doGenerate: async options => {
      calls.push(options)
      if (answer !== undefined) return answer(options)
      return {
        images: Array.from({ length: options.n }, () => picture(who)),
        warnings: [],
        response: response(`painter-${who}`),
        providerMetadata: { mock: { images: Array.from({ length: options.n }, (_, at) => ({ at })) } },
        usage: { inputTokens: 5, outputTokens: 100, totalTokens: 105 },
      }
    },
  })
  // The SDK's mocks are not written for exact optional properties.
  return Object.assign(model as ImageModelV4, { calls })
}
const brokenPainter = (statusCode: number) =>
  painter(0, {
    answer: async () => {
      throw apiError(statusCode)
    },
  })
const emptyPainter = (isRetryable?: boolean) =>
  painter(0, {
    answer: async () => ({ images: [], warnings: [], response: response('empty'), ...(isRetryable !== undefined && { isRetryable }) }),
  })

const silence = () => new Promise<never>(() => {})
const by = (image: { uint8Array: Uint8Array }) => image.uint8Array[4]

describe('images', () => {
  test('what the model gave is passed on, and every image bears the receipt of its call', async () => {
    const only = painter(1, { maxImagesPerCall: 2 })
    const model = routedBy({ imageModels: { only } }).models.imageModel('auto')
    const result = await generateImage({
      model,
      prompt: 'a cat',
      n: 3,
      providerOptions: { mock: { style: 'vivid' }, routewise: { tenant: 'acme' } },
    })
    expect(result.images.map(by)).toEqual([1, 1, 1])
    expect(only.calls.map(({ n }) => n)).toEqual([2, 1])
    expect(only.calls[0]?.providerOptions).toEqual({ mock: { style: 'vivid' } })
    expect(result.usage).toEqual({ inputTokens: 10, outputTokens: 200, totalTokens: 210 })
    expect(result.providerMetadata['mock']).toEqual({ images: [{ at: 0 }, { at: 1 }, { at: 0 }] })
    const [first, second, third] = result.images.map(image => receiptIn(image.providerMetadata))
    expect(first).toMatchObject({
      target: 'only',
      model: 'painter-1',
      task: 'image',
      tenant: 'acme',
      usage: { inputTokens: 5, outputTokens: 100 },
    })
    expect([second?.id === first?.id, third?.id === first?.id]).toEqual([true, false])
    expect(result.providerMetadata['routewise']?.images).toHaveLength(3)
    expect(receiptIn(result.calls[0]?.providerMetadata)).toMatchObject({ id: first?.id, attempts: [{ costNanoUsd: undefined }] })
    expect(result.responses[0]).toMatchObject({ modelId: 'painter-1', headers: { from: 'painter-1' } })
  })

  test('the next in the list paints when one fails', async () => {
    const painters = { first: brokenPainter(500), second: painter(2), third: painter(3) }
    const result = await generateImage({ model: routedBy({ imageModels: painters }).models.imageModel('auto'), prompt: 'a cat' })
    expect(by(result.image)).toBe(2)
    expect(receiptIn(result.image.providerMetadata).attempts).toMatchObject([{ target: 'first' }, { target: 'second', reason: 'fallback' }])
    expect([painters.first.calls.length, painters.third.calls.length]).toEqual([1, 0])
  })

  test('one by its id is asked alone, and again by the router where that may help', async () => {
    const clock = createManualClock()
    let calls = 0
    const recovering = painter(1, {
      answer: async () => {
        calls += 1
        if (calls < 3) throw apiError(500)
        return { images: [picture(1)], warnings: [], response: response('painter-1') }
      },
    })
    const { models } = routedBy({ imageModels: { other: painter(2), recovering } }, { clock, random: () => 0.5 })
    const answer = generateImage({ model: models.imageModel('recovering'), prompt: 'a cat' })
    await clock.advance(1_000)
    const result = await answer
    expect(by(result.image)).toBe(1)
    expect(receiptIn(result.image.providerMetadata).attempts.map(({ reason }) => reason)).toEqual(['first', 'retry', 'retry'])
  })

  test('what one attempt alone has thrown is thrown on, no longer for the SDK to repeat', async () => {
    const down = brokenPainter(503)
    const model = routedBy({ imageModels: { down } }, { retry: false }).models.imageModel('auto')
    expect(await caught(generateImage({ model, prompt: 'a cat' }))).toMatchObject({ statusCode: 503, isRetryable: false })
    expect(down.calls).toHaveLength(1)
  })

  test('no image is a reason to ask the next, but for one that says it is final', async () => {
    const { models } = routedBy({ imageModels: { empty: emptyPainter(), painter: painter(2) } })
    expect(by((await generateImage({ model: models.imageModel('auto'), prompt: 'a cat' })).image)).toBe(2)
    const final = routedBy({ imageModels: { empty: emptyPainter(false), painter: painter(2) } }).models.imageModel('auto')
    expect(NoImageGeneratedError.isInstance(await caught(generateImage({ model: final, prompt: 'a cat' })))).toBe(true)
  })

  test('a model alone that gives no image is treated as without us', async () => {
    const empty = emptyPainter()
    const model = routedBy({ imageModels: { empty } }).models.imageModel('auto')
    expect(NoImageGeneratedError.isInstance(await caught(generateImage({ model, prompt: 'a cat', maxRetries: 0 })))).toBe(true)
  })

  test('a silent one leaves the others their share of the time, and nobody is asked beside it', async () => {
    const clock = createManualClock()
    const silent = painter(0, { answer: silence })
    const awake = painter(2)
    const { models } = routedBy(
      { imageModels: { silent, awake } },
      { clock, timeouts: { totalMs: 60_000 }, hedge: { budget: 1, delayMs: 10 } },
    )
    const answer = generateImage({ model: models.imageModel('auto'), prompt: 'a cat' })
    await clock.advance(29_999)
    expect(awake.calls).toHaveLength(0)
    await clock.advance(1)
    expect(by((await answer).image)).toBe(2)
    expect(silent.calls[0]?.abortSignal?.aborted).toBe(true)
    const alone = caught(generateImage({ model: models.imageModel('silent'), prompt: 'a cat' }))
    await clock.advance(59_999)
    expect(silent.calls[1]?.abortSignal?.aborted).toBe(false)
    await clock.advance(1)
    expect(await alone).toMatchObject({ code: 'deadline' })
  })

  test('an abort is the signal’s own reason', async () => {
    const controller = new AbortController()
    const silent = painter(0, { answer: silence })
    const model = routedBy({ imageModels: { silent, other: painter(2) } }).models.imageModel('auto')
    const answer = caught(generateImage({ model, prompt: 'a cat', abortSignal: controller.signal }))
    await new Promise(setImmediate)
    controller.abort(new Error('the user has gone'))
    expect(await answer).toBe(controller.signal.reason)
    expect(silent.calls[0]?.abortSignal?.aborted).toBe(true)
  })

  test.each<[ImageModelV4['maxImagesPerCall'][], number | undefined]>([
    [[4, 10], 4],
    [[4, async () => 2], 2],
    [[4, undefined], 1],
    [[({ modelId }) => modelId.length], 'painter-0'.length],
  ])('as many images at once as each can give: %#', async (limits, expected) => {
    const imageModels = Object.fromEntries(
      limits.map((maxImagesPerCall, at) => [`p${at}`, Object.assign(painter(at), { maxImagesPerCall })]),
    )
    const { maxImagesPerCall } = routedBy({ imageModels }).models.imageModel('auto')
    expect(await (typeof maxImagesPerCall === 'function' ? maxImagesPerCall({ modelId: 'auto' }) : maxImagesPerCall)).toBe(expected)
  })

  test('images to edit go to those that can edit', async () => {
    const edit = { images: [picture(9)], text: 'make it blue' }
    const cannot = painter(1, { supportsFileInputs: false })
    const unsure = painter(2)
    const can = painter(3, { supportsFileInputs: Promise.resolve(true) })
    const ask = async (imageModels: Record<string, ImageModelV4>) => {
      const model = routedBy({ imageModels }).models.imageModel('auto')
      return { by: by((await generateImage({ model, prompt: edit })).image), supports: await model.supportsFileInputs }
    }
    expect(await ask({ cannot, unsure, can })).toEqual({ by: 3, supports: true })
    expect(await ask({ cannot, unsure })).toEqual({ by: 2, supports: undefined })
    expect(await ask({ cannot, other: painter(4, { supportsFileInputs: false }) })).toEqual({ by: 1, supports: false })
    const { imageModel } = routedBy({ imageModels: { cannot, can } }).models
    expect(by((await generateImage({ model: imageModel('auto'), prompt: 'a cat' })).image)).toBe(1)
  })

  test('a model of version 3 paints as one of version 4 does', async () => {
    const three = new MockImageModelV3({ doGenerate: async () => ({ images: [picture(3)], warnings: [], response: response('v3') }) })
    const model = routedBy({ imageModels: { three } }).models.imageModel('three')
    expect(by((await generateImage({ model, prompt: 'a cat' })).image)).toBe(3)
  })
})

type Speak = SpeechModelV4['doGenerate']
const speaker = (who: number, doGenerate?: Speak) =>
  new MockSpeechModelV4({
    modelId: `speaker-${who}`,
    doGenerate:
      doGenerate ??
      (async () => ({
        audio: new Uint8Array([who]),
        warnings: [],
        response: response(`speaker-${who}`),
        providerMetadata: { mock: { who } },
      })),
  })

describe('speech', () => {
  test('is spoken by the first that can, with the receipt beside it', async () => {
    const broken = speaker(0, async () => {
      throw apiError(500)
    })
    const mute = speaker(0, async () => ({ audio: '', warnings: [], response: response('mute') }))
    const model = routedBy({ speechModels: { broken, mute, sound: speaker(3) } }).models.speechModel('auto')
    const result = await generateSpeech({ model, text: 'hello' })
    expect(result.audio.uint8Array).toEqual(new Uint8Array([3]))
    expect(result.providerMetadata['mock']).toEqual({ who: 3 })
    expect(receiptIn(result.providerMetadata)).toMatchObject({ target: 'sound', task: 'speech', attempts: [{}, { target: 'mute' }, {}] })
    expect(result.responses[0]?.modelId).toBe('speaker-3')
  })

  test('of a model alone that says nothing the SDK tells, as without us', async () => {
    const mute = speaker(0, async () => ({ audio: '', warnings: [], response: response('mute') }))
    const error = await caught(generateSpeech({ model: routedBy({ speechModels: { mute } }).models.speechModel('mute'), text: 'hello' }))
    expect(NoSpeechGeneratedError.isInstance(error)).toBe(true)
  })

  test('of version 3 is heard as of version 4', async () => {
    const three = new MockSpeechModelV3({
      doGenerate: async () => ({ audio: new Uint8Array([9]), warnings: [], response: response('v3') }),
    })
    const result = await generateSpeech({ model: routedBy({ speechModels: { three } }).models.speechModel('auto'), text: 'hello' })
    expect(result.audio.uint8Array[0]).toBe(9)
  })
})

const writer = (text: string, facts: Partial<TranscriptionModelV4> = {}) =>
  new MockTranscriptionModelV4({
    doGenerate: async () => ({ text, segments: [], language: 'en', durationInSeconds: 1, warnings: [], response: response(text) }),
    ...facts,
  }) as TranscriptionModelV4
const audio = new Uint8Array([1, 2, 3])

describe('transcripts', () => {
  test('are written by the first that can, with the receipt beside them', async () => {
    const broken = writer('', {
      doGenerate: async () => {
        throw apiError(401)
      },
    })
    const result = await transcribe({
      model: routedBy({ transcriptionModels: { broken, good: writer('hello') } }).models.transcriptionModel('auto'),
      audio,
    })
    expect(result.text).toBe('hello')
    expect(receiptIn(result.providerMetadata)).toMatchObject({
      target: 'good',
      task: 'transcription',
      attempts: [{ target: 'broken' }, {}],
    })
  })

  test('of silence are empty, and nobody else is asked', async () => {
    const { models, on } = routedBy({ transcriptionModels: { quiet: writer(''), other: writer('something') } })
    const targets: unknown[] = []
    on('receipt', ({ target }) => targets.push(target))
    await caught(transcribe({ model: models.transcriptionModel('auto'), audio }))
    expect(targets).toEqual(['quiet'])
  })

  test('of a URL are of the model that fetches it, where it is alone', async () => {
    const fetching = writer('from bytes', {
      doGenerateFromUrl: async ({ audio: { pathname } }) =>
        pathname === '/no.mp3' ? undefined : { ...(await writer('from url').doGenerate({ audio, mediaType: '' })) },
    })
    const { transcriptionModel } = routedBy({ transcriptionModels: { fetching, other: writer('other') } }).models
    expect(transcriptionModel('auto').doGenerateFromUrl).toBeUndefined()
    const alone = transcriptionModel('fetching')
    const result = await alone.doGenerateFromUrl?.({ audio: new URL('https://example.com/a.mp3') })
    expect([result?.text, receiptIn(result?.providerMetadata).target]).toEqual(['from url', 'fetching'])
    expect(await alone.doGenerateFromUrl?.({ audio: new URL('https://example.com/no.mp3') })).toBeUndefined()
    expect((await alone.doGenerate({ audio, mediaType: 'audio/mp3' })).text).toBe('from bytes')
  })

  test('of a model of version 3 come with its word on what it cannot do', async () => {
    const three = new MockTranscriptionModelV3({ doGenerate: writer('v3').doGenerate as never })
    const model = routedBy({ transcriptionModels: { three } }).models.transcriptionModel('auto')
    const result = await model.doGenerate({ audio, mediaType: 'audio/mp3', timestampGranularities: ['word'] })
    expect(result.warnings).toMatchObject([{ type: 'unsupported', feature: 'timestampGranularities' }])
  })
})

describe('names and options', () => {
  const kinds = ['embeddingModel', 'rerankingModel', 'imageModel', 'speechModel', 'transcriptionModel', 'videoModel'] as const

  test.each(kinds)('without any, a %s is refused with the option to add', kind => {
    const { models } = routedBy({})
    const ask = () => models[kind]('auto')
    expect(ask).toThrow(NoSuchModelError)
    expect(ask).toThrow(`No such ${kind}: "auto". createRouted was given none: add \`${kind}s\`.`)
  })

  test('an unknown name says which there are', () => {
    const { models } = routedBy({ speechModels: { one: speaker(1) }, imageModels: { two: painter(1) } })
    expect(() => models.speechModel('two')).toThrow('No such speechModel: "two". There are "auto", "one".')
  })

  test.each<[OtherModelOptions, RegExp]>([
    [
      { imageModels: { a: { model: painter(1), price: 1 } as never } },
      /imageModels\.a: unknown option `price` \(allowed: model, account, tags\)/,
    ],
    [{ speechModels: { a: 'tts-1' as never } }, /speechModels\.a is "tts-1": expected a model/],
    [
      { transcriptionModels: { a: { model: { specificationVersion: 'v4' } as never } } },
      /transcriptionModels\.a: .*expected a transcription model/,
    ],
    [{ videoModels: { auto: {} as never } }, /`videoModels` has the id "auto"/],
  ])('options that cannot be meant are refused: %#', (given, message) => {
    const make = () => routedBy(given)
    expect(make).toThrow(RouterError)
    expect(make).toThrow(message)
  })

  test('two kinds may have models of one id, and a store that they share keeps them apart', async () => {
    const clock = createManualClock()
    const store = createMemoryStore({ clock })
    const same = { imageModels: { one: brokenPainter(401), two: painter(2) }, speechModels: { one: speaker(1), two: speaker(2) } }
    await generateImage({ model: routedBy(same, { clock, store }).models.imageModel('auto'), prompt: 'a cat' })
    const { models } = routedBy(same, { clock, store })
    // What other instances have told is read beside a call, and holds for the next.
    await generateImage({ model: models.imageModel('two'), prompt: 'a cat' })
    await generateSpeech({ model: models.speechModel('two'), text: 'hello' })
    const { images } = await generateImage({ model: models.imageModel('auto'), prompt: 'a cat' })
    expect(receiptIn(images[0]?.providerMetadata).considered).toMatchObject([{ target: 'two' }, { target: 'one', resting: 'cooldown' }])
    const spoken = await generateSpeech({ model: models.speechModel('auto'), text: 'hello' })
    expect(receiptIn(spoken.providerMetadata).target).toBe('one')
  })
})
