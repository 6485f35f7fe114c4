import { readLogprobs, type ModelCard, type TokenLogprob } from '@routewise/core'
import type { LanguageModelV4CallOptions, SharedV4ProviderMetadata, SharedV4ProviderOptions } from '@ai-sdk/provider'
import type { Family } from '../family.ts'

/** Likeliest tokens asked for at each place: enough for a margin. */
const TOP_LOGPROBS = 5

/** Packages that ask for log-probabilities and hand them on; xAI's asks for them and drops them. */
const wishes: Readonly<Record<string, SharedV4ProviderOptions[string]>> = {
  openai: { logprobs: TOP_LOGPROBS },
  azure: { logprobs: TOP_LOGPROBS },
  deepseek: { logprobs: true, topLogprobs: TOP_LOGPROBS },
}

/**
 * Provider options that ask for log-probabilities; `undefined` where the model gives none, or gives them only `without-reasoning` and
 * the call does not say that it shall not reason.
 */
export function logprobOptions(
  family: Family | undefined,
  { provider, capabilities }: ModelCard,
  call: Pick<LanguageModelV4CallOptions, 'reasoning' | 'providerOptions'> = {},
): SharedV4ProviderOptions | undefined {
  const name = provider === 'azure' || family === 'gateway' ? provider : family
  const wish = name === undefined ? undefined : wishes[name]
  if (name === undefined || wish === undefined || capabilities.logprobs === 'no') return undefined
  if (capabilities.logprobs === 'without-reasoning' && mayReason(call, name)) return undefined
  return { [name]: wish }
}

function mayReason({ reasoning, providerOptions }: Pick<LanguageModelV4CallOptions, 'reasoning' | 'providerOptions'>, name: string) {
  const { reasoningEffort, thinking } = providerOptions?.[name] ?? {}
  if (reasoningEffort !== undefined) return reasoningEffort !== 'none'
  if (typeof thinking === 'object' && thinking !== null && 'type' in thinking) return thinking['type'] !== 'disabled'
  return reasoning !== 'none'
}

/** The log-probabilities among the metadata of an answer; `undefined` when there are none. */
export function logprobsOf(metadata: SharedV4ProviderMetadata | undefined): readonly TokenLogprob[] | undefined {
  for (const name in metadata) {
    const given: unknown = metadata[name]?.['logprobs']
    if (given === undefined || given === null) continue
    // A list of tokens, a list of such lists, one for each piece of content, or an object of them.
    const tokens: unknown = Array.isArray(given) ? given.flat() : (given as { content?: unknown }).content
    return readLogprobs(tokens)
  }
  return undefined
}
