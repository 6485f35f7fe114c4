import type { LanguageModelV4CallOptions, LanguageModelV4Prompt } from '@ai-sdk/provider'
import type { LanguageCall } from '../language/call.ts'
import { mendingInWords } from '../language/mending.ts'
import type { LanguageCandidate } from '../language/target.ts'
import { fitPrompt, type FitOptions } from './fit-prompt.ts'
import { readerOf, type Reader } from './reader.ts'
import { isContinued } from './unfit.ts'

type Candidate = Pick<LanguageCandidate, 'model' | 'family' | 'card' | 'account'>

/**
 * The call as this model can take it: its prompt as the model's package and provider take it, no more output tokens than it can give, and a
 * request to mend a tool call in words where a call must come back with the thoughts that led to it. The same object where nothing has to
 * change; of a model of unknown make only the limit is looked at.
 */
export function fitCall(call: LanguageCall, candidate: Candidate, { trustsUnmarked = true }: Partial<FitOptions> = {}): LanguageCall {
  const { card } = candidate
  const reader = readerOf(candidate)
  const { mending } = call
  let { options } = call
  if (card.maxOutputTokens !== undefined && options.maxOutputTokens !== undefined && options.maxOutputTokens > card.maxOutputTokens)
    options = { ...options, maxOutputTokens: card.maxOutputTokens }
  if (reader !== undefined) {
    if (mending !== undefined && wantsThoughts(options, card.provider)) options = { ...options, prompt: mendingInWords(mending) }
    const prompt = fitPrompt(options.prompt, reader, { isContinued: isContinued(options.providerOptions), trustsUnmarked })
    if (prompt !== options.prompt) options = { ...options, prompt }
    if (lacksThoughts(options, reader)) options = withoutThinking(options)
    if (reader.family === 'openai-compatible' && !card.capabilities.sampling) options = withoutSampling(options)
  }
  return options === call.options ? call : { ...call, options }
}

/**
 * Tool calls of the current turn must come back with the thoughts that led to them, or their signatures, which a router's own messages
 * have not. Source: docs.claude.com, extended thinking with tool use; api-docs.deepseek.com, thinking mode, tool calls;
 * ai.google.dev/gemini-api/docs/thought-signatures.
 */
function wantsThoughts(options: LanguageModelV4CallOptions, provider: string): boolean {
  return provider === 'deepseek' || provider === 'google' || (provider === 'anthropic' && asksForThoughts(options))
}

function asksForThoughts({ reasoning = 'provider-default', providerOptions }: LanguageModelV4CallOptions): boolean {
  const type = thinkingOf(providerOptions)
  if (type !== undefined) return type !== 'disabled'
  return reasoning !== 'provider-default' && reasoning !== 'none'
}

function thinkingOf(providerOptions: LanguageModelV4CallOptions['providerOptions']): unknown {
  const thinking = providerOptions?.['anthropic']?.['thinking']
  return typeof thinking === 'object' && thinking !== null && 'type' in thinking ? thinking.type : undefined
}

/**
 * Claude's thinking by a budget asks that a turn with tools begins with its thoughts. One whose calls are another model's has none: it is
 * ended without thinking. Adaptive thinking asks for nothing of the kind. Source: docs.claude.com, extended thinking, adaptive thinking.
 */
function lacksThoughts({ prompt, providerOptions }: LanguageModelV4CallOptions, { family }: Reader): boolean {
  if (family !== 'anthropic' || thinkingOf(providerOptions) !== 'enabled' || prompt.at(-1)?.role !== 'tool') return false
  const turn = currentTurn(prompt)
  return turn.some(message => message.role === 'assistant' && message.content[0]?.type !== 'reasoning')
}

const currentTurn = (prompt: LanguageModelV4Prompt): LanguageModelV4Prompt =>
  prompt.slice(prompt.findLastIndex(({ role }) => role === 'user') + 1)

const withoutThinking = (options: LanguageModelV4CallOptions): LanguageModelV4CallOptions => ({
  ...options,
  providerOptions: { ...options.providerOptions, anthropic: { ...options.providerOptions?.['anthropic'], thinking: { type: 'disabled' } } },
})

/** Packages that know their models leave out what those do not take, and say so. */
function withoutSampling(options: LanguageModelV4CallOptions): LanguageModelV4CallOptions {
  const { temperature, topP, topK, presencePenalty, frequencyPenalty, ...others } = options
  const isSet = [temperature, topP, topK, presencePenalty, frequencyPenalty].some(value => value !== undefined)
  return isSet ? others : options
}
