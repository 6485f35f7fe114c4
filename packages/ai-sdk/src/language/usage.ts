import { readUsage, type Usage } from '@routewise/core'
import type { LanguageModelV4Usage, SharedV4ProviderMetadata, SharedV4ProviderOptions } from '@ai-sdk/provider'

type Json = Readonly<Record<string, unknown>>

/** What is known of a bill beside the SDK's own usage. */
export interface AboutAnswer {
  /** The whole answer as the provider gave it. */
  body?: unknown
  /** The service tier that was asked for: it stands in where nobody names the one that served the call. */
  requestedTier?: string | undefined
}

/** Usage as the provider bills it: from its own figures where the package hands them on, else from the SDK's totals; `undefined`: none. */
export function usageOf(
  usage: LanguageModelV4Usage,
  metadata?: SharedV4ProviderMetadata,
  { body, requestedTier }: AboutAnswer = {},
): Usage | undefined {
  const { choices, usage: told, service_tier: served } = json(body)
  const serviceTier = serviceTierIn(metadata) ?? served ?? requestedTier
  // Of a chat completion's figures the packages keep some only: those of audio are gone.
  const read = readUsage(Array.isArray(choices) && told !== undefined ? told : usage.raw, { serviceTier })
  // A last event of Anthropic's may write `null` over figures of the first, and only the package's own sum remembers them.
  return read === undefined || read.inputTokens === 0 ? (fromTotals(usage, serviceTier) ?? read) : read
}

/** The tier that a call to OpenAI asks for; its chat stream ends without naming the one that served it. */
export function requestedTierOf(options: SharedV4ProviderOptions | undefined): string | undefined {
  const tier = options?.['azure']?.['serviceTier'] ?? options?.['openai']?.['serviceTier']
  return typeof tier === 'string' && tier !== 'auto' ? tier : undefined
}

function fromTotals({ inputTokens: input, outputTokens: output, raw }: LanguageModelV4Usage, serviceTier: unknown): Usage | undefined {
  if (input.total === undefined || output.total === undefined) return undefined
  // xAI's package writes noughts where nothing was reported.
  if (raw === undefined && input.total + output.total === 0) return undefined
  const usage: Usage = {
    inputTokens: input.total,
    cacheReadTokens: input.cacheRead ?? 0,
    cacheWriteTokens: input.cacheWrite ?? 0,
    outputTokens: output.total,
    reasoningTokens: output.reasoning ?? 0,
  }
  if (typeof serviceTier === 'string') usage.serviceTier = serviceTier
  return usage
}

/** Some packages name the tier that served the call, under the name of their provider. */
function serviceTierIn(metadata: SharedV4ProviderMetadata | undefined): string | undefined {
  for (const name in metadata) {
    const { serviceTier } = json(metadata[name])
    if (typeof serviceTier === 'string') return serviceTier
  }
  return undefined
}

const json = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {})
