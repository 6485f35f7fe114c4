import type { LanguageModelV4 } from '@ai-sdk/provider'
import { createAnthropic } from '@ai-sdk/anthropic'
import { createGoogle } from '@ai-sdk/google'
import { createOpenAI } from '@ai-sdk/openai'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { gateway, wrapLanguageModel } from 'ai'
import { MockLanguageModelV4 } from 'ai/test'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { familyOf, modelNameOf, providerOf } from './family.ts'
import { simulated, type Simulated } from './testing/simulated.ts'

let world: Simulated
beforeAll(async () => {
  world = await simulated({ providers: ['openai'] })
})
afterAll(() => world.sim.close())

const baseURL = 'https://provider.test'

test('the packages’ own models are known by what they call themselves', () => {
  const made = createOpenAI({ apiKey: 'test' })
  const models: LanguageModelV4[] = [made.chat('gpt-6-luna'), made('gpt-6-luna'), createGoogle({ apiKey: 'test' })('gemini-3.8-flash')]
  expect(models.map(model => [model.provider, familyOf(model), providerOf(model)])).toEqual([
    ['openai.chat', 'openai', 'openai'],
    ['openai.responses', 'openai', 'openai'],
    ['google.generative-ai', 'google', 'google'],
  ])
})

test.each([
  ['azure.chat', 'openai', 'azure'],
  ['azure.responses', 'openai', 'azure'],
  ['anthropic.messages', 'anthropic', 'anthropic'],
  ['bedrock.anthropic.messages', 'anthropic', 'aws'],
  ['googleVertex.anthropic.messages', 'anthropic', 'google'],
  ['vertex.anthropic.messages', 'anthropic', 'google'],
  ['google.vertex.chat', 'google', 'google'],
  ['mistral.chat', 'mistral', 'mistral'],
  ['deepseek.chat', 'deepseek', 'deepseek'],
  ['xai.responses', 'xai', 'xai'],
  ['xai.chat', 'xai', 'xai'],
  ['groq.chat', 'groq', 'groq'],
  ['amazon-bedrock', 'bedrock', 'aws'],
  ['togetherai.chat', 'openai-compatible', 'together'],
  ['fireworks.chat', 'openai-compatible', 'fireworks'],
  ['moonshotai.chat', 'openai-compatible', 'moonshotai'],
  ['alibaba.chat', 'openai-compatible', 'alibaba'],
  ['my-own', undefined, 'my-own'],
  ['anthropic.messages.mine', undefined, 'anthropic'],
])('%s is of the family %s, served by %s', (provider, family, served) => {
  const model = { provider, modelId: 'some-model' }
  expect([familyOf(model), providerOf(model), modelNameOf(model)]).toEqual([family, served, 'some-model'])
})

test.each([
  ['openai', createOpenAI({ name: 'my-proxy', apiKey: 'test', baseURL }).chat('gpt-6-luna')],
  ['openai', createOpenAI({ name: 'my-proxy', apiKey: 'test', baseURL }).responses('gpt-6-luna')],
  ['anthropic', createAnthropic({ name: 'my-proxy', apiKey: 'test', baseURL })('claude-opus-5-5')],
  ['google', createGoogle({ name: 'my-proxy', apiKey: 'test', baseURL })('gemini-3.8-flash')],
  ['openai-compatible', createOpenAICompatible({ name: 'my-proxy', baseURL })('some-model')],
] as const)('a provider of the package for %s that its user has named is known by its class', (family, model) => {
  expect([familyOf(model), providerOf(model)]).toEqual([family, 'my-proxy'])
})

test('a wrapped model is of its model’s family, and a stranger of none', () => {
  expect(familyOf(wrapLanguageModel({ model: world.openai(), middleware: [] }))).toBe('openai')
  expect(familyOf(new MockLanguageModelV4())).toBeUndefined()
})

test.each([
  ['gateway', 'anthropic/claude-opus-5-5', 'gateway', 'anthropic', 'claude-opus-5-5'],
  ['gateway', 'xai/grok-4.6', 'gateway', 'xai', 'grok-4.6'],
  ['openrouter.chat', 'mistralai/mistral-small-2603', 'openrouter', 'mistral', 'mistral-small-2603'],
  ['openrouter.chat', 'moonshotai/kimi-k3', 'openrouter', 'moonshotai', 'kimi-k3'],
  ['groq.chat', 'openai/gpt-oss-20b', 'groq', 'groq', 'openai/gpt-oss-20b'],
  ['fireworks.chat', 'accounts/fireworks/models/kimi-k3', 'openai-compatible', 'fireworks', 'kimi-k3'],
  ['google.generative-ai', 'models/gemini-3.8-flash', 'google', 'google', 'gemini-3.8-flash'],
])('%s: %s', (provider, modelId, ...expected) => {
  const model = { provider, modelId }
  expect([familyOf(model), providerOf(model), modelNameOf(model)]).toEqual(expected)
})

test('the gateway’s models carry the maker in their id', () => {
  const model = gateway('openai/gpt-6-luna')
  expect([familyOf(model), providerOf(model), modelNameOf(model)]).toEqual(['gateway', 'openai', 'gpt-6-luna'])
})
