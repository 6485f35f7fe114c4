import type { LanguageModelV4Prompt } from '@ai-sdk/provider'
import type { Answer } from '@routewise/core'
import { expect, test } from 'vitest'
import type { LanguageCall } from './call.ts'
import { questionAbout } from './question.ts'

const answer: Answer = { text: 'Mild.', toolCalls: [], logprobs: [], finish: 'stop', usage: {} }
const call = (prompt: LanguageModelV4Prompt, more: Partial<LanguageCall> = {}): LanguageCall => ({
  kind: 'generate',
  options: { prompt },
  trace: { latest: undefined },
  ...more,
})
function textsOf(prompt: LanguageModelV4Prompt): string[] {
  return prompt.map(({ content }) =>
    typeof content === 'string' ? content : content.map(part => ('text' in part ? part.text : '')).join(''),
  )
}

const conversation: LanguageModelV4Prompt = [
  { role: 'system', content: 'Be kind.' },
  {
    role: 'user',
    content: [
      { type: 'text', text: 'How is it here?' },
      { type: 'file', mediaType: 'image/png', data: { type: 'data', data: 'AAAA' } },
    ],
  },
  {
    role: 'assistant',
    content: [
      { type: 'reasoning', text: 'They mean Kiel.' },
      { type: 'custom', kind: 'openai.compaction', providerOptions: { openai: { encryptedContent: 'xyz' } } },
      { type: 'text', text: 'Let me see.' },
      { type: 'tool-call', toolCallId: '1', toolName: 'weather', input: { city: 'Kiel' } },
    ],
  },
  {
    role: 'tool',
    content: [{ type: 'tool-result', toolCallId: '1', toolName: 'weather', output: { type: 'json', value: { degrees: 7 } } }],
  },
]

test('a model that judges is shown what was said aloud, and the answer', () => {
  const prompt = questionAbout(call(conversation), answer)
  expect(prompt.map(({ role }) => role)).toEqual(['system', 'user'])
  expect(textsOf(prompt)[1]).toBe(
    '<request>\nsystem: Be kind.\n\nuser: How is it here?\n[image]\n\nassistant: Let me see.\nweather({"city":"Kiel"})\n\n' +
      'tool: {"degrees":7}\n</request>\n\n<answer>\nMild.\n</answer>\n\nIs the answer a good one? Reply with one word: yes or no.',
  )
})

test('of an answer that was mended it is asked with the prompt as it first was', () => {
  const asked = conversation.slice(0, 2)
  const mending = { prompt: asked, answer: { ...answer, text: 'Hm.' }, fault: 'It says nothing.' }
  const prompt = questionAbout(
    call([...asked, { role: 'user', content: [{ type: 'text', text: 'It says nothing.' }] }], { mending }),
    answer,
  )
  expect(prompt).toEqual(questionAbout(call(asked), answer))
})

test('criteria and lengths are the caller’s', () => {
  const [instructions, question] = textsOf(questionAbout(call(conversation), answer, { criteria: 'It names a day.', maxChars: 40 }))
  expect(instructions).toContain('It names a day.')
  expect(question).toMatch(/system: Be kind\.[^]*\[…\][^]*"degrees":7/)
  expect(question).not.toContain('Let me see')
})
