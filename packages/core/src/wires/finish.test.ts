import { describe, expect, test } from 'vitest'
import { anthropicFinish, chatFinish, geminiFinish, responsesFinish } from './finish.ts'

describe('the end of an answer, in the words of', () => {
  test.each([
    ['stop', 'stop'],
    ['eos', 'stop'],
    ['model_length', 'length'],
    ['function_call', 'tool-calls'],
    ['content_filter', 'content-filter'],
    ['insufficient_system_resource', 'error'],
    ['something new', 'other'],
  ])('chat completions: %s', (reason, finish) => {
    expect(chatFinish(reason)).toBe(finish)
  })

  test('chat completions, which stop when they refuse', () => {
    expect(chatFinish('stop', true)).toBe('refusal')
    expect(chatFinish('length', true)).toBe('length')
  })

  test.each([
    [{ status: 'completed', output: [{ type: 'message', content: [{ type: 'output_text' }] }] }, 'stop'],
    [{ status: 'completed', output: [{ type: 'function_call' }] }, 'tool-calls'],
    [{ status: 'completed', output: [{ type: 'message', content: [{ type: 'refusal' }] }] }, 'refusal'],
    [{ status: 'incomplete', incomplete_details: { reason: 'content_filter' } }, 'content-filter'],
    [{ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } }, 'length'],
    [{ status: 'in_progress' }, undefined],
    [{ status: 'failed' }, undefined],
  ])('Responses: %j', (response, finish) => {
    expect(responsesFinish(response)).toBe(finish)
  })

  test.each([
    ['end_turn', 'stop'],
    ['model_context_window_exceeded', 'length'],
    ['tool_use', 'tool-calls'],
    ['refusal', 'refusal'],
    ['pause_turn', 'other'],
  ])('Anthropic: %s', (reason, finish) => {
    expect(anthropicFinish(reason)).toBe(finish)
  })

  test.each([
    ['STOP', false, 'stop'],
    ['STOP', true, 'tool-calls'],
    ['MAX_TOKENS', true, 'length'],
    ['SAFETY', false, 'content-filter'],
    ['MALFORMED_FUNCTION_CALL', false, 'error'],
  ] as const)('Gemini: %s, tools called: %s', (reason, calledTool, finish) => {
    expect(geminiFinish(reason, calledTool)).toBe(finish)
  })
})
