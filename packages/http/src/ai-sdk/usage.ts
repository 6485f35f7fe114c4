import type { FinishReason, Json, Usage } from '@routewise/core'

/** Tokens in the words of OpenAI's chat completions. */
export function chatUsage(usage: Partial<Usage>): Json {
  const { inputTokens = 0, outputTokens = 0, cacheReadTokens = 0, cacheWriteTokens = 0, reasoningTokens = 0 } = usage
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    prompt_tokens_details: {
      cached_tokens: cacheReadTokens,
      cache_write_tokens: cacheWriteTokens,
      audio_tokens: usage.audioInputTokens ?? 0,
    },
    completion_tokens_details: { reasoning_tokens: reasoningTokens, audio_tokens: usage.audioOutputTokens ?? 0 },
  }
}

/** How an answer ended, in the words of OpenAI's chat completions, which end a refusal like an answer that was filtered. */
export function chatFinishReason(finish: FinishReason, calledTool: boolean): string {
  switch (finish) {
    case 'length':
      return 'length'
    case 'content-filter':
    case 'refusal':
      return 'content_filter'
    case 'tool-calls':
      return 'tool_calls'
    default:
      return calledTool && finish === 'other' ? 'tool_calls' : 'stop'
  }
}

/** The tier that served a call, in OpenAI's words. */
export const tierOf = ({ serviceTier }: Partial<Usage>): Json => {
  if (serviceTier === undefined) return {}
  return { service_tier: serviceTier === 'standard' ? 'default' : serviceTier }
}
