import type { LangSmithParams } from '@langchain/core/language_models/chat_models'
import type { ModelProfile } from '@langchain/core/language_models/profile'
import type { ModelSettings } from './model-parameters.ts'
import type { ChatCandidate } from './target.ts'

/** Families whose call options carry a native schema the way agents pass it. */
const nativeSchema = new Set(['openai', 'anthropic', 'google'])

/** What every candidate can do, so that whatever an agent plans by it holds for whoever answers. */
export function sharedProfile(candidates: readonly ChatCandidate[]): ModelProfile {
  const every = (can: (candidate: ChatCandidate) => boolean) => candidates.every(can)
  const outputs = candidates.map(({ card }) => card.maxOutputTokens).filter(limit => limit !== undefined)
  return {
    maxInputTokens: Math.min(...candidates.map(({ card }) => card.contextTokens)),
    ...(outputs.length > 0 && { maxOutputTokens: Math.min(...outputs) }),
    imageInputs: every(({ card }) => card.capabilities.vision),
    pdfInputs: every(({ card }) => card.capabilities.pdf),
    audioInputs: every(({ card }) => card.capabilities.audio),
    reasoningOutput: every(({ card }) => card.capabilities.reasoning),
    toolCalling: every(({ card }) => card.capabilities.tools),
    toolChoice: every(({ card }) => card.capabilities.forcedTool),
    structuredOutput: every(({ card, family }) => family !== undefined && nativeSchema.has(family) && card.capabilities.jsonSchema),
  }
}

/** What LangSmith is told at every call: the settings of all, or those on which the candidates agree. */
export const langSmithParams = (candidates: readonly ChatCandidate[], { temperature, maxTokens }: ModelSettings): LangSmithParams => ({
  ls_provider: 'routewise',
  ls_model_name: candidates.map(({ id }) => id).join(' | '),
  ls_model_type: 'chat',
  ls_temperature: (temperature ?? sharedSetting(candidates, 'temperature'))!,
  ls_max_tokens: (maxTokens ?? sharedSetting(candidates, 'maxTokens'))!,
})

function sharedSetting(candidates: readonly ChatCandidate[], name: 'temperature' | 'maxTokens'): number | undefined {
  const [first, ...rest] = candidates.map(({ model }) => (model as unknown as Record<string, unknown>)[name])
  return typeof first === 'number' && rest.every(value => value === first) ? first : undefined
}
