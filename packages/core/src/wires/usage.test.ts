import { describe, expect, test } from 'vitest'
import { readUsage } from './usage.ts'

const nothing = { cacheReadTokens: 0, cacheWriteTokens: 0, reasoningTokens: 0 }

describe('a usage object is known by its shape', () => {
  test.each([
    [
      'OpenAI’s chat completions',
      { prompt_tokens: 90, completion_tokens: 5, total_tokens: 95, prompt_tokens_details: { cached_tokens: 64, audio_tokens: 7 } },
      { inputTokens: 90, cacheReadTokens: 64, outputTokens: 5, audioInputTokens: 7, serviceTier: 'flex' },
    ],
    [
      'DeepSeek’s',
      { prompt_tokens: 90, completion_tokens: 5, prompt_cache_hit_tokens: 64, prompt_cache_miss_tokens: 26 },
      { inputTokens: 90, cacheReadTokens: 64, outputTokens: 5, serviceTier: 'flex' },
    ],
    [
      'xAI’s, with reasoning beside the completion',
      { prompt_tokens: 90, completion_tokens: 5, total_tokens: 107, completion_tokens_details: { reasoning_tokens: 12 } },
      { inputTokens: 90, outputTokens: 17, reasoningTokens: 12, serviceTier: 'flex' },
    ],
    [
      'Mistral’s, as its SDK gives it',
      { promptTokens: 90, completionTokens: 5, totalTokens: 95, promptTokensDetails: { cachedTokens: 64 } },
      { inputTokens: 90, cacheReadTokens: 64, outputTokens: 5, serviceTier: 'flex' },
    ],
    [
      'OpenAI’s Responses',
      {
        input_tokens: 90,
        input_tokens_details: { cached_tokens: 64, cache_write_tokens: 20, cache_write_tokens_details: { ttl_12h_tokens: 20 } },
        output_tokens: 17,
        output_tokens_details: { reasoning_tokens: 12 },
        total_tokens: 107,
      },
      {
        inputTokens: 90,
        cacheReadTokens: 64,
        cacheWriteTokens: 20,
        cacheWriteTokensByTtl: { '12h': 20 },
        outputTokens: 17,
        reasoningTokens: 12,
        serviceTier: 'flex',
      },
    ],
    [
      'Anthropic’s Messages, whose tier is its own',
      {
        input_tokens: 6,
        cache_read_input_tokens: 64,
        cache_creation_input_tokens: 20,
        cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 20 },
        output_tokens: 17,
        output_tokens_details: { thinking_tokens: 12 },
        service_tier: 'priority',
        inference_geo: 'us',
      },
      {
        inputTokens: 90,
        cacheReadTokens: 64,
        cacheWriteTokens: 20,
        cacheWriteTokensByTtl: { '1h': 20 },
        outputTokens: 17,
        reasoningTokens: 12,
        serviceTier: 'priority',
        residency: true,
      },
    ],
    [
      'Gemini’s, with thoughts beside the answer',
      { promptTokenCount: 80, toolUsePromptTokenCount: 10, cachedContentTokenCount: 64, candidatesTokenCount: 5, thoughtsTokenCount: 12 },
      { inputTokens: 90, cacheReadTokens: 64, outputTokens: 17, reasoningTokens: 12, serviceTier: 'flex' },
    ],
    [
      'Anthropic’s after a compaction, which its totals leave out',
      {
        input_tokens: 23,
        output_tokens: 10,
        iterations: [
          { type: 'compaction', input_tokens: 180, output_tokens: 35, cache_read_input_tokens: 64 },
          { type: 'message', input_tokens: 23, output_tokens: 10 },
        ],
      },
      { inputTokens: 267, cacheReadTokens: 64, outputTokens: 45 },
    ],
    [
      'xAI’s Responses, with cached tokens beside the input',
      { input_tokens: 26, input_tokens_details: { cached_tokens: 64 }, output_tokens: 5, total_tokens: 95 },
      { inputTokens: 90, cacheReadTokens: 64, outputTokens: 5, serviceTier: 'flex' },
    ],
  ])('%s', (_, raw, usage) => {
    expect(readUsage(raw, { serviceTier: 'flex' })).toEqual({ ...nothing, ...usage })
  })

  test.each([undefined, null, 7, [], {}, { tokens: 90 }])('%j is none', raw => {
    expect(readUsage(raw)).toBeUndefined()
  })

  test('a tier that is no name counts as not said', () => {
    expect(readUsage({ prompt_tokens: 1, completion_tokens: 1 }, { serviceTier: null })).not.toHaveProperty('serviceTier')
  })
})
