import { ProblemError } from '../types.ts'
import type { PromptBlock, ServerStore, SimTool } from '../types.ts'
import { refuse, type GeminiTurn } from './gemini-rules.ts'

/** A prefix that was handed over by an API call. Source: ai.google.dev/api/caching. */
export interface CachedContent {
  name: string
  /** `models/…`, which alone can use it. */
  model: string
  apiKey: string
  blocks: readonly PromptBlock[]
  turns: readonly GeminiTurn[]
  tools: readonly SimTool[]
  tokens: number
  createdMs: number
  expiresMs: number
}

/** The content that a request names. Throws as the API does where there is none for this key. */
export function findCachedContent(name: string, model: string, apiKey: string, store: ServerStore, wallMs: number): CachedContent {
  const held = store.get(cachedContentKey(name)) as CachedContent | undefined
  if (held === undefined || held.apiKey !== apiKey || held.expiresMs <= wallMs) {
    throw new ProblemError({ kind: 'permission', message: 'CachedContent not found (or permission denied)' })
  }
  if (held.model !== `models/${model}`)
    refuse(`Model used by GenerateContent request (models/${model}) and CachedContent (${held.model}) has to be the same.`)
  return held
}

/** Where a vendor keeps it. */
export const cachedContentKey = (name: string): string => `gemini/${name}`
