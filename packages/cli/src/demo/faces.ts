import { aiSdkFace } from './ai-sdk/face.ts'
import type { Face } from './face.ts'
import { langChainFace } from './langchain/face.ts'

/** The faces by the names that a user gives them. */
export const faces = { langchain: langChainFace, 'ai-sdk': aiSdkFace } satisfies Record<string, Face>

export type FaceName = keyof typeof faces
