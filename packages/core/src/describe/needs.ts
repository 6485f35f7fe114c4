import type { Needs } from '../types.ts'

/** What a call needs that every model can take. */
export const NO_NEEDS: Needs = {
  tools: false,
  forcedTool: false,
  jsonSchema: false,
  vision: false,
  pdf: false,
  audio: false,
  streaming: false,
  logprobs: false,
}
