import type { LanguageModelV4CallOptions, LanguageModelV4Message } from '@ai-sdk/provider'
import type { CachePlan } from '@routewise/core'
import { MockLanguageModelV4 } from 'ai/test'
import { describe, expect, test } from 'vitest'
import { parseCandidate } from '../options.ts'
import { candidateOf } from '../testing/candidates.ts'
import { alignPrompt } from './cache-marks.ts'

const user = (...texts: readonly string[]): LanguageModelV4Message => ({
  role: 'user',
  content: texts.map(text => ({ type: 'text', text })),
})
const look = { type: 'function', name: 'look', inputSchema: {} } as const
const prompt: LanguageModelV4Message[] = [{ role: 'system', content: 'Be kind.' }, user('Hello'), user('And now?')]
const options: LanguageModelV4CallOptions = { prompt, tools: [look] }
const at = (...breakpoints: CachePlan['breakpoints']): CachePlan => ({ breakpoints })
const marker = { type: 'ephemeral' }
const marked = { anthropic: { cacheControl: marker } }

/** A model of a package that is not installed here, by the name that it gives its models. */
const named = (provider: string, modelId: string) => parseCandidate(new MockLanguageModelV4({ provider, modelId }), undefined, 'test')

describe('markers for Claude', () => {
  const align = (given: LanguageModelV4CallOptions, plan: CachePlan) => alignPrompt(given, candidateOf('anthropic'), plan)

  test('stand on the last tool, on system messages, and at the end of others', () => {
    const aligned = align(options, at({ after: 'tools' }, { after: 0 }, { after: 2 }))
    expect(aligned.tools).toEqual([{ ...look, providerOptions: marked }])
    expect(aligned.prompt.map(({ providerOptions }) => providerOptions)).toEqual([marked, undefined, marked])
    expect(options).toEqual({ prompt: [{ role: 'system', content: 'Be kind.' }, user('Hello'), user('And now?')], tools: [look] })
  })

  test('do not stand where none may: on thoughts, empty text, a provider’s tools, messages that are not there', () => {
    const thoughtful: LanguageModelV4Message = {
      role: 'assistant',
      content: [
        { type: 'text', text: 'Hi' },
        { type: 'reasoning', text: 'Hm' },
      ],
    }
    const search = { type: 'provider', id: 'anthropic.web_search_20250305', name: 'search', args: {} } as const
    const given = { prompt: [user('Hello', ''), thoughtful, { role: 'system' as const, content: '' }], tools: [search] }
    expect(align(given, at({ after: 'tools' }, { after: 0 }, { after: 1 }, { after: 2 }, { after: 9 }))).toBe(given)
  })

  test('of the longer lifetime come first, and are four at most', () => {
    const long = { prompt: Array.from({ length: 6 }, (_, index) => user(`${index}`)) }
    const plan = at({ after: 0 }, { after: 1, ttl: '1h' }, { after: 2 }, { after: 3, ttl: '1h' }, { after: 4, ttl: '5m' })
    const controls = align(long, plan).prompt.map(({ providerOptions }) => providerOptions?.['anthropic']?.['cacheControl'])
    expect(controls).toEqual([undefined, { ...marker, ttl: '1h' }, marker, marker, { ...marker, ttl: '5m' }, undefined])
  })
})

describe('markers for others', () => {
  const plan = at({ after: 'tools' }, { after: 2 })
  const last = (candidate: Parameters<typeof alignPrompt>[1]) => alignPrompt(options, candidate, plan).prompt[2]!.providerOptions

  test('are written as their packages read them', () => {
    const claude = candidateOf('anthropic').card
    expect(last({ ...named('amazon-bedrock', 'anthropic.claude-opus-4-5'), card: claude })).toEqual({
      bedrock: { cachePoint: { type: 'default' } },
    })
    expect(last(named('gateway', 'anthropic/claude-opus-5-5'))).toEqual(marked)
    expect(last(named('openrouter.chat', 'anthropic/claude-opus-5-5'))).toEqual(marked)
    expect(alignPrompt(options, candidateOf('openai'), plan).prompt[2]!.content[0]).toMatchObject({
      providerOptions: { openai: { promptCacheBreakpoint: { mode: 'explicit' } } },
    })
  })

  test('are not set for models without them, and unknown packages', () => {
    for (const name of ['older', 'google', 'mistral', 'deepseek', 'moonshot', 'mine'] as const)
      expect(alignPrompt(options, candidateOf(name), plan)).toBe(options)
  })
})

describe('a routing key', () => {
  const keyed = (candidate: Parameters<typeof alignPrompt>[1], given: LanguageModelV4CallOptions = options) =>
    alignPrompt(given, candidate, { key: 'k', breakpoints: [] })

  test('is an option or a header, as the package and the server take it', () => {
    for (const [name, provider] of [
      ['openai', 'openai'],
      ['responses', 'openai'],
      ['azure', 'openai'],
      ['mistral', 'mistral'],
      ['xai', 'xai'],
    ] as const)
      expect(keyed(candidateOf(name)).providerOptions).toEqual({ [provider]: { promptCacheKey: 'k' } })
    const azure = { ...options, providerOptions: { azure: { store: false } } }
    expect(keyed(candidateOf('azure'), azure).providerOptions).toEqual({ azure: { store: false, promptCacheKey: 'k' } })
  })

  test('goes through compatible packages of known servers, by the way that the card names', () => {
    const { card } = candidateOf('moonshot')
    const via = (way: string) => ({ ...named('fireworks.chat', 'kimi-k3'), card: { ...card, cache: { ...card.cache, key: { via: way } } } })
    expect(keyed(via('header:x-session-affinity'))).toMatchObject({ headers: { 'x-session-affinity': 'k' } })
    expect(keyed(via('body:prompt_cache_key'))).toMatchObject({ providerOptions: { fireworks: { prompt_cache_key: 'k' } } })
  })

  test('is not set beside another', () => {
    const headers = { ...options, headers: { 'X-Grok-Conv-Id': 'mine' } }
    expect(keyed(candidateOf('xai'), headers)).toBe(headers)
  })
})

test('a lifetime is asked for where the model takes it, in its own words', () => {
  const lasting = (name: Parameters<typeof candidateOf>[0], ttl: string, given = options) =>
    alignPrompt(given, candidateOf(name), { ttl, breakpoints: [] }).providerOptions?.['openai']
  expect(lasting('older', '24h')).toEqual({ promptCacheRetention: '24h' })
  expect(lasting('responses', '12h')).toEqual({ promptCacheOptions: { ttl: '12h' } })
  for (const [name, ttl] of [
    ['openai', '12h'],
    ['openai', '24h'],
    ['older', '5m'],
    ['azure', '24h'],
    ['mistral', '24h'],
  ] as const)
    expect(lasting(name, ttl)).toBeUndefined()
  const own = { openai: { promptCacheRetention: 'in_memory' } }
  expect(lasting('older', '24h', { ...options, providerOptions: own })).toEqual(own.openai)
})
