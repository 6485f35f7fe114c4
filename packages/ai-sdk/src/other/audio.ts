import {
  InvalidResponseDataError,
  type SpeechModelV4,
  type SpeechModelV4CallOptions,
  type SpeechModelV4Result,
  type TranscriptionModelV4,
  type TranscriptionModelV4CallOptions,
  type TranscriptionModelV4Result,
} from '@ai-sdk/provider'
import { NoSpeechGeneratedError } from 'ai'
import { createModelsById, type RoutedModels, type RoutedModelsOptions } from '../fallback/models.ts'
import type { ModelKind } from '../fallback/router.ts'
import { inOrder } from './order.ts'
import { parseOtherModels, type OtherModelOptions } from './options.ts'
import { withReceipt } from '../receipt.ts'
import { newestSpeechModel, newestTranscriptionModel } from '../versions.ts'

/**
 * Speech models, asked in the order listed: the next one when one fails, gives no audio, or takes longer than its share of
 * `timeouts.totalMs`. Speech that is streamed, an experiment of the SDK's, is not routed.
 * @throws RouterError `invalid_option`
 */
export function createSpeechModels(given: OtherModelOptions['speechModels'], options: RoutedModelsOptions): RoutedModels<SpeechModelV4> {
  const candidates = parseOtherModels(given, {
    option: 'speechModels',
    methods: ['doGenerate'],
    example: "a speech model, such as openai.speech('gpt-4o-mini-tts')",
    newest: newestSpeechModel,
    expectedMs: 3_000,
  })
  return createModelsById<SpeechModelV4, SpeechModelV4CallOptions, SpeechModelV4Result>({
    ...inOrder(candidates, options),
    modelType: 'speechModel',
    option: 'speechModels',
    kind: {
      name: 'speech',
      ask: (model, call) => model.doGenerate(call),
      fault: ({ audio, response }, { isAlone }) =>
        audio.length === 0 && !isAlone ? new NoSpeechGeneratedError({ responses: [response] }) : undefined,
      response: ({ response }) => response,
    },
    build: (name, among, ask) => ({
      specificationVersion: 'v4',
      ...name,
      async doGenerate(call) {
        const { result, receipt } = await ask(call, among)
        return withReceipt(result, receipt)
      },
    }),
  })
}

type UrlOptions = Parameters<NonNullable<TranscriptionModelV4['doGenerateFromUrl']>>[0]

const transcription: ModelKind<TranscriptionModelV4, TranscriptionModelV4CallOptions | UrlOptions, TranscriptionModelV4Result | undefined> =
  {
    name: 'transcription',
    ask: (model, options) => ('mediaType' in options ? model.doGenerate(options) : model.doGenerateFromUrl!(options)),
    response: result => result?.response,
  }

/**
 * Transcription models, asked in the order listed: the next one when one fails or takes longer than its share of `timeouts.totalMs`. A
 * silent recording has an empty transcript, so that is an answer. Transcripts that are streamed, an experiment of the SDK's, are not
 * routed; a URL is fetched by a model that can where it is alone, and else by the SDK.
 * @throws RouterError `invalid_option`
 */
export function createTranscriptionModels(
  given: OtherModelOptions['transcriptionModels'],
  options: RoutedModelsOptions,
): RoutedModels<TranscriptionModelV4> {
  const candidates = parseOtherModels(given, {
    option: 'transcriptionModels',
    methods: ['doGenerate'],
    example: "a transcription model, such as openai.transcription('gpt-4o-transcribe')",
    newest: newestTranscriptionModel,
    expectedMs: 5_000,
  })
  return createModelsById({
    ...inOrder(candidates, options),
    modelType: 'transcriptionModel',
    option: 'transcriptionModels',
    kind: transcription,
    build(name, among, ask): TranscriptionModelV4 {
      const answer = async (call: TranscriptionModelV4CallOptions | UrlOptions) => {
        const { result, receipt } = await ask(call, among)
        return result === undefined ? undefined : withReceipt(result, receipt)
      }
      const fetchesUrls = among.length === 1 && among[0]?.model.doGenerateFromUrl !== undefined
      return {
        specificationVersion: 'v4',
        ...name,
        async doGenerate(call) {
          const result = await answer(call)
          if (result !== undefined) return result
          throw new InvalidResponseDataError({ data: result, message: 'Expected a transcript, but received none.' })
        },
        // It may decline one, and then the SDK fetches it after all.
        ...(fetchesUrls && { doGenerateFromUrl: answer }),
      }
    },
  })
}
