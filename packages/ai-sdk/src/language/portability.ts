import type { LanguageModelV4CallOptions, LanguageModelV4Message, LanguageModelV4Prompt } from '@ai-sdk/provider'
import type { ModelCard } from '@routewise/core'
import type { LanguageCall } from './call.ts'
import { mendingInWords } from './mending.ts'

/**
 * The call as this model can take it: no more output tokens than it can give, no thoughts of another provider's models, and a request to
 * mend a tool call in words where a call must come back with the thoughts that led to it. The same object where nothing has to change.
 */
export function fitCall(
  call: LanguageCall,
  { maxOutputTokens: most, provider }: Pick<ModelCard, 'maxOutputTokens' | 'provider'>,
): LanguageCall {
  const { options, mending } = call
  const { maxOutputTokens } = options
  const isTooMuch = most !== undefined && maxOutputTokens !== undefined && maxOutputTokens > most
  const inWords = mending !== undefined && wantsThoughts(options, provider)
  const prompt = withoutForeignThoughts(inWords ? mendingInWords(mending) : options.prompt, provider)
  if (!isTooMuch && prompt === options.prompt) return call
  return { ...call, options: { ...options, ...(isTooMuch && { maxOutputTokens: most }), prompt } }
}

/** Names under which providers' packages keep what only their own models can read. */
const optionNames: Readonly<Record<string, readonly string[]>> = {
  openai: ['openai'],
  azure: ['azure', 'openai'],
  anthropic: ['anthropic'],
  'amazon-bedrock': ['bedrock', 'anthropic'],
  google: ['google', 'vertex', 'googleVertex'],
  deepseek: ['deepseek'],
  xai: ['xai'],
}
const allNames = Object.values(optionNames).flat()

/** Thoughts are signed or encrypted for the models of one provider; to all others they are noise, and some packages warn of them. */
function withoutForeignThoughts(prompt: LanguageModelV4Prompt, provider: string): LanguageModelV4Prompt {
  const names = optionNames[provider]
  if (names === undefined) return prompt
  const isForeign = ({ type, providerOptions = {} }: Part): boolean =>
    (type === 'reasoning' || type === 'reasoning-file') &&
    allNames.some(name => name in providerOptions) &&
    !names.some(name => name in providerOptions)
  if (!prompt.some(message => message.role === 'assistant' && message.content.some(isForeign))) return prompt
  return prompt.map(message =>
    message.role === 'assistant' ? { ...message, content: message.content.filter(part => !isForeign(part)) } : message,
  )
}

type Part = Extract<LanguageModelV4Message, { role: 'assistant' }>['content'][number]

/**
 * Tool calls of the current turn must come back with the thoughts that led to them, or their signatures, which a router's own messages
 * have not. Source: docs.claude.com, extended thinking with tool use; api-docs.deepseek.com, thinking mode, tool calls;
 * ai.google.dev/gemini-api/docs/thought-signatures.
 */
function wantsThoughts(options: LanguageModelV4CallOptions, provider: string): boolean {
  return provider === 'deepseek' || provider === 'google' || (provider === 'anthropic' && asksForThoughts(options))
}

function asksForThoughts({ reasoning = 'provider-default', providerOptions }: LanguageModelV4CallOptions): boolean {
  const { type } = (providerOptions?.['anthropic']?.['thinking'] ?? {}) as { type?: unknown }
  if (type !== undefined) return type !== 'disabled'
  return reasoning !== 'provider-default' && reasoning !== 'none'
}
