import type { ModelCard } from '@routewise/core'
import type { BaseChatModel } from '@langchain/core/language_models/chat_models'
import type { BaseMessage } from '@langchain/core/messages'
import type { CandidateOptions } from './call.ts'
import type { Family } from './family.ts'
import type { ModelSettings } from './model-parameters.ts'

/** Highest `temperature` of providers that stop short of 2. Source: docs.claude.com/en/api/messages, docs.mistral.ai/api. */
export const maxTemperature: Readonly<Partial<Record<Family, number>>> = { anthropic: 1, mistral: 1.5 }

/** Settings of the routed model as fields of a candidate's class, without those that its model would refuse. */
export function settingsFor(
  model: BaseChatModel,
  family: Family | undefined,
  { capabilities, maxOutputTokens = Number.POSITIVE_INFINITY }: ModelCard,
  { temperature, topP, topK, maxTokens }: ModelSettings,
): CandidateOptions {
  const samples = capabilities.sampling && !thinks(model)
  const hottest = (family && maxTemperature[family]) ?? Number.POSITIVE_INFINITY
  return {
    ...(samples && temperature !== undefined && { temperature: Math.min(temperature, hottest) }),
    ...(samples && topP !== undefined && { topP }),
    ...(samples && topK !== undefined && 'topK' in model && { topK }),
    ...(maxTokens !== undefined && {
      ['maxOutputTokens' in model ? 'maxOutputTokens' : 'maxTokens']: Math.min(maxTokens, maxOutputTokens),
    }),
  }
}

/** The settings under the names that traces know them by. */
export const settingsForTracing = ({ temperature, topP, topK, maxTokens }: ModelSettings): Record<string, unknown> => ({
  ...(temperature !== undefined && { temperature }),
  ...(topP !== undefined && { top_p: topP }),
  ...(topK !== undefined && { top_k: topK }),
  ...(maxTokens !== undefined && { max_tokens: maxTokens }),
})

/**
 * Tool calls of the current turn must come back with the thoughts that led to them, which a router's own messages have not.
 * Source: docs.claude.com, extended thinking with tool use; api-docs.deepseek.com, thinking mode, tool calls.
 */
export const wantsThoughts = (model: BaseChatModel, family: Family | undefined): boolean =>
  family === 'deepseek' || (family === 'anthropic' && thinks(model))

/**
 * Whether a turn that another model has begun with calls of tools keeps this one from thinking: set to a budget of thoughts, Claude demands
 * them before the calls. Source: docs.claude.com, extended thinking with tool use.
 */
export function mayNotThink(model: BaseChatModel, family: Family | undefined, messages: readonly BaseMessage[]): boolean {
  const { thinking } = model as { thinking?: { type?: unknown } }
  if (family !== 'anthropic' || thinking?.type !== 'enabled') return false
  // What the user says right after a result is of the same turn. Of a turn of several steps the first decides.
  const asked = messages.findLastIndex(({ type }, at) => type === 'human' && messages[at - 1]?.type !== 'tool')
  const first = messages.slice(asked + 1).find(({ type }) => type === 'ai')
  return first !== undefined && (typeof first.content === 'string' || !first.content.some(({ type }) => /thinking|reasoning/.test(type)))
}

/** `ChatAnthropic` refuses every sampling setting while it is set to think. */
function thinks(model: BaseChatModel): boolean {
  const { type } = ((model as { thinking?: unknown }).thinking ?? {}) as { type?: unknown }
  return type === 'enabled' || type === 'adaptive'
}
