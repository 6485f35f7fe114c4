import type { Usage } from '../types.ts'
import { isJson, jsonOf, objectsOf, type Json } from './json.ts'

/** What a provider says of a bill outside its usage object. */
export interface AboutUsage {
  /** As the response's own field has it; what is no name counts as not said. */
  serviceTier?: unknown
}

/**
 * Usage from a provider's own object, known by its shape: OpenAI's two APIs and the vendors that speak them, Mistral's SDK, Anthropic's
 * Messages, Gemini's `usageMetadata`. `undefined`: it is none of these.
 */
export function readUsage(raw: unknown, about?: AboutUsage): Usage | undefined {
  if (!isJson(raw)) return undefined
  if ('prompt_tokens' in raw || 'promptTokens' in raw) return readChatUsage(raw, about)
  if ('promptTokenCount' in raw || 'totalTokenCount' in raw) return readGeminiUsage(raw, about)
  if (!('input_tokens' in raw)) return undefined
  // Anthropic gives no total, and OpenAI's Responses always do.
  return 'total_tokens' in raw || 'input_tokens_details' in raw ? readResponsesUsage(raw, about) : readAnthropicUsage(raw)
}

/** `usage` of OpenAI's chat completions and of the vendors that speak it, in snake case or in the camel case of Mistral's SDK. */
export function readChatUsage(usage: Json, { serviceTier }: AboutUsage = {}): Usage {
  const input = count(usage, 'prompt_tokens', 'promptTokens')
  const completion = count(usage, 'completion_tokens', 'completionTokens')
  const inputDetails = jsonOf(usage['prompt_tokens_details'] ?? usage['promptTokensDetails'] ?? usage['prompt_token_details'])
  const outputDetails = jsonOf(usage['completion_tokens_details'] ?? usage['completionTokensDetails'])
  const reasoning = count(outputDetails, 'reasoning_tokens', 'reasoningTokens')
  // xAI counts reasoning beside the completion, everyone else inside it; the total tells which.
  const beside = reasoning > 0 && count(usage, 'total_tokens', 'totalTokens') === input + completion + reasoning
  return {
    inputTokens: input,
    cacheReadTokens:
      count(inputDetails, 'cached_tokens', 'cachedTokens') ||
      count(usage, 'prompt_cache_hit_tokens', 'cached_tokens', 'num_cached_tokens', 'numCachedTokens'),
    cacheWriteTokens: count(inputDetails, 'cache_write_tokens', 'cache_creation_input_tokens'),
    outputTokens: beside ? completion + reasoning : completion,
    reasoningTokens: reasoning,
    ...audio(count(inputDetails, 'audio_tokens'), count(outputDetails, 'audio_tokens')),
    ...tier(serviceTier),
  }
}

/** `usage` of OpenAI's Responses. */
export function readResponsesUsage(usage: Json, { serviceTier }: AboutUsage = {}): Usage {
  const inputDetails = jsonOf(usage['input_tokens_details'])
  const input = count(usage, 'input_tokens')
  const read = count(inputDetails, 'cached_tokens')
  const twelveHours = count(jsonOf(inputDetails['cache_write_tokens_details']), 'ttl_12h_tokens')
  return {
    // xAI may count what it has read from the cache beside the input.
    inputTokens: read > input ? input + read : input,
    cacheReadTokens: read,
    cacheWriteTokens: count(inputDetails, 'cache_write_tokens'),
    ...(twelveHours > 0 && { cacheWriteTokensByTtl: { '12h': twelveHours } }),
    outputTokens: count(usage, 'output_tokens'),
    reasoningTokens: count(jsonOf(usage['output_tokens_details']), 'reasoning_tokens'),
    ...tier(serviceTier),
  }
}

/** `usage` of Anthropic's Messages; of a stream, that of `message_start` with the fields of `message_delta` over it. */
export function readAnthropicUsage(usage: Json): Usage {
  // The totals leave out what it took to compact the conversation: docs.claude.com/en/docs/build-with-claude/compaction.
  const compactions = objectsOf(usage['iterations']).filter(({ type }) => type === 'compaction')
  const total = (name: string) => compactions.reduce((sum, iteration) => sum + count(iteration, name), count(usage, name))
  const read = total('cache_read_input_tokens')
  const written = total('cache_creation_input_tokens')
  const oneHour = count(jsonOf(usage['cache_creation']), 'ephemeral_1h_input_tokens')
  return {
    inputTokens: total('input_tokens') + read + written,
    cacheReadTokens: read,
    cacheWriteTokens: written,
    ...(oneHour > 0 && { cacheWriteTokensByTtl: { '1h': oneHour } }),
    outputTokens: total('output_tokens'),
    reasoningTokens: count(jsonOf(usage['output_tokens_details']), 'thinking_tokens'),
    ...tier(usage['speed'] === 'fast' ? 'fast' : usage['service_tier']),
    ...(usage['inference_geo'] === 'us' && { residency: true }),
  }
}

/** `usageMetadata` of Gemini. */
export function readGeminiUsage(usage: Json, { serviceTier }: AboutUsage = {}): Usage {
  const reasoning = count(usage, 'thoughtsTokenCount')
  const details = objectsOf(usage['promptTokensDetails'])
  const audioInput = details.filter(({ modality }) => modality === 'AUDIO').reduce((sum, detail) => sum + count(detail, 'tokenCount'), 0)
  return {
    inputTokens: count(usage, 'promptTokenCount') + count(usage, 'toolUsePromptTokenCount'),
    cacheReadTokens: count(usage, 'cachedContentTokenCount'),
    cacheWriteTokens: 0,
    outputTokens: count(usage, 'candidatesTokenCount') + reasoning,
    reasoningTokens: reasoning,
    ...audio(audioInput, 0),
    ...tier(usage['serviceTier'] ?? serviceTier),
  }
}

/** The first of these fields that holds a count; 0 when none does. */
function count(body: Json, ...names: readonly string[]): number {
  for (const name of names) {
    const value = body[name]
    if (typeof value === 'number' && value > 0) return value
  }
  return 0
}

const tier = (serviceTier: unknown) => (typeof serviceTier === 'string' && serviceTier !== '' ? { serviceTier } : {})

const audio = (input: number, output: number) => ({
  ...(input > 0 && { audioInputTokens: input }),
  ...(output > 0 && { audioOutputTokens: output }),
})
