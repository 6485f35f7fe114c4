import type { LanguageModelV4CallOptions } from '@ai-sdk/provider'
import { describe, expect, test } from 'vitest'
import type { LanguageCall } from './call.ts'
import { mend } from './mending.ts'
import { fitCall } from './portability.ts'

const call = (maxOutputTokens?: number): LanguageCall => ({
  kind: 'generate',
  options: { prompt: [], temperature: 0, ...(maxOutputTokens !== undefined && { maxOutputTokens }) },
  trace: { latest: undefined },
})

test('a limit that is more than a model can give is the most it can give', () => {
  const asked = call(100_000)
  expect(fitCall(asked, { provider: 'openai', maxOutputTokens: 8_192 }).options).toEqual({ ...asked.options, maxOutputTokens: 8_192 })
  expect(asked.options.maxOutputTokens).toBe(100_000)
})

test.each([
  ['a limit within bounds', call(8_192), { provider: 'openai', maxOutputTokens: 8_192 }],
  ['no limit', call(), { provider: 'openai', maxOutputTokens: 8_192 }],
  ['a model of which no bounds are known', call(100_000), { provider: 'openai' }],
])('%s leaves the call as it is, the same object', (_, asked, card) => {
  expect(fitCall(asked, card)).toBe(asked)
})

describe('thoughts', () => {
  const thought = (name: string) => ({ type: 'reasoning' as const, text: 'hm', providerOptions: { [name]: { signature: 'x' } } })
  const text = { type: 'text' as const, text: 'hello' }
  const after = (...content: readonly (typeof text | ReturnType<typeof thought>)[]): LanguageCall => {
    const asked = call()
    return { ...asked, options: { ...asked.options, prompt: [{ role: 'assistant', content: [...content] }] } }
  }
  const sent = (asked: LanguageCall, provider: string) => fitCall(asked, { provider }).options.prompt[0]?.content

  test('of one provider’s models are not sent to another’s', () => {
    expect(sent(after(thought('openai'), text), 'anthropic')).toEqual([text])
    expect(sent(after(thought('google'), thought('anthropic'), text), 'anthropic')).toEqual([thought('anthropic'), text])
  })

  test('go where they may be of use, and to whom nothing is known of', () => {
    for (const [name, provider] of [
      ['openai', 'azure'],
      ['vertex', 'google'],
      ['openai', 'my-proxy'],
      ['myProxy', 'openai'],
    ] as const) {
      const asked = after(thought(name), text)
      expect(fitCall(asked, { provider })).toBe(asked)
    }
  })
})

describe('a faulty tool call', () => {
  const answer = { text: '', toolCalls: [{ name: 'weather', arguments: '{}' }], logprobs: [], finish: 'tool-calls', usage: {} } as const
  const again = (more: Partial<LanguageModelV4CallOptions> = {}) => {
    const tools = [{ type: 'function' as const, name: 'weather', inputSchema: {} }]
    const { kind, trace, options } = call(100)
    return mend({ kind, trace, options: { ...options, tools, ...more } }, answer, 'No.')
  }
  const rolesFor = (provider: string, more?: Partial<LanguageModelV4CallOptions>) =>
    fitCall(again(more), { provider }).options.prompt.map(({ role }) => role)
  const thinking = (type: string) => ({ providerOptions: { anthropic: { thinking: { type } } } })

  test('comes back as a call to those who take it without the thoughts that led to it', () => {
    for (const provider of ['openai', 'mistral', 'anthropic']) expect(rolesFor(provider)).toEqual(['assistant', 'tool'])
    expect(rolesFor('anthropic', { reasoning: 'none' })).toEqual(['assistant', 'tool'])
    expect(rolesFor('anthropic', thinking('disabled'))).toEqual(['assistant', 'tool'])
    expect(rolesFor('openai', { reasoning: 'high' })).toEqual(['assistant', 'tool'])
  })

  test('comes back in words to those who want the thoughts, or their signatures', () => {
    for (const provider of ['deepseek', 'google']) expect(rolesFor(provider)).toEqual(['assistant', 'user'])
    expect(rolesFor('anthropic', { reasoning: 'low' })).toEqual(['assistant', 'user'])
    expect(rolesFor('anthropic', thinking('adaptive'))).toEqual(['assistant', 'user'])
  })
})
