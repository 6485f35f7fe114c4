import type { LanguageModelV4CallOptions } from '@ai-sdk/provider'
import { describe, expect, test } from 'vitest'
import type { LanguageCall } from '../language/call.ts'
import { mend } from '../language/mending.ts'
import { candidateOf, type CandidateName } from '../testing/candidates.ts'
import { fitCall } from './fit-call.ts'

const call = (maxOutputTokens?: number): LanguageCall => ({
  kind: 'generate',
  options: { prompt: [], temperature: 0, ...(maxOutputTokens !== undefined && { maxOutputTokens }) },
  trace: { latest: undefined },
})

test('a limit that is more than a model can give is the most it can give', () => {
  const asked = call(100_000)
  const fitted = fitCall(asked, candidateOf('mistral', { card: { maxOutputTokens: 8_192 } }))
  expect(fitted.options).toEqual({ ...asked.options, maxOutputTokens: 8_192 })
  expect(asked.options.maxOutputTokens).toBe(100_000)
})

test.each([
  ['a limit within bounds', call(8_192), candidateOf('openai')],
  ['no limit', call(), candidateOf('openai')],
  ['a model of which no bounds are known', call(100_000), candidateOf('mine')],
])('%s leaves the call as it is, the same object', (_, asked, candidate) => {
  expect(fitCall(asked, candidate)).toBe(asked)
})

describe('a faulty tool call', () => {
  const answer = { text: '', toolCalls: [{ name: 'weather', arguments: '{}' }], logprobs: [], finish: 'tool-calls', usage: {} } as const
  const again = (more: Partial<LanguageModelV4CallOptions> = {}) => {
    const tools = [{ type: 'function' as const, name: 'weather', inputSchema: {} }]
    const { kind, trace, options } = call(100)
    const prompt = [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'How is it?' }] }]
    return mend({ kind, trace, options: { ...options, prompt, tools, ...more } }, answer, 'No.')
  }
  const rolesFor = (name: CandidateName, more?: Partial<LanguageModelV4CallOptions>) =>
    fitCall(again(more), candidateOf(name))
      .options.prompt.slice(1)
      .map(({ role }) => role)
  const thinking = (type: string) => ({ providerOptions: { anthropic: { thinking: { type } } } })

  test('comes back as a call to those who take it without the thoughts that led to it', () => {
    for (const provider of ['openai', 'mistral', 'anthropic'] as const) expect(rolesFor(provider)).toEqual(['assistant', 'tool'])
    expect(rolesFor('anthropic', { reasoning: 'none' })).toEqual(['assistant', 'tool'])
    expect(rolesFor('anthropic', thinking('disabled'))).toEqual(['assistant', 'tool'])
    expect(rolesFor('openai', { reasoning: 'high' })).toEqual(['assistant', 'tool'])
  })

  test('comes back in words to those who want the thoughts, or their signatures', () => {
    for (const provider of ['deepseek', 'google'] as const) expect(rolesFor(provider)).toEqual(['assistant', 'user'])
    expect(rolesFor('anthropic', { reasoning: 'low' })).toEqual(['assistant', 'user'])
    expect(rolesFor('anthropic', thinking('adaptive'))).toEqual(['assistant', 'user'])
  })
})
