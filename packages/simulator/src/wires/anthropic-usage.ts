import type { Usage } from '@routewise/core'

/** Usage as `/v1/messages` reports it: `input_tokens` is without what was read from or written to the prompt cache. */
export function anthropicUsage(usage: Usage): Record<string, unknown> {
  return {
    ...anthropicDeltaUsage(usage),
    cache_creation: {
      ephemeral_5m_input_tokens: usage.cacheWriteTokens - longWrites(usage),
      ephemeral_1h_input_tokens: longWrites(usage),
    },
    inference_geo: usage.residency === true ? 'us' : 'global',
    service_tier: usage.serviceTier === 'priority' || usage.serviceTier === 'batch' ? usage.serviceTier : 'standard',
    speed: usage.serviceTier === 'fast' ? 'fast' : 'standard',
  }
}

/** The cumulative usage of `message_delta`, which says less. */
export function anthropicDeltaUsage(usage: Usage): Record<string, unknown> {
  return {
    input_tokens: usage.inputTokens - usage.cacheReadTokens - usage.cacheWriteTokens,
    cache_creation_input_tokens: usage.cacheWriteTokens,
    cache_read_input_tokens: usage.cacheReadTokens,
    output_tokens: usage.outputTokens,
    output_tokens_details: { thinking_tokens: usage.reasoningTokens },
    server_tool_use: null,
  }
}

const longWrites = (usage: Usage): number => usage.cacheWriteTokensByTtl?.['1h'] ?? 0
