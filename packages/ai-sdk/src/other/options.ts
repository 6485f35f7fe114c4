import { defineModel } from '@routewise/catalog'
import * as z from 'zod'
import type { EmbeddingModels } from '../embedding/options.ts'
import { entryShape, modelRecord, modelSchema, parseEntries, type ModelEntry, type ModelRecord } from '../fallback/entries.ts'
import type { FallbackCandidate } from '../fallback/router.ts'
import type { RerankingModels } from '../reranking/options.ts'
import type { ImageModel, SpeechModel, TranscriptionModel, VideoModel } from '../versions.ts'

/** Models of `createRouted` that are no language models, by id. */
export interface OtherModelOptions {
  /** Routed within their vector spaces by price, then by speed. */
  embeddingModels?: EmbeddingModels
  /** Routed by price, then by speed. */
  rerankingModels?: RerankingModels
  /** Asked in the order listed, the next one when one fails. */
  imageModels?: ModelRecord<ImageModel>
  /** Asked in the order listed, the next one when one fails. */
  speechModels?: ModelRecord<SpeechModel>
  /** Asked in the order listed, the next one when one fails. */
  transcriptionModels?: ModelRecord<TranscriptionModel>
  /** Asked in the order listed, the next one when one fails. */
  videoModels?: ModelRecord<VideoModel>
}

/** The same for a schema; the records are checked where the models are made. */
export const otherModelsShape = {
  embeddingModels: modelRecord<EmbeddingModels>('embedding models'),
  rerankingModels: modelRecord<RerankingModels>('reranking models'),
  imageModels: modelRecord<ModelRecord<ImageModel>>('image models'),
  speechModels: modelRecord<ModelRecord<SpeechModel>>('speech models'),
  transcriptionModels: modelRecord<ModelRecord<TranscriptionModel>>('transcription models'),
  videoModels: modelRecord<ModelRecord<VideoModel>>('video models'),
}

interface Sort<Given, Model> {
  /** Option of `createRouted` that holds such models. */
  option: string
  /** Methods of which such a model has at least one. */
  methods: readonly string[]
  /** For messages. */
  example: string
  /** The model in the newest version. */
  newest(model: Given): Model
  /** Milliseconds that an answer is expected to take. */
  expectedMs: number
}

/** @throws RouterError `invalid_option`, naming the model, the value and what is allowed. */
export function parseOtherModels<Given, Model extends { modelId: string; provider: string }>(
  given: ModelRecord<Given> | undefined,
  { option, methods, example, newest, expectedMs }: Sort<Given, Model>,
): readonly FallbackCandidate<Model>[] {
  const schema = z.strictObject({ model: modelSchema<ModelEntry<Given>['model']>(methods, example), ...entryShape })
  return parseEntries(given, option, schema).map(({ id, entry: { model: own, ...facts } }) => {
    const model = newest(own)
    const card = defineModel({ id: model.modelId, provider: model.provider, firstToken: { baseMs: expectedMs, msPerInputToken: 0 } })
    return { id, model, card, ...facts }
  })
}
