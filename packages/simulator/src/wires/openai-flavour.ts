import type { FinishReason, Usage } from '@routewise/core'
import type { Flavour } from './flavour.ts'
import type { JsonObject } from './json.ts'
import { openaiError } from './openai-errors.ts'
import { refuseRequest } from './openai-rules.ts'

const LONGEST_CALL_ID = 40

/** Usage as OpenAI's chat completions report it. */
export const openaiChatUsage = (usage: Usage): JsonObject => ({
  prompt_tokens: usage.inputTokens,
  completion_tokens: usage.outputTokens,
  total_tokens: usage.inputTokens + usage.outputTokens,
  prompt_tokens_details: { cached_tokens: usage.cacheReadTokens, cache_write_tokens: usage.cacheWriteTokens, audio_tokens: 0 },
  completion_tokens_details: {
    reasoning_tokens: usage.reasoningTokens,
    audio_tokens: 0,
    accepted_prediction_tokens: 0,
    rejected_prediction_tokens: 0,
  },
})

export function openaiFinishReason(reason: FinishReason): string {
  switch (reason) {
    case 'length':
      return 'length'
    case 'tool-calls':
      return 'tool_calls'
    case 'content-filter':
      return 'content_filter'
    case 'stop':
    case 'refusal':
    case 'error':
    case 'other':
      return 'stop'
  }
}

/** OpenAI itself; the other flavours are what they do differently. */
export const openaiFlavour: Flavour = {
  id: 'openai',
  usage: openaiChatUsage,
  streamUsage: 'own-chunk',
  callId: id => `call_${id}`,
  checkCallId(id, param) {
    if (id.length <= LONGEST_CALL_ID) return
    refuseRequest(
      `Invalid '${param}': string too long. Expected a string with maximum length ${LONGEST_CALL_ID}, but got a string with length ${id.length} instead.`,
      param,
      'string_above_max_length',
    )
  },
  wholeCalls: false,
  reasons: body => body['reasoning_effort'] !== 'none',
  showsReasoning: () => false,
  refusalField: true,
  finishReason: openaiFinishReason,
  cacheKey: () => undefined,
  promptCache: asked => asked,
  error: openaiError,
}
