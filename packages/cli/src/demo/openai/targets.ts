import { openaiTarget, type WireTarget } from '@routewise/http'
import { aiSdkTarget } from '@routewise/http/ai-sdk'
import { connect } from '../ai-sdk/models.ts'
import type { ReachedModel } from '../face.ts'

/** Anthropic caches prompts only where it is asked to: here, up to the end of every prompt. */
const CACHED_TO_THE_END = { anthropic: { cacheControl: { type: 'ephemeral' } } }

/** A model as a target: OpenAI's on their own wire, the others by their packages for the AI SDK. */
export function toTarget(reached: ReachedModel): WireTarget {
  const { card, apiKey, baseUrl } = reached
  if (isOpenAi(reached)) return openaiTarget({ id: card.id, card, model: card.id, apiKey, baseURL: baseUrl ?? OPENAI })
  return aiSdkTarget({ id: card.id, card, model: connect(reached), providerOptions: CACHED_TO_THE_END })
}

/** The `openai` SDK can ask it by itself. */
export const isOpenAi = ({ card }: Pick<ReachedModel, 'card'>): boolean => card.provider === 'openai' && card.wire === 'openai-chat'

export const OPENAI = 'https://api.openai.com/v1'
