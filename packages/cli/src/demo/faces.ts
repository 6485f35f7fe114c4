import type { Face } from './face.ts'

interface FaceEntry {
  /** Name of the framework, in words. */
  framework: string
  /** Each framework is large, and only one of them is needed. */
  load(): Promise<Face>
}

/** The faces by the names that a user gives them. */
export const faces = {
  langchain: { framework: 'LangChain', load: async () => (await import('./langchain/face.ts')).langChainFace },
  'ai-sdk': { framework: 'the AI SDK', load: async () => (await import('./ai-sdk/face.ts')).aiSdkFace },
} satisfies Record<string, FaceEntry>

export type FaceName = keyof typeof faces
