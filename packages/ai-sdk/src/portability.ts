import type { LanguageModelV4CallOptions } from '@ai-sdk/provider'
import type { ModelCard } from '@routewise/core'
import type { LanguageCall } from './call.ts'
import { mendingInWords } from './mending.ts'

/**
 * The call as this model can take it: no more output tokens than it can give, and a request to mend a tool call in words where a call
 * must come back with the thoughts that led to it. The same object where nothing has to change.
 */
export function fitCall(
  call: LanguageCall,
  { maxOutputTokens: most, provider }: Pick<ModelCard, 'maxOutputTokens' | 'provider'>,
): LanguageCall {
  const { options, mending } = call
  const { maxOutputTokens } = options
  const isTooMuch = most !== undefined && maxOutputTokens !== undefined && maxOutputTokens > most
  const inWords = mending !== undefined && wantsThoughts(options, provider)
  if (!isTooMuch && !inWords) return call
  return {
    ...call,
    options: { ...options, ...(isTooMuch && { maxOutputTokens: most }), ...(inWords && { prompt: mendingInWords(mending) }) },
  }
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
  const { type } = (providerOptions?.['anthropic']?.['thinking'] ?? {}) as { type?: unknown }
  if (type !== undefined) return type !== 'disabled'
  return reasoning !== 'provider-default' && reasoning !== 'none'
}
