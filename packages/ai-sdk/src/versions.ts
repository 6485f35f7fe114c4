import type {
  EmbeddingModelV2,
  EmbeddingModelV3,
  EmbeddingModelV4,
  Experimental_VideoModelV3,
  Experimental_VideoModelV4,
  ImageModelV2,
  ImageModelV3,
  ImageModelV4,
  RerankingModelV3,
  RerankingModelV4,
  SpeechModelV2,
  SpeechModelV3,
  SpeechModelV4,
  TranscriptionModelV2,
  TranscriptionModelV3,
  TranscriptionModelV4,
} from '@ai-sdk/provider'
import { customProvider } from 'ai'

/** An embedding model of any version that the AI SDK takes. */
export type EmbeddingModel = EmbeddingModelV4 | EmbeddingModelV3 | EmbeddingModelV2<string>
/** A reranking model of any version that the AI SDK takes. */
export type RerankingModel = RerankingModelV4 | RerankingModelV3
/** An image model of any version that the AI SDK takes. */
export type ImageModel = ImageModelV4 | ImageModelV3 | ImageModelV2
/** A speech model of any version that the AI SDK takes. */
export type SpeechModel = SpeechModelV4 | SpeechModelV3 | SpeechModelV2
/** A transcription model of any version that the AI SDK takes. */
export type TranscriptionModel = TranscriptionModelV4 | TranscriptionModelV3 | TranscriptionModelV2
/** A video model of any version that the AI SDK takes. */
export type VideoModel = Experimental_VideoModelV4 | Experimental_VideoModelV3

/** A model of the newest version is itself; an older one speaks it, by the SDK's own adapter. @throws UnsupportedModelVersionError */
export const newestEmbeddingModel = (model: EmbeddingModel): EmbeddingModelV4 =>
  customProvider({ embeddingModels: { model } }).embeddingModel('model')

/** As `newestEmbeddingModel`. @throws UnsupportedModelVersionError */
export const newestRerankingModel = (model: RerankingModel): RerankingModelV4 =>
  customProvider({ rerankingModels: { model } }).rerankingModel('model')

/** As `newestEmbeddingModel`. @throws UnsupportedModelVersionError */
export const newestImageModel = (model: ImageModel): ImageModelV4 => customProvider({ imageModels: { model } }).imageModel('model')

/** As `newestEmbeddingModel`. @throws UnsupportedModelVersionError */
export const newestSpeechModel = (model: SpeechModel): SpeechModelV4 => customProvider({ speechModels: { model } }).speechModel('model')

/** As `newestEmbeddingModel`. @throws UnsupportedModelVersionError */
export const newestTranscriptionModel = (model: TranscriptionModel): TranscriptionModelV4 =>
  customProvider({ transcriptionModels: { model } }).transcriptionModel('model')

/** As `newestEmbeddingModel`. @throws UnsupportedModelVersionError */
export const newestVideoModel = (model: VideoModel): Experimental_VideoModelV4 =>
  customProvider({ videoModels: { model } }).videoModel('model')
