import { describe, expect, test } from 'vitest'
import { askForLogprobs } from './logprobs.ts'

describe('a request for log-probabilities', () => {
  test('to Gemini keeps the config of the client, which it would replace', () => {
    const request = { contents: [], generationConfig: { temperature: 0.5 } }
    expect(askForLogprobs(request, 'yes', { maxOutputTokens: 7, temperature: 1 })).toEqual({
      contents: [],
      generationConfig: { maxOutputTokens: 7, temperature: 0.5, responseLogprobs: true, logprobs: 5 },
    })
  })

  test('to the Responses API keeps what else is to be included', () => {
    expect(askForLogprobs({ input: [], include: ['reasoning.encrypted_content'] }, 'yes')).toEqual({
      input: [],
      include: ['reasoning.encrypted_content', 'message.output_text.logprobs'],
      top_logprobs: 5,
    })
  })

  test.each([
    ['has set them', { messages: [], logprobs: false }, 'yes'],
    ['has a model that gives none', { messages: [] }, 'no'],
    ['may reason with a model that then gives none', { messages: [], reasoning_effort: 'low' }, 'without-reasoning'],
    ['says nothing of reasoning to such a model', { messages: [] }, 'without-reasoning'],
  ] as const)('is not made by a sender who %s', (_, request, given) => {
    expect(askForLogprobs(request, given)).toBe(request)
  })

  test.each([
    { messages: [], reasoning_effort: 'none' },
    { input: [], reasoning: { effort: 'none' } },
    { messages: [], thinking: { type: 'disabled' } },
  ])('is made where %j says not to reason', request => {
    expect(askForLogprobs(request, 'without-reasoning')).toMatchObject({ top_logprobs: 5 })
  })
})
