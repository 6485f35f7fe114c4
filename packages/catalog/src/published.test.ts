import { readFileSync } from 'node:fs'
import { calcPrice, waitForUpdate } from '@pydantic/genai-prices'
import { costOf } from '@routewise/core'
import { expect, test } from 'vitest'
import { publishedCard } from './card.ts'
import { publishedExactly, publishedPrices, publishedProvider, publishedProviderIds, publishedRelease } from './published.ts'

const everyProvider = (await waitForUpdate()) ?? []

test('every provider of the price package is known by its id', () => {
  expect([...publishedProviderIds]).toEqual(everyProvider.map(({ id }) => id))
})

test('the release that is named as checked is the one installed', () => {
  const installed: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.resolve('@pydantic/genai-prices')), 'utf8'))
  expect(installed).toMatchObject({ version: publishedRelease.version })
})

test('a provider is found by its exact id only', () => {
  expect(publishedProvider('openai')?.id).toBe('openai')
  expect(publishedProvider('my-openai-proxy')).toBeUndefined()
})

test('an id set equal by name is exact, an id that fits a pattern is not', () => {
  const openai = publishedProvider('openai')!
  expect(publishedExactly(openai, 'gpt-5-2025-08-07')?.id).toBe('gpt-5')
  expect(publishedExactly(openai, 'gpt-5-nano-2030-01-01')).toBeUndefined()
})

test('every price per token is read: our bill is the bill of the package, at any date and size', () => {
  const instants = ['2025-01-01T02:00:00Z', '2026-06-01T12:00:00Z', '2026-09-28T02:00:00Z', '2027-06-01T18:00:00Z'].map(
    text => new Date(text),
  )
  const sizes = [1, 1_000, 128_001, 200_000, 200_001, 271_999, 272_000, 272_001, 900_000]
  const different: string[] = []
  let compared = 0
  for (const provider of everyProvider) {
    for (const model of provider.models) {
      const card = publishedCard(model.id, provider, model, undefined)
      if (card.prices.length === 0) continue
      const alone = { ...provider, models: [{ ...model, match: { equals: model.id } }] }
      for (const timestamp of instants) {
        for (const inputTokens of sizes) {
          const counts = { cacheReadTokens: Math.floor(inputTokens / 4), cacheWriteTokens: Math.floor(inputTokens / 8), outputTokens: 777 }
          const theirs = calcPrice(
            {
              input_tokens: inputTokens,
              cache_read_tokens: counts.cacheReadTokens,
              cache_write_tokens: counts.cacheWriteTokens,
              output_tokens: counts.outputTokens,
            },
            model.id,
            { provider: alone, timestamp },
          )
          const ours = costOf(card, { inputTokens, ...counts, reasoningTokens: 0 }, timestamp.getTime())
          compared += 1
          // A request fee is no price per token; half a nano-dollar is the rounding.
          const fee = typeof theirs?.model_price['requests_kcount'] === 'number'
          if (!fee && (ours === undefined || theirs === null || Math.abs(ours - theirs.total_price * 1e9) > 0.51)) {
            different.push(
              `${provider.id} ${model.id} ${timestamp.toISOString()} ${inputTokens}: ${ours} ${theirs && theirs.total_price * 1e9}`,
            )
          }
        }
      }
    }
  }
  expect(compared).toBeGreaterThan(40_000)
  expect(different).toEqual([])
})

test('a model without a price per token, or with one that cannot be said here, has none', () => {
  const model = { id: 'm', match: { equals: 'm' } }
  expect(publishedPrices({ ...model, prices: {} })).toEqual([])
  expect(publishedPrices({ ...model, prices: { audio_hours: 0.1 } })).toEqual([])
  const odd = {
    constraint: { type: 'time_of_date' as const, start_time: '01:00:30Z', end_time: '02:00:00Z' },
    prices: { input_mtok: 1, output_mtok: 1 },
  }
  expect(publishedPrices({ ...model, prices: [{ prices: { input_mtok: 1, output_mtok: 1 } }, odd] })).toEqual([])
})
