import type { ModelCard } from '@routewise/core'
import type { Face } from './face.ts'

interface FaceEntry {
  /** Name of the framework, in words. */
  framework: string
  /** How the app reaches its one model before, in words. */
  bare(flagship: ModelCard): string
  /** Each framework is large, and only one of them is needed. */
  load(): Promise<Face>
}

/** The `openai` SDK speaks to OpenAI; to any other provider's model it needs something that speaks its language. */
const byOpenAiSdk =
  (through: string) =>
  ({ provider, wire }: ModelCard): string =>
    provider === 'openai' && wire === 'openai-chat'
      ? 'asked by the openai SDK itself'
      : `as the only target of ${through}, for the openai SDK cannot ask it by itself`

/** The faces by the names that a user gives them. */
export const faces = {
  langchain: {
    framework: 'LangChain',
    bare: () => 'as its package for LangChain gives it',
    load: async () => (await import('./langchain/face.ts')).langChainFace,
  },
  'ai-sdk': {
    framework: 'the AI SDK',
    bare: () => 'as its package for the AI SDK gives it',
    load: async () => (await import('./ai-sdk/face.ts')).aiSdkFace,
  },
  express: {
    framework: 'Express',
    bare: byOpenAiSdk('the same endpoint'),
    load: async () => (await import('./express/face.ts')).expressFace,
  },
  koa: {
    framework: 'Koa',
    bare: byOpenAiSdk('the same endpoint'),
    load: async () => (await import('./koa/face.ts')).koaFace,
  },
  fetch: {
    framework: 'routedFetch',
    bare: byOpenAiSdk('the same fetch'),
    load: async () => (await import('./fetch/face.ts')).fetchFace,
  },
} satisfies Record<string, FaceEntry>

export type FaceName = keyof typeof faces
