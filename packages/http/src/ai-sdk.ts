export { aiSdkEmbeddingTarget } from './ai-sdk/embedding-target.ts'
export type { AiSdkEmbeddingFacts } from './ai-sdk/embedding-target.ts'
export { aiSdkTarget } from './ai-sdk/target.ts'
export type { AiSdkTargetFacts } from './ai-sdk/target.ts'
