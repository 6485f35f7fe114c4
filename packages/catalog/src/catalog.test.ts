import { costOf, RouterError } from '@routewise/core'
import { describe, expect, test } from 'vitest'
import { createCatalog, defaultCatalog, defineModel, findModel, providerId, qualityByTier, speedByTier } from './index.ts'
import { providers } from './known.ts'

const now = Date.parse('2026-09-28T12:00:00Z')
const million = { inputTokens: 1_000_000, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 0, reasoningTokens: 0 }

function messageOf(action: () => unknown): string {
  try {
    action()
  } catch (error) {
    if (RouterError.isInstance(error) && error.code === 'invalid_option') return error.message
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('the table', () => {
  test('names every id and alias once', () => {
    const ids = providers.flatMap(({ models }) => models.flatMap(({ id, aliases = [] }) => [id, ...aliases]))
    expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([])
  })

  test.for(defaultCatalog.list().map(card => [card.id, card] as const))('%s is complete', ([, card]) => {
    expect(card.prices.length).toBeGreaterThan(0)
    expect(card.prices[0]).not.toHaveProperty('from')
    expect(card.source).toMatch(/^https:\/\//)
    expect(card.verifiedAt).toMatch(/^\d{4}-\d{2}-\d{2}$/)
    expect(card.inferred).toBeUndefined()
    expect(Number.isInteger(card.contextTokens)).toBe(true)
    expect(card.maxOutputTokens ?? 1).toBeLessThanOrEqual(card.contextTokens)
    const readsCache = card.prices.every(({ rates }) => rates.cacheRead !== undefined)
    expect(card.cache.kind !== 'none').toBe(readsCache)
    expect(card.cache.ttls.length > 0).toBe(readsCache)
    // A cached token is never dearer than a plain one, nor a long prompt cheaper than a short one.
    for (const { rates, tiers = [] } of card.prices) {
      expect(rates.cacheRead ?? 0).toBeLessThan(rates.input)
      for (const tier of tiers) expect(tier.rates.input).toBeGreaterThan(rates.input)
    }
    expect(() => new RegExp(card.toolIdPattern ?? '')).not.toThrow()
  })

  test('holds the traits that routing depends on', () => {
    expect(findModel('claude-opus-5-5')).toMatchObject({
      wire: 'anthropic',
      tokenFactor: 1.3,
      cancelStopsBilling: true,
      cache: { kind: 'breakpoints', minTokens: 512, lookback: 20, maxWrites: 4, scope: 'workspace' },
      capabilities: { forcedTool: false, sampling: false, pdf: true },
    })
    expect(findModel('claude-haiku-4-5')).toMatchObject({
      tokenFactor: 1,
      cache: { minTokens: 4_096 },
      capabilities: { forcedTool: true, sampling: true },
    })
    expect(findModel('gpt-4o')).toMatchObject({
      cache: { kind: 'auto-prefix', minTokens: 1_024, stepTokens: 128 },
      capabilities: { logprobs: 'yes' },
    })
    expect(findModel('gpt-6-luna')).toMatchObject({
      cache: { kind: 'breakpoints', implicitBreakpoint: true, ttls: [{ id: '30m' }, { id: '12h' }] },
      capabilities: { logprobs: 'no' },
    })
    expect(findModel('gemini-3.8-flash')).toMatchObject({
      wire: 'gemini',
      cancelStopsBilling: false,
      cache: { minTokens: 4_096, guaranteed: false },
    })
    expect(findModel('deepseek-v4-pro')).toMatchObject({
      cancelStopsBilling: true,
      cache: { kind: 'prefix-units' },
      capabilities: { jsonSchema: false },
    })
    const mistral = new RegExp(findModel('mistral-large-2512')?.toolIdPattern ?? '')
    expect(['abcDEF123', 'call_1234', 'abcDEF1234'].map(id => mistral.test(id))).toEqual([true, false, false])
    expect(findModel('llama-3.3-70b-versatile')).toMatchObject({
      cancelStopsBilling: false,
      cache: { kind: 'none' },
      outputTokensPerSecond: 400,
    })
  })

  test('cannot be written to', () => {
    const card = findModel('gpt-6-luna')!
    expect(() => Object.assign(card.cache, { minTokens: 0 })).toThrow(TypeError)
    expect(() => Object.assign(card.prices[0]!.rates, { input: 0 })).toThrow(TypeError)
  })
})

describe('finding a model', () => {
  test.for<[alias: string, id: string]>([
    ['claude-haiku-4-5-20251001', 'claude-haiku-4-5'],
    ['claude-sonnet-4-20250514', 'claude-sonnet-4-0'],
    ['gpt-4o-2024-08-06', 'gpt-4o'],
    ['gpt-4o-mini-2024-07-18', 'gpt-4o-mini'],
    ['gpt-5.6', 'gpt-5.6-sol'],
    ['models/gemini-2.5-flash', 'gemini-2.5-flash'],
    ['mistral-medium-2604', 'mistral-medium-3-5'],
  ])('takes the documented alias %s for %s itself', ([alias, id]) => {
    expect(findModel(alias)).toEqual(findModel(id))
  })

  test.for<[id: string, known: string]>([
    ['claude-sonnet-5-5', 'claude-sonnet-5'],
    ['claude-fable-5-2', 'claude-fable-5-1'],
    ['claude-haiku-5-5', 'claude-haiku-4-5'],
    ['claude-opus-5-20260901', 'claude-opus-5'],
    ['gpt-6.1-sol', 'gpt-6-sol'],
    ['gpt-7', 'gpt-5.5'],
    ['gpt-5.5-codex', 'gpt-5.5'],
    ['gpt-4o-2030-01-01', 'gpt-4o'],
    ['grok-4.7', 'grok-4.6'],
    ['kimi-k3.1', 'kimi-k3'],
    ['GPT-6-LUNA', 'gpt-6-luna'],
    ['gemini-3.9-flash', 'gemini-3.8-flash'],
    ['deepseek-v5-pro', 'deepseek-v4-pro'],
  ])('says that %s is only like %s', ([id, known]) => {
    expect(findModel(id)).toEqual({ ...findModel(known), id, inferred: known })
  })

  test.for(['nonsense', '', 'gemini-4-argon', 'qwen/qwen3-235b', 'claude', 'gpt', '__proto__', 'gpt-6-luna '.repeat(1_000)])(
    'knows nothing of %j',
    id => {
      expect(findModel(id)?.inferred ?? findModel(id)?.id).toBeUndefined()
    },
  )

  test('takes prices for ids that only the published data knows, and assumes the least for the rest', () => {
    const card = findModel('gpt-4-turbo')!
    expect(card).toMatchObject({
      provider: 'openai',
      prices: [{ rates: { input: 10, output: 30 } }],
      contextTokens: 128_000,
      source: '@pydantic/genai-prices 0.1.8',
    })
    expect(card).toMatchObject({
      capabilities: { tools: false, vision: false, streaming: true },
      cache: { kind: 'none' },
      quality: qualityByTier.small,
    })
    expect(card.inferred).toBeUndefined()
    expect(defaultCatalog.list()).not.toContainEqual(card)
  })

  test('knows no price for what is not charged by the token', () => {
    expect(findModel('whisper-1')?.prices).toEqual([])
    expect(costOf(findModel('whisper-1')!, million, now)).toBeUndefined()
  })

  test.each([
    ['openai.responses', 'openai'],
    ['azure-openai.chat', 'azure'],
    ['googleVertex.anthropic.messages', 'google'],
    ['google.vertex.chat', 'google'],
    ['x-ai', 'xai'],
    ['togetherai.chat', 'together'],
    ['amazon-bedrock', 'aws'],
    ['of-my-own.chat', 'of-my-own'],
  ])('knows who %s is', (name, provider) => {
    expect(providerId(name)).toBe(provider)
  })

  test.for(['openai', 'openai.chat', 'openai.responses', 'OpenAI'])('takes %s for the provider', provider => {
    expect(findModel('gpt-6-luna', { provider })?.provider).toBe('openai')
  })

  test.for([
    ['x-ai', 'grok-4.6', 'xai'],
    ['google.generative-ai', 'gemini-2.5-pro', 'google'],
    ['mistralai', 'mistral-large-2512', 'mistral'],
    ['moonshotai', 'kimi-k3', 'moonshotai'],
  ] as const)('takes %s for the provider of %s', ([name, id, provider]) => {
    expect(findModel(id, { provider: name })).toMatchObject({ id, provider })
  })

  test('keeps to the provider that is asked for', () => {
    expect(findModel('gpt-6-luna', { provider: 'mistral' })).toBeUndefined()
    expect(findModel('gpt-6-luna', { provider: 'no-such-provider' })).toBeUndefined()
    expect(findModel('anthropic/claude-opus-5', { provider: 'openrouter' })).toMatchObject({
      provider: 'openrouter',
      prices: [{ rates: { input: 5 } }],
    })
  })

  test('borrows from the maker where the host has no price list entry of its own', () => {
    expect(findModel('gpt-4o', { provider: 'azure' })).toMatchObject({ id: 'gpt-4o', provider: 'azure', inferred: 'gpt-4o' })
  })

  test('asks who serves a model that several providers sell', () => {
    expect(findModel('z-ai/glm-5.2')).toBeUndefined()
    expect(findModel('z-ai/glm-5.2', { provider: 'openrouter' })).toMatchObject({ provider: 'openrouter', prices: [{}] })
  })
})

describe('models of one’s own', () => {
  test('are like a known one but for what is given', () => {
    const card = defineModel({ like: 'gpt-6-luna', id: 'my-finetune', input: 0.2, output: 1 })
    expect(card).toEqual({ ...findModel('gpt-6-luna'), id: 'my-finetune', prices: [{ rates: { input: 0.2, output: 1 } }] })
    expect(costOf(card, million, now)).toBe(200_000_000)
  })

  test('need no more than an id and a price', () => {
    const card = defineModel({ id: 'llama-at-home', input: 0, output: 0 })
    expect(card).toMatchObject({
      provider: 'custom',
      contextTokens: 32_768,
      tokenFactor: 1,
      quality: qualityByTier.small,
      firstToken: { baseMs: speedByTier.small.baseMs },
    })
    expect(costOf(card, million, now)).toBe(0)
  })

  test('have no price when none is given', () => {
    expect(costOf(defineModel({ id: 'mystery' }), million, now)).toBeUndefined()
  })

  test('take priors from a tier, and single facts over it', () => {
    const card = defineModel({ id: 'm', tier: 'strong', quality: { code: 0.99 }, outputTokensPerSecond: 7, capabilities: { tools: true } })
    expect(card.quality).toEqual({ ...qualityByTier.strong, code: 0.99 })
    expect(card.outputTokensPerSecond).toBe(7)
    expect(card.capabilities).toMatchObject({ tools: true, streaming: true, vision: false })
    expect(defineModel({ id: 'm', quality: 0.7 }).quality).toEqual({ default: 0.7 })
  })

  test('take dated prices with tiers and windows', () => {
    const prices = [
      { rates: { input: 1, output: 2 }, tiers: [{ thresholdTokens: 1_000, inclusive: true, rates: { input: 3, output: 4 } }] },
      {
        from: '2026-12-01',
        windows: [{ utc: ['01:00', '04:00'] as const, weekdays: [1], timeZone: 'Asia/Shanghai' }],
        rates: { input: 5, output: 6 },
      },
    ]
    expect(defineModel({ id: 'm', prices }).prices).toEqual(prices)
  })

  test('can be a finished card', () => {
    const card = findModel('claude-opus-5-5')!
    expect(defineModel(card)).toEqual(card)
    expect(createCatalog({ models: [{ ...card, id: 'claude-mine' }] }).find('claude-mine')).toEqual({ ...card, id: 'claude-mine' })
  })

  test('come before known ones of the same id, for any provider unless they name one', () => {
    const catalog = createCatalog({
      models: [
        { id: 'gpt-6-luna', input: 9, output: 9 },
        { id: 'gpt-4o', provider: 'azure', input: 8, output: 8 },
      ],
    })
    expect(catalog.find('gpt-6-luna', { provider: 'openai' })?.prices[0]?.rates.input).toBe(9)
    expect(catalog.find('gpt-4o', { provider: 'azure.chat' })?.prices[0]?.rates.input).toBe(8)
    expect(catalog.find('gpt-4o', { provider: 'openai' })?.prices[0]?.rates.input).toBe(2.5)
    expect(catalog.list().filter(({ id }) => id === 'gpt-6-luna')).toHaveLength(1)
    expect(defaultCatalog.find('gpt-6-luna')?.prices[0]?.rates.input).toBe(0.1)
  })
})

describe('overrides', () => {
  const catalog = createCatalog({ overrides: { 'gpt-4o': { quality: { code: 0.5 }, input: 1, output: 2 } } })

  test('replace facts of a known model, by any of its ids', () => {
    for (const id of ['gpt-4o', 'gpt-4o-2024-08-06']) {
      expect(catalog.find(id)).toMatchObject({
        id: 'gpt-4o',
        quality: { code: 0.5, chat: qualityByTier.mid.chat },
        prices: [{ rates: { input: 1, output: 2 } }],
      })
    }
    expect(catalog.list().find(({ id }) => id === 'gpt-4o')?.quality['code']).toBe(0.5)
  })

  test('reach the models that are like it', () => {
    expect(catalog.find('gpt-4o-2030-01-01')).toMatchObject({ id: 'gpt-4o-2030-01-01', inferred: 'gpt-4o', quality: { code: 0.5 } })
  })

  test('leave every other catalog as it was', () => {
    expect(findModel('gpt-4o')?.quality['code']).toBe(qualityByTier.mid.code)
  })
})

describe('a wrong option is named, with its value and what is allowed', () => {
  test.for<[wrong: unknown, message: RegExp]>([
    [{ id: 'x', inputt: 1 }, /unknown option `inputt` \(allowed: id, like, .*output/],
    [{ id: 'x', input: -1, output: 2 }, /option `input` is -1: .*>=0/],
    [{ id: 'x', input: '1', output: 2 }, /option `input` is "1": .*number/],
    [{ id: 'x', input: Number.NaN, output: 2 }, /option `input` is .*number/],
    [{ id: 'x', input: Number.POSITIVE_INFINITY, output: 2 }, /option `input` is .*number/],
    [{ id: 'x', input: 1 }, /option `output` is undefined: expected USD/],
    [{ id: 'x', cacheRead: 1 }, /option `input` is undefined: expected USD/],
    [{ id: 'x', input: 1, output: 1, prices: [] }, /option `prices` is given beside flat rates/],
    [{ id: '' }, /option `id` is "":/],
    [{ input: 1, output: 1 }, /option `id` is undefined/],
    [{ id: 'x', like: 'gpt-6-lunar' }, /option `like` is "gpt-6-lunar": .*such as "gpt-6-luna"/],
    [{ id: 'x', like: 'zzz' }, /option `like` is "zzz": expected the id of a known model$/],
    [{ id: 'x', capabilities: { tool: true } }, /unknown option `capabilities.tool` \(allowed: tools, /],
    [{ id: 'x', tier: 'huge' }, /option `tier` is "huge": .*frontier/],
    [{ id: 'x', quality: 1.5 }, /option `quality` is 1.5/],
    [
      { id: 'x', prices: [{ rates: { input: 1, output: 1 }, windows: [{ utc: ['25:00', '01:00'] }] }] },
      /windows.0.utc.0` is "25:00": expected a time of day/,
    ],
    [{ id: 'x', prices: [{ rates: { input: 1, output: 1 }, from: 'soon' }] }, /prices.0.from` is "soon"/],
    [undefined, /the options is undefined/],
  ])('%j', ([definition, message]) => {
    expect(messageOf(() => Reflect.apply(defineModel, undefined, [definition]))).toMatch(message)
  })

  test.for<[wrong: unknown, message: RegExp]>([
    [{ model: [] }, /createCatalog: unknown option `model` \(allowed: models, overrides\)/],
    [{ models: [{ id: 'a' }, { id: 'a' }] }, /holds "a" of "custom" twice/],
    [{ models: ['gpt-4o'] }, /option `models.0` is "gpt-4o": expected a model definition/],
    [{ overrides: { 'gpt-6-lunar': {} } }, /names "gpt-6-lunar": expected the id of a known model, such as "gpt-6-luna"/],
    [{ overrides: { 'gpt-6-luna': { qualty: 1 } } }, /unknown option `overrides.gpt-6-luna.qualty` \(allowed: provider, /],
    [{ overrides: { 'gpt-6-luna': { input: 1 } } }, /overrides.gpt-6-luna: option `output` is undefined/],
  ])('createCatalog %j', ([options, message]) => {
    expect(messageOf(() => Reflect.apply(createCatalog, undefined, [options]))).toMatch(message)
  })
})
