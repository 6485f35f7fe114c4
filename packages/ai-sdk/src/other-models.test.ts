import { NoSuchModelError, type SpeechModelV4, type TranscriptionModelV4 } from '@ai-sdk/provider'
import { createMemoryStore, RouterError, type RoutingOptions } from '@routewise/core'
import { createManualClock } from '@routewise/core/testing'
import { generateImage, generateSpeech, NoSpeechGeneratedError, transcribe } from 'ai'
import { MockSpeechModelV3, MockSpeechModelV4, MockTranscriptionModelV3, MockTranscriptionModelV4 } from 'ai/test'
import { describe, expect, test } from 'vitest'
import { createOtherModels } from './other-models.ts'
import type { OtherModelOptions } from './other/options.ts'
import { apiError, brokenPainter, caught, painter, receiptIn, response } from './testing/painters.ts'

const routedBy = (given: OtherModelOptions, routing: RoutingOptions = {}) => createOtherModels(given, { provider: 'routewise', routing })

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
