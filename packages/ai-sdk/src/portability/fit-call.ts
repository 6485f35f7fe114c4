import type { LanguageModelV4CallOptions, LanguageModelV4Prompt } from '@ai-sdk/provider'
import type { LanguageCall } from '../language/call.ts'
import { mendingInWords } from '../language/mending.ts'
import type { LanguageCandidate } from '../language/target.ts'
import { fitPrompt, type FitOptions } from './fit-prompt.ts'
import { readerOf, type Reader } from './reader.ts'
import { isContinued } from './unfit.ts'

type Candidate = Pick<LanguageCandidate, 'model' | 'family' | 'card' | 'account' | 'providerOptions'>

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
    if (mending !== undefined && wantsThoughts(options, candidate)) options = { ...options, prompt: mendingInWords(mending) }
    const prompt = fitPrompt(options.prompt, reader, { isContinued: isContinued(options.providerOptions), trustsUnmarked })
    if (prompt !== options.prompt) options = { ...options, prompt }
    if (lacksThoughts(options, reader, candidate)) options = withoutThinking(options)
    if (reader.family === 'openai-compatible' && !card.capabilities.sampling) options = withoutSampling(options)
  }
  return options === call.options ? call : { ...call, options }
}

/**
 * Tool calls of the current turn must come back with the thoughts that led to them, or their signatures, which a router's own messages
 * have not. Source: docs.claude.com, extended thinking with tool use; api-docs.deepseek.com, thinking mode, tool calls;
 * ai.google.dev/gemini-api/docs/thought-signatures.
 */
function wantsThoughts(options: LanguageModelV4CallOptions, candidate: Candidate): boolean {
  const { provider } = candidate.card
  return provider === 'deepseek' || provider === 'google' || (provider === 'anthropic' && asksForThoughts(options, candidate))
}

function asksForThoughts({ reasoning = 'provider-default', ...options }: LanguageModelV4CallOptions, candidate: Candidate): boolean {
  const type = thinkingOf(options) ?? thinkingOf(candidate)
  if (type !== undefined) return type !== 'disabled'
  return reasoning !== 'provider-default' && reasoning !== 'none'
}

function thinkingOf({ providerOptions }: Pick<Candidate, 'providerOptions'>): unknown {
  const thinking = providerOptions?.['anthropic']?.['thinking']
  return typeof thinking === 'object' && thinking !== null && 'type' in thinking ? thinking.type : undefined
}

/** Those that think by a budget where an effort is asked for; the newer ones think as they see fit. Source: the package's own catalog. */
const thinksByBudget = (modelId: string): boolean => /claude-(3-7|(opus|sonnet|haiku)-4(-[0-5])?(?![\d.]|-[6-9]))/.test(modelId)

/**
 * Claude's thinking by a budget asks that a turn with tools begins with its thoughts. One that another model has begun has none of Claude's:
 * it is ended without thinking. Adaptive thinking asks for nothing of the kind. Source: docs.claude.com, extended thinking, adaptive thinking.
 */
function lacksThoughts(options: LanguageModelV4CallOptions, { family }: Reader, candidate: Candidate): boolean {
  const { prompt } = options
  if (family !== 'anthropic' || !asksForThoughts(options, candidate)) return false
  const type = thinkingOf(options) ?? thinkingOf(candidate)
  if (type === undefined ? !thinksByBudget(candidate.model.modelId) : type !== 'enabled') return false
  const first = prompt[startOfTurn(prompt) + 1]
  if (first?.role !== 'assistant') return false
  // Thoughts that Claude has not signed are not sent to it.
  const { signature, redactedData } = first.content.find(({ type }) => type === 'reasoning')?.providerOptions?.['anthropic'] ?? {}
  return signature === undefined && redactedData === undefined
}

/** The user's last message; what he says right after a tool's result is of the same turn, as Claude is given it. */
function startOfTurn(prompt: LanguageModelV4Prompt): number {
  let start = -1
  let followsTool = false
  for (const [at, { role }] of prompt.entries()) {
    if (role === 'user' && !followsTool) start = at
    else if (role === 'tool' || role === 'assistant') followsTool = role === 'tool'
  }
  return start
}

const withoutThinking = ({ reasoning: _, ...options }: LanguageModelV4CallOptions): LanguageModelV4CallOptions => ({
  ...options,
  providerOptions: { ...options.providerOptions, anthropic: { ...options.providerOptions?.['anthropic'], thinking: { type: 'disabled' } } },
})

/** Packages that know their models leave out what those do not take, and say so. */
function withoutSampling(options: LanguageModelV4CallOptions): LanguageModelV4CallOptions {
  const { temperature, topP, topK, presencePenalty, frequencyPenalty, ...others } = options
  const isSet = [temperature, topP, topK, presencePenalty, frequencyPenalty].some(value => value !== undefined)
  return isSet ? others : options
}
