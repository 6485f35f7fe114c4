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

// These are read for every answer, right before it reaches its caller: no lists of names, and fields set where there is something to say.

/** `usage` of OpenAI's chat completions and of the vendors that speak it, in snake case or in the camel case of Mistral's SDK. */
export function readChatUsage(usage: Json, { serviceTier }: AboutUsage = {}): Usage {
  const input = countOf(usage['prompt_tokens']) || countOf(usage['promptTokens'])
  const completion = countOf(usage['completion_tokens']) || countOf(usage['completionTokens'])
  const inputDetails = jsonOf(usage['prompt_tokens_details'] ?? usage['promptTokensDetails'] ?? usage['prompt_token_details'])
  const outputDetails = jsonOf(usage['completion_tokens_details'] ?? usage['completionTokensDetails'])
  const reasoning = countOf(outputDetails['reasoning_tokens']) || countOf(outputDetails['reasoningTokens'])
  // xAI counts reasoning beside the completion, everyone else inside it; the total tells which.
  const beside = reasoning > 0 && (countOf(usage['total_tokens']) || countOf(usage['totalTokens'])) === input + completion + reasoning
  const read: Usage = {
    inputTokens: input,
    cacheReadTokens: countOf(inputDetails['cached_tokens']) || countOf(inputDetails['cachedTokens']) || cachedBeside(usage),
    cacheWriteTokens: countOf(inputDetails['cache_write_tokens']) || countOf(inputDetails['cache_creation_input_tokens']),
    outputTokens: beside ? completion + reasoning : completion,
    reasoningTokens: reasoning,
  }
  noteAudio(read, countOf(inputDetails['audio_tokens']), countOf(outputDetails['audio_tokens']))
  noteTier(read, serviceTier)
  return read
}

/** Cached tokens, where a vendor counts them beside the details. */
const cachedBeside = (usage: Json): number =>
  countOf(usage['prompt_cache_hit_tokens']) ||
  countOf(usage['cached_tokens']) ||
  countOf(usage['num_cached_tokens']) ||
  countOf(usage['numCachedTokens'])

/** `usage` of OpenAI's Responses. */
export function readResponsesUsage(usage: Json, { serviceTier }: AboutUsage = {}): Usage {
  const inputDetails = jsonOf(usage['input_tokens_details'])
  const input = countOf(usage['input_tokens'])
  const cached = countOf(inputDetails['cached_tokens'])
  const twelveHours = countOf(jsonOf(inputDetails['cache_write_tokens_details'])['ttl_12h_tokens'])
  const read: Usage = {
    // xAI may count what it has read from the cache beside the input.
    inputTokens: cached > input ? input + cached : input,
    cacheReadTokens: cached,
    cacheWriteTokens: countOf(inputDetails['cache_write_tokens']),
    outputTokens: countOf(usage['output_tokens']),
    reasoningTokens: countOf(jsonOf(usage['output_tokens_details'])['reasoning_tokens']),
  }
  if (twelveHours > 0) read.cacheWriteTokensByTtl = { '12h': twelveHours }
  noteTier(read, serviceTier)
  return read
}

/** `usage` of Anthropic's Messages; of a stream, that of `message_start` with the fields of `message_delta` over it. */
export function readAnthropicUsage(usage: Json): Usage {
  // The totals leave out what it took to compact the conversation: docs.claude.com/en/docs/build-with-claude/compaction.
  const compactions = objectsOf(usage['iterations']).filter(({ type }) => type === 'compaction')
  const total = (name: string) => compactions.reduce((sum, iteration) => sum + countOf(iteration[name]), countOf(usage[name]))
  const cached = total('cache_read_input_tokens')
  const written = total('cache_creation_input_tokens')
  const oneHour = countOf(jsonOf(usage['cache_creation'])['ephemeral_1h_input_tokens'])
  const read: Usage = {
    inputTokens: total('input_tokens') + cached + written,
    cacheReadTokens: cached,
    cacheWriteTokens: written,
    outputTokens: total('output_tokens'),
    reasoningTokens: countOf(jsonOf(usage['output_tokens_details'])['thinking_tokens']),
  }
  if (oneHour > 0) read.cacheWriteTokensByTtl = { '1h': oneHour }
  noteTier(read, usage['speed'] === 'fast' ? 'fast' : usage['service_tier'])
  if (usage['inference_geo'] === 'us') read.residency = true
  return read
}

/** `usageMetadata` of Gemini. */
export function readGeminiUsage(usage: Json, { serviceTier }: AboutUsage = {}): Usage {
  const reasoning = countOf(usage['thoughtsTokenCount'])
  const details = objectsOf(usage['promptTokensDetails'])
  const audioInput = details.reduce((sum, { modality, tokenCount }) => (modality === 'AUDIO' ? sum + countOf(tokenCount) : sum), 0)
  const read: Usage = {
    inputTokens: countOf(usage['promptTokenCount']) + countOf(usage['toolUsePromptTokenCount']),
    cacheReadTokens: countOf(usage['cachedContentTokenCount']),
    cacheWriteTokens: 0,
    outputTokens: countOf(usage['candidatesTokenCount']) + reasoning,
    reasoningTokens: reasoning,
  }
  noteAudio(read, audioInput, 0)
  noteTier(read, usage['serviceTier'] ?? serviceTier)
  return read
}

const countOf = (value: unknown): number => (typeof value === 'number' && value > 0 ? value : 0)

function noteTier(usage: Usage, serviceTier: unknown): void {
  if (typeof serviceTier === 'string' && serviceTier !== '') usage.serviceTier = serviceTier
}

function noteAudio(usage: Usage, input: number, output: number): void {
  if (input > 0) usage.audioInputTokens = input
  if (output > 0) usage.audioOutputTokens = output
}
