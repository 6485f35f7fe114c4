import type {
  SpeechModelV4,
  SpeechModelV4CallOptions,
  SpeechModelV4Result,
  TranscriptionModelV4,
  TranscriptionModelV4CallOptions,
  TranscriptionModelV4Result,
} from '@ai-sdk/provider'
import { NoSpeechGeneratedError } from 'ai'
import { createModelsById, type RoutedModels, type RoutedModelsOptions } from './fallback-models.ts'
import { inOrder } from './other-models-order.ts'
import { parseOtherModels, type OtherModelOptions } from './other-models-options.ts'
import { withReceipt } from './release.ts'
import { newestSpeechModel, newestTranscriptionModel } from './versions.ts'

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

/**
 * Transcription models, asked in the order listed: the next one when one fails or takes longer than its share of `timeouts.totalMs`. A
 * silent recording has an empty transcript, so that is an answer. Transcripts that are streamed are not routed; a URL is downloaded by
 * the SDK.
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
  return createModelsById<TranscriptionModelV4, TranscriptionModelV4CallOptions, TranscriptionModelV4Result>({
    ...inOrder(candidates, options),
    modelType: 'transcriptionModel',
    option: 'transcriptionModels',
    kind: {
      name: 'transcription',
      ask: (model, call) => model.doGenerate(call),
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
