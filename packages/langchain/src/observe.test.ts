import { describe, expect, test } from 'vitest'
import { createObserver } from './observe.ts'

const seen = (...bodies: unknown[]) => {
  const observer = createObserver()
  for (const body of bodies) observer.see(body)
  return observer.seen
}
const choice = { index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'ok' } }

describe('usage in the body of', () => {
  test('Mistral, as its SDK gives it', () => {
    const usage = { promptTokens: 2_006, completionTokens: 300, totalTokens: 2_306, prompt_tokens_details: { cached_tokens: 1_920 } }
    expect(seen({ data: { model: 'mistral-small-2603', choices: [{ ...choice, finishReason: 'stop' }], usage } })).toMatchObject({
      usage: { inputTokens: 2_006, cacheReadTokens: 1_920, outputTokens: 300 },
      finish: 'stop',
    })
  })

  test('xAI, which counts reasoning beside the completion', () => {
    const usage = {
      prompt_tokens: 2_006,
      completion_tokens: 180,
      total_tokens: 2_306,
      completion_tokens_details: { reasoning_tokens: 120 },
    }
    expect(seen({ choices: [choice], usage }).usage).toMatchObject({ outputTokens: 300, reasoningTokens: 120 })
  })

  test('OpenAI, which counts reasoning inside the completion', () => {
    const usage = {
      prompt_tokens: 2_006,
      completion_tokens: 300,
      total_tokens: 2_306,
      completion_tokens_details: { reasoning_tokens: 120 },
    }
    expect(seen({ choices: [choice], usage, service_tier: 'flex' }).usage).toMatchObject({
      outputTokens: 300,
      reasoningTokens: 120,
      serviceTier: 'flex',
    })
  })

  test('Groq, in the last event of a stream', () => {
    const usage = { prompt_tokens: 90, completion_tokens: 5, prompt_tokens_details: { cached_tokens: 64 } }
    expect(seen({ choices: [choice], x_groq: { usage } }).usage).toMatchObject({ inputTokens: 90, cacheReadTokens: 64, outputTokens: 5 })
  })

  test.each([
    ['DeepSeek', { prompt_cache_hit_tokens: 64, prompt_cache_miss_tokens: 26 }],
    ['Kimi', { cached_tokens: 64 }],
  ])('%s, with cached tokens of its own name', (_, cached) => {
    expect(seen({ choices: [choice], usage: { prompt_tokens: 90, completion_tokens: 5, ...cached } }).usage).toMatchObject({
      cacheReadTokens: 64,
    })
  })

  test('Anthropic, whose later events hold running totals', () => {
    const start = { input_tokens: 22, cache_read_input_tokens: 1_920, cache_creation_input_tokens: 64, output_tokens: 3 }
    const written = {
      cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 64 },
      service_tier: 'standard',
      inference_geo: 'us',
    }
    expect(
      seen(
        { type: 'message_start', message: { model: 'claude-opus-5-5', usage: { ...start, ...written } } },
        { type: 'message_delta', delta: { stop_reason: null }, usage: { output_tokens: 200 } },
        {
          type: 'message_delta',
          delta: { stop_reason: 'end_turn' },
          usage: { output_tokens: 300, output_tokens_details: { thinking_tokens: 120 } },
        },
      ),
    ).toEqual({
      model: 'claude-opus-5-5',
      finish: 'stop',
      usage: {
        inputTokens: 2_006,
        cacheReadTokens: 1_920,
        cacheWriteTokens: 64,
        cacheWriteTokensByTtl: { '1h': 64 },
        outputTokens: 300,
        reasoningTokens: 120,
        serviceTier: 'standard',
        residency: true,
      },
    })
  })

  test('Gemini, with thoughts, prompts of tools, and audio', () => {
    const usageMetadata = {
      promptTokenCount: 2_000,
      toolUsePromptTokenCount: 6,
      cachedContentTokenCount: 1_920,
      candidatesTokenCount: 180,
      thoughtsTokenCount: 120,
      promptTokensDetails: [{ modality: 'AUDIO', tokenCount: 50 }],
    }
    expect(seen({ candidates: [{ finishReason: 'MAX_TOKENS' }], usageMetadata })).toMatchObject({
      usage: { inputTokens: 2_006, cacheReadTokens: 1_920, outputTokens: 300, reasoningTokens: 120, audioInputTokens: 50 },
      finish: 'length',
    })
  })

  test('OpenAI’s Responses, whole or as the last event of a stream', () => {
    const response = {
      object: 'response',
      status: 'completed',
      model: 'gpt-6-luna',
      output: [{ type: 'function_call' }],
      usage: {
        input_tokens: 2_006,
        input_tokens_details: { cached_tokens: 1_920, cache_write_tokens: 64, cache_write_tokens_details: { ttl_12h_tokens: 64 } },
        output_tokens: 300,
        output_tokens_details: { reasoning_tokens: 120 },
      },
    }
    const expected = {
      finish: 'tool-calls',
      usage: { inputTokens: 2_006, cacheReadTokens: 1_920, cacheWriteTokensByTtl: { '12h': 64 }, outputTokens: 300 },
    }
    expect(seen(response)).toMatchObject(expected)
    expect(
      seen({ type: 'response.created', response: { object: 'response', status: 'in_progress' } }, { type: 'response.completed', response }),
    ).toMatchObject(expected)
  })
})

test('log-probabilities in Gemini’s words are read like the others', () => {
  const logprobsResult = {
    chosenCandidates: [{ token: 'Yes', logProbability: -0.1 }],
    topCandidates: [
      {
        candidates: [
          { token: 'Yes', logProbability: -0.1 },
          { token: 'No', logProbability: -2.4 },
        ],
      },
    ],
  }
  expect(seen({ candidates: [{ finishReason: 'STOP', logprobsResult }] }).logprobs).toEqual([
    {
      token: 'Yes',
      logprob: -0.1,
      top: [
        { token: 'Yes', logprob: -0.1 },
        { token: 'No', logprob: -2.4 },
      ],
    },
  ])
})

describe('the end in the body of', () => {
  test.each([
    ['OpenAI: a refusal', [{ choices: [{ delta: { refusal: 'No.' } }] }, { choices: [{ delta: {}, finish_reason: 'stop' }] }], 'refusal'],
    ['OpenAI: a filter', [{ choices: [{ ...choice, finish_reason: 'content_filter' }] }], 'content-filter'],
    ['Responses: too long', [{ object: 'response', status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } }], 'length'],
    ['Anthropic: a refusal', [{ type: 'message', stop_reason: 'refusal' }], 'refusal'],
    ['Anthropic: the window is full', [{ type: 'message', stop_reason: 'model_context_window_exceeded' }], 'length'],
    ['Gemini: a tool call', [{ candidates: [{ content: { parts: [{ functionCall: {} }] }, finishReason: 'STOP' }] }], 'tool-calls'],
    ['Gemini: a blocked prompt', [{ promptFeedback: { blockReason: 'SAFETY' } }], 'content-filter'],
    ['an event that is none', [{ type: 'ping' }, null, 'text', { choices: [] }], undefined],
  ])('%s', (_, bodies, finish) => {
    expect(seen(...bodies).finish).toBe(finish)
  })
})
