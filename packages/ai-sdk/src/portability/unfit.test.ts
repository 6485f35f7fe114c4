import type { LanguageModelV4CallOptions, LanguageModelV4FilePart } from '@ai-sdk/provider'
import { describe, expect, test } from 'vitest'
import { createRouted } from '../index.ts'
import { candidateOf, type CandidateName } from '../testing/candidates.ts'
import { fitPrompt } from './fit-prompt.ts'
import { readerOf } from './reader.ts'
import { createUnfitness } from './unfit.ts'

const unfitness = createUnfitness()

const names = [
  'openai',
  'responses',
  'anthropic',
  'google',
  'mistral',
  'deepseek',
  'xai',
  'groq',
  'moonshot',
] as const satisfies CandidateName[]
const hello = { role: 'user' as const, content: [{ type: 'text' as const, text: 'Hello' }] }
/** Those that can take it. */
function fit(options: Partial<LanguageModelV4CallOptions>) {
  const call = { prompt: [hello], ...options }
  return names.filter(name => unfitness(call, readerOf(candidateOf(name))!) === undefined)
}

const asking = (...ids: `${string}.${string}`[]) => ({
  tools: ids.map(id => ({ type: 'provider' as const, id, name: 'search', args: {} })),
})

test('a call with a provider’s own tools is for that provider; with tools of several, for each of them', () => {
  expect(fit({})).toEqual(names)
  expect(fit(asking('anthropic.web_search_20250305'))).toEqual(['anthropic'])
  expect(fit(asking('openai.web_search'))).toEqual(['openai', 'responses'])
  expect(fit(asking('anthropic.web_search_20250305', 'google.google_search'))).toEqual(['anthropic', 'google'])
})

test('a conversation that a provider keeps goes on there', () => {
  expect(fit({ providerOptions: { openai: { previousResponseId: 'resp_1' } } })).toEqual(['responses', 'xai'])
})

const file = (mediaType: string, data: LanguageModelV4FilePart['data'] = { type: 'data', data: 'AAAA' }) => ({
  role: 'user' as const,
  content: [{ type: 'file' as const, mediaType, data }],
})

describe('a file of this turn goes to those whose packages take it', () => {
  test.each([
    ['image/png', names],
    ['application/pdf', ['openai', 'responses', 'anthropic', 'google', 'mistral', 'moonshot']],
    ['audio/wav', ['openai', 'google', 'moonshot']],
    ['application/zip', ['google']],
  ] as const)('%s', (mediaType, able) => expect(fit({ prompt: [file(mediaType)] })).toEqual(able))

  test('a reference to the provider that has it', () => {
    expect(fit({ prompt: [file('image/png', { type: 'reference', reference: { anthropic: 'file_1' } })] })).toEqual(['anthropic'])
  })
})

test('a file of an earlier turn is named where it cannot be shown', () => {
  const answer = { role: 'assistant' as const, content: [{ type: 'text' as const, text: 'I see.' }] }
  const prompt = [file('application/zip'), answer, hello]
  expect(fit({ prompt })).toEqual(names)
  const fitOptions = { isContinued: false, trustsUnmarked: true }
  const [first] = fitPrompt(prompt, readerOf(candidateOf('openai'))!, fitOptions)
  expect(first!.content).toEqual([{ type: 'text', text: '[A file of type application/zip, which cannot be shown here.]' }])
  expect(fitPrompt(prompt, readerOf(candidateOf('google'))!, fitOptions)).toBe(prompt)
})

test('those that cannot are no candidates, and the receipt says why', () => {
  const routed = createRouted({ models: { claude: candidateOf('anthropic').model, luna: candidateOf('responses').model } })
  const { considered, plan } = routed.decide({ prompt: 'What is new?', ...asking('openai.web_search') })
  expect(plan.map(({ id }) => id)).toEqual(['luna'])
  expect(considered.find(({ target }) => target === 'claude')?.excluded).toBe('unsupported: tools that openai runs')
  expect(() => routed.decide({ prompt: 'What is new?', ...asking('google.google_search') })).toThrow('tools that google runs')
})
