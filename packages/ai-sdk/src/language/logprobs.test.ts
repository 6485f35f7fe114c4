import type { LanguageModelV4, LanguageModelV4CallOptions, SharedV4ProviderOptions } from '@ai-sdk/provider'
import { findModel } from '@routewise/catalog'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { familyOf, type Family } from '../family.ts'
import { logprobOptions, logprobsOf } from './logprobs.ts'
import { createPartReader, readResult } from './read.ts'
import { simulated, type Simulated } from '../testing/simulated.ts'

let world: Simulated
beforeAll(async () => {
  world = await simulated({ recordings: { match: () => ({ answer: { text: 'Yes, of course.' } }) } })
})
afterAll(() => world.sim.close())

const card = (name: string, provider?: string) => findModel(name, provider === undefined ? {} : { provider })!

describe('log-probabilities are asked for', () => {
  test.each([
    ['openai', card('gpt-4.1'), { openai: { logprobs: 5 } }],
    ['openai', { ...card('gpt-4.1'), provider: 'azure' }, { azure: { logprobs: 5 } }],
    ['gateway', card('gpt-4.1'), { openai: { logprobs: 5 } }],
    ['anthropic', card('claude-opus-5-5'), undefined],
    ['openai', card('gpt-5-mini'), undefined],
    ['xai', card('grok-4.6'), undefined],
    ['openai-compatible', card('gpt-4.1'), undefined],
    [undefined, card('gpt-4.1'), undefined],
  ] as const)('of %s as its package has it', (family, model, options) => {
    expect(logprobOptions(family, model)).toEqual(options)
  })

  test.each<[Family, string, Partial<LanguageModelV4CallOptions>, boolean]>([
    ['openai', 'gpt-5.5', {}, false],
    ['openai', 'gpt-5.5', { reasoning: 'low' }, false],
    ['openai', 'gpt-5.5', { reasoning: 'none' }, true],
    ['openai', 'gpt-5.5', { providerOptions: { openai: { reasoningEffort: 'none' } } }, true],
    ['openai', 'gpt-5.5', { reasoning: 'none', providerOptions: { openai: { reasoningEffort: 'low' } } }, false],
    ['deepseek', 'deepseek-v4-flash', { providerOptions: { deepseek: { thinking: { type: 'disabled' } } } }, true],
    ['deepseek', 'deepseek-v4-flash', {}, false],
  ])('of %s, %s, only where it does not reason: %j', (family, name, call, asked) => {
    expect(card(name).capabilities.logprobs).toBe('without-reasoning')
    expect(logprobOptions(family, card(name), call) !== undefined).toBe(asked)
  })
})

describe.each([
  ['openai', 'gpt-4.1', {}],
  ['responses', 'gpt-4.1', {}],
  ['deepseek', 'deepseek-v4-flash', { deepseek: { thinking: { type: 'disabled' } } }],
] as const)('%s gives them', (vendor, name, providerOptions: SharedV4ProviderOptions) => {
  const prompt = [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'Is it?' }] }]
  const asking = (model: LanguageModelV4): LanguageModelV4CallOptions => {
    const [key, wish] = Object.entries(logprobOptions(familyOf(model), card(name), { providerOptions })!)[0]!
    return { prompt, providerOptions: { [key]: { ...providerOptions[key], ...wish } } }
  }
  const isSaid = { token: expect.any(String) as string, logprob: expect.any(Number) as number }

  test('with a whole answer and with a streamed one', async () => {
    const model: LanguageModelV4 = world[vendor](name)
    const whole = readResult(await model.doGenerate(asking(model)), familyOf(model)).logprobs ?? []
    expect(whole.map(({ token }) => token).join('')).toBe('Yes, of course.')
    expect(whole[0]).toMatchObject({ ...isSaid, top: expect.arrayContaining([expect.objectContaining(isSaid)]) as unknown })
    const read = createPartReader(familyOf(model))
    const streamed = []
    for await (const part of (await model.doStream(asking(model))).stream) streamed.push(...(read(part).logprobs ?? []))
    expect(streamed).toEqual(whole)
  })
})

test.each([undefined, {}, { openai: {} }, { openai: { logprobs: [] } }, { deepseek: { logprobs: { reasoning_content: [] } } }])(
  'there are none in %j',
  metadata => {
    expect(logprobsOf(metadata)).toBeUndefined()
  },
)
