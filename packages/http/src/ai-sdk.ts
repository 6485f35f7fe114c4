export { aiSdkTarget } from './ai-sdk/target.ts'
export type { AiSdkTargetFacts } from './ai-sdk/target.ts'
