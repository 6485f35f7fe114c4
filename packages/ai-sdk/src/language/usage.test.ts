import type { LanguageModelV4, LanguageModelV4CallOptions, LanguageModelV4Prompt, SharedV4ProviderOptions } from '@ai-sdk/provider'
import { findModel } from '@routewise/catalog'
import { costOf, systemClock, type Usage } from '@routewise/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { familyOf, modelNameOf, providerOf } from '../family.ts'
import { createPartReader, readResult } from './read.ts'
import { simulated, type Simulated } from '../testing/simulated.ts'
import { usageOf } from './usage.ts'

// No provider changes its prices within hours of this one.
const noon = Date.parse('2026-10-06T12:00:00Z')
let world: Simulated
beforeAll(async () => {
  world = await simulated({ clock: { ...systemClock, wall: () => noon } })
})
afterAll(() => world.sim.close())

const vendors = ['openai', 'responses', 'anthropic', 'google', 'mistral', 'deepseek', 'xai', 'groq', 'moonshot'] as const
type Vendor = (typeof vendors)[number]
const kinds = ['whole', 'streamed'] as const

// Long enough for every vendor's prompt cache, so that a second call reads from it.
const rules = Array.from({ length: 900 }, (_, at) => `Rule ${at}: answer kindly, name the order, keep it short.`).join('\n')

/** What some providers want before they cache. */
const caching: Partial<Record<Vendor, { message?: SharedV4ProviderOptions; call?: SharedV4ProviderOptions }>> = {
  anthropic: { message: { anthropic: { cacheControl: { type: 'ephemeral' } } } },
  mistral: { call: { mistral: { promptCacheKey: 'rules' } } },
}

async function usageRead(vendor: Vendor, kind: (typeof kinds)[number], options: LanguageModelV4CallOptions, model?: string) {
  const called: LanguageModelV4 = world[vendor](model)
  const family = familyOf(called)
  if (kind === 'whole') return readResult(await called.doGenerate(options), family).usage
  const read = createPartReader(family, options)
  const { stream } = await called.doStream(options)
  let usage: Partial<Usage> = {}
  for await (const part of stream) usage = { ...usage, ...read(part).usage }
  return usage
}

/** Without what a bill need not say. Kimi does not tell what was written to its cache, nor what was reasoned: neither changes the price. */
function trueUsage(vendor: Vendor, { serviceTier: _tier, residency: _residency, ...usage }: Partial<Usage> = {}) {
  return vendor === 'moonshot' ? { ...usage, cacheWriteTokens: 0, reasoningTokens: 0 } : usage
}

/** Checks the figures read against the last row of the provider's bill. */
async function expectBilled(vendor: Vendor, usage: Partial<Usage> | undefined, model?: string) {
  await world.sim.settled()
  const billed = world.sim.bill.rows.at(-1)!
  const named = world[vendor](model)
  const card = findModel(modelNameOf(named), { provider: providerOf(named) })!
  expect(billed.end).toBe('answered')
  expect(trueUsage(vendor, usage)).toEqual(trueUsage(vendor, billed.usage))
  expect(costOf(card, usage as Usage, noon)).toBe(billed.costNanoUsd)
  return billed
}

describe.each(vendors)('%s', vendor => {
  const promptOf = (question: string): LanguageModelV4Prompt => [
    { role: 'system', content: rules, ...(caching[vendor]?.message && { providerOptions: caching[vendor].message }) },
    { role: 'user', content: [{ type: 'text', text: question }] },
  ]

  test.each(kinds)('a %s answer is counted and charged as the provider does', async kind => {
    for (const question of ['Where is order 17?', 'And order 18, is it on its way?', 'And order 19?']) {
      const options = { prompt: promptOf(question), ...(caching[vendor]?.call && { providerOptions: caching[vendor].call }) }
      await expectBilled(vendor, await usageRead(vendor, kind, options))
    }
  })
})

test.each(vendors)('the figures above hold tokens read from the prompt cache of %s', vendor => {
  const provider = { responses: 'openai', moonshot: 'moonshotai' }[vendor as string] ?? vendor
  const cached = world.sim.bill.rows.filter(row => row.provider === provider && row.usage.cacheReadTokens > 0)
  expect(cached.length).toBeGreaterThan(0)
})

describe('a dearer or cheaper service tier is charged as such', () => {
  const prompt: LanguageModelV4Prompt = [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }]
  const tiers = [
    ['openai', 'gpt-5-mini', { openai: { serviceTier: 'flex' } }, 'flex'],
    ['openai', 'gpt-5-mini', { openai: { serviceTier: 'priority' } }, 'priority'],
    ['responses', 'gpt-5-mini', { openai: { serviceTier: 'flex' } }, 'flex'],
    ['google', 'gemini-3.8-flash', { google: { serviceTier: 'flex' } }, 'flex'],
  ] as const

  test.each(tiers.flatMap(tier => kinds.map(kind => [kind, ...tier] as const)))(
    '%s, by %s of %s, asked for with %j',
    async (kind, vendor, model, providerOptions, tier) => {
      const usage = await usageRead(vendor, kind, { prompt, providerOptions }, model)
      const billed = await expectBilled(vendor, usage, model)
      expect(billed.usage.serviceTier).toBe(tier)
    },
  )
})

describe('what a package reports', () => {
  const totals = (input: number | undefined, output: number | undefined, raw?: Record<string, never>) => ({
    inputTokens: { total: input, noCache: undefined, cacheRead: 64, cacheWrite: undefined },
    outputTokens: { total: output, text: undefined, reasoning: 3 },
    ...(raw && { raw }),
  })

  test('is taken as the SDK totals it where the provider’s own figures are of no known shape', () => {
    expect(usageOf(totals(90, 5))).toEqual({
      inputTokens: 90,
      cacheReadTokens: 64,
      cacheWriteTokens: 0,
      outputTokens: 5,
      reasoningTokens: 3,
    })
    expect(usageOf(totals(90, 5, {}), { amazon: { serviceTier: 'priority' } })).toMatchObject({ inputTokens: 90, serviceTier: 'priority' })
  })

  test.each([
    ['no totals', undefined, undefined],
    ['one total', 90, undefined],
    ['noughts, as xAI’s package has it of a stream that broke off', 0, 0],
  ])('is nothing where there are %s', (_, input, output) => {
    expect(usageOf(totals(input, output))).toBeUndefined()
  })

  test('keeps the input that a last event of Anthropic’s writes `null` over', () => {
    const raw = { input_tokens: null, output_tokens: 5, service_tier: 'standard' }
    expect(usageOf({ ...totals(90, 5), raw })).toMatchObject({ inputTokens: 90, outputTokens: 5 })
  })

  test('of a chat completion is read from its body, which says more', () => {
    const raw = { prompt_tokens: 90, completion_tokens: 5, prompt_tokens_details: { cached_tokens: 64 } }
    const body = {
      choices: [],
      service_tier: 'flex',
      usage: { ...raw, prompt_tokens_details: { cached_tokens: 64, audio_tokens: 7 } },
    }
    expect(usageOf({ ...totals(90, 5), raw }, undefined, { body })).toMatchObject({ audioInputTokens: 7, serviceTier: 'flex' })
  })
})
