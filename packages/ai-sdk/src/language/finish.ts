import { chatFinish, geminiFinish, type FinishReason } from '@routewise/core'
import type { LanguageModelV4FinishReason } from '@ai-sdk/provider'
import type { Family } from '../family.ts'

/**
 * The end that a `finish` part tells. `undefined`: it tells of none. The packages write one after a stream that broke off, too, as
 * `interrupted`, or as `other` or `error` without a word of the provider's. Of a model of unknown make any is an end.
 */
export function finishOf({ unified, raw }: LanguageModelV4FinishReason, family: Family | undefined): FinishReason | undefined {
  switch (unified) {
    case 'stop':
    case 'length':
    case 'tool-calls':
      return unified
    case 'content-filter':
      return isRefusal(raw) ? 'refusal' : 'content-filter'
    default:
      if (family === undefined) return 'other'
      if (raw === undefined || unified === 'interrupted') return undefined
      if (unified === 'error') return 'error'
      return family === 'google' ? geminiFinish(raw, false) : chatFinish(raw)
  }
}

/** Anthropic has a word for it. OpenAI's wires end a refusal as they end an answer, `stop` or no word at all, and only its content is another. */
const isRefusal = (raw: string | undefined): boolean => raw === undefined || raw === 'stop' || raw === 'refusal'
