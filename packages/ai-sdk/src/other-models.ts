import type {
  EmbeddingModelV4,
  Experimental_VideoModelV4,
  ImageModelV4,
  RerankingModelV4,
  SpeechModelV4,
  TranscriptionModelV4,
} from '@ai-sdk/provider'
import { createEmbeddingModels } from './embedding/models.ts'
import { listenToAll, type Listen, type RoutedModelsOptions } from './fallback/models.ts'
import { createSpeechModels, createTranscriptionModels } from './other/audio.ts'
import { createImageModels } from './other/image.ts'
import type { OtherModelOptions } from './other/options.ts'
import { createVideoModels } from './other/video.ts'
import { createRerankingModels } from './reranking/models.ts'

/** What a routed provider has beside its language models. Each is by name, and throws NoSuchModelError for one that stands for none. */
export interface OtherModels {
  /**
   * By the name of a vector space, by the id of a model alone, or `auto` where there is one space. Where `embedMany` makes several calls
   * the SDK keeps the last one's receipt; `on('receipt')` tells of each.
   */
  embeddingModel(modelId: string): EmbeddingModelV4
  /** By the id of a model alone, or `auto`. */
  rerankingModel(modelId: string): RerankingModelV4
  /** By the id of a model alone, or `auto`. */
  imageModel(modelId: string): ImageModelV4
  /** By the id of a model alone, or `auto`. */
  speechModel(modelId: string): SpeechModelV4
  /** By the id of a model alone, or `auto`. */
  transcriptionModel(modelId: string): TranscriptionModelV4
  /** By the id of a model alone, or `auto`. */
  videoModel(modelId: string): Experimental_VideoModelV4
}

/**
 * All models that are no language models; `on` tells of the routing of all of them.
 * @throws RouterError `invalid_option`, naming the model, the value and what is allowed.
 */
export function createOtherModels(given: OtherModelOptions, options: RoutedModelsOptions): { models: OtherModels; on: Listen } {
  const embedding = createEmbeddingModels(given.embeddingModels, options)
  const reranking = createRerankingModels(given.rerankingModels, options)
  const image = createImageModels(given.imageModels, options)
  const speech = createSpeechModels(given.speechModels, options)
  const transcription = createTranscriptionModels(given.transcriptionModels, options)
  const video = createVideoModels(given.videoModels, options)
  return {
    models: {
      embeddingModel: embedding.model,
      rerankingModel: reranking.model,
      imageModel: image.model,
      speechModel: speech.model,
      transcriptionModel: transcription.model,
      videoModel: video.model,
    },
    on: listenToAll([embedding, reranking, image, speech, transcription, video]),
  }
}
