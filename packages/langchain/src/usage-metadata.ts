import type { Usage } from '@routewise/core'
import type { BaseMessage, UsageMetadata } from '@langchain/core/messages'

/** Usage in LangChain's words; its totals hold the cached and the reasoning tokens, as those of `Usage` do. */
export function toUsageMetadata(usage: Usage): UsageMetadata {
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, reasoningTokens, audioInputTokens, audioOutputTokens } = usage
  return {
    input_tokens: inputTokens,
    output_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    input_token_details: {
      ...(audioInputTokens !== undefined && { audio: audioInputTokens }),
      cache_read: cacheReadTokens,
      cache_creation: cacheWriteTokens,
    },
    output_token_details: {
      ...(audioOutputTokens !== undefined && { audio: audioOutputTokens }),
      reasoning: reasoningTokens,
    },
  }
}

/** Usage as `llmOutput.tokenUsage` holds it, for callbacks. */
export interface TokenUsage {
  promptTokens: number
  completionTokens: number
  totalTokens: number
}

export const tokenUsageOf = ({ inputTokens, outputTokens }: Usage): TokenUsage => ({
  promptTokens: inputTokens,
  completionTokens: outputTokens,
  totalTokens: inputTokens + outputTokens,
})

/** Usage of several answers together; one without figures counts for nothing. */
export function sumTokenUsage(usages: readonly (Partial<TokenUsage> | undefined)[]): TokenUsage {
  const sum: TokenUsage = { promptTokens: 0, completionTokens: 0, totalTokens: 0 }
  for (const usage of usages) {
    sum.promptTokens += usage?.promptTokens ?? 0
    sum.completionTokens += usage?.completionTokens ?? 0
    sum.totalTokens += usage?.totalTokens ?? 0
  }
  return sum
}

/** The usage on a message; LangChain's own type of it depends on a type parameter. */
export const usageMetadataOf = (message: BaseMessage): UsageMetadata | undefined =>
  (message as { usage_metadata?: UsageMetadata }).usage_metadata

/** Writes usage on a message; `undefined` takes it off. */
export function setUsageMetadata(message: BaseMessage, usage: Usage | undefined): void {
  const counted = message as { usage_metadata?: UsageMetadata }
  if (usage === undefined) delete counted.usage_metadata
  else counted.usage_metadata = toUsageMetadata(usage)
}

/** Usage as an integration reports it, for classes whose provider's own body cannot be seen. */
export function fromUsageMetadata(metadata: UsageMetadata): Usage {
  const { input_token_details: input, output_token_details: output } = metadata
  return {
    inputTokens: metadata.input_tokens,
    cacheReadTokens: input?.cache_read ?? 0,
    cacheWriteTokens: input?.cache_creation ?? 0,
    outputTokens: metadata.output_tokens,
    reasoningTokens: output?.reasoning ?? 0,
    ...(input?.audio !== undefined && { audioInputTokens: input.audio }),
    ...(output?.audio !== undefined && { audioOutputTokens: output.audio }),
  }
}

/** The usage of one chunk, which adds to that of those before. */
export function usagePartOf(message: BaseMessage): Usage | undefined {
  const usage = usageMetadataOf(message)
  return typeof usage?.input_tokens === 'number' ? fromUsageMetadata(usage) : undefined
}

const EMPTY: Usage = { inputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 0, reasoningTokens: 0 }

/** What `usage` adds to `before`. LangChain sums the usage of chunks, providers report running totals. */
export function usageSince(before: Usage | undefined, usage: Usage): Usage {
  const from = before ?? EMPTY
  return {
    inputTokens: usage.inputTokens - from.inputTokens,
    cacheReadTokens: usage.cacheReadTokens - from.cacheReadTokens,
    cacheWriteTokens: usage.cacheWriteTokens - from.cacheWriteTokens,
    outputTokens: usage.outputTokens - from.outputTokens,
    reasoningTokens: usage.reasoningTokens - from.reasoningTokens,
    ...(usage.audioInputTokens !== undefined && { audioInputTokens: usage.audioInputTokens - (from.audioInputTokens ?? 0) }),
    ...(usage.audioOutputTokens !== undefined && { audioOutputTokens: usage.audioOutputTokens - (from.audioOutputTokens ?? 0) }),
  }
}

/** The sum of usage that came in parts. */
export function usageSum(before: Usage | undefined, part: Usage): Usage {
  if (before === undefined) return part
  return {
    inputTokens: before.inputTokens + part.inputTokens,
    cacheReadTokens: before.cacheReadTokens + part.cacheReadTokens,
    cacheWriteTokens: before.cacheWriteTokens + part.cacheWriteTokens,
    outputTokens: before.outputTokens + part.outputTokens,
    reasoningTokens: before.reasoningTokens + part.reasoningTokens,
  }
}
