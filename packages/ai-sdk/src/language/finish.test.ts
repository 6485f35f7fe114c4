import type { LanguageModelV4, LanguageModelV4StreamPart } from '@ai-sdk/provider'
import type { FinishReason } from '@routewise/core'
import type { FaultEffect } from '@routewise/simulator'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { familyOf } from '../family.ts'
import { finishOf } from './finish.ts'
import { createPartReader, readResult } from './read.ts'
import { simulated, type Simulated } from '../testing/simulated.ts'

let world: Simulated
beforeEach(async () => {
  world = await simulated({ recordings: { match: () => ({ answer: { text: 'Gladly, and at some length.' } }) } })
})
afterEach(() => world.sim.close())

const vendors = ['openai', 'responses', 'anthropic', 'google', 'mistral', 'deepseek', 'xai', 'groq', 'moonshot'] as const
type Vendor = (typeof vendors)[number]
const prompt = [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'Hi' }] }]

async function partsOf(vendor: Vendor): Promise<LanguageModelV4StreamPart[]> {
  const model: LanguageModelV4 = world[vendor]()
  const parts: LanguageModelV4StreamPart[] = []
  for await (const part of (await model.doStream({ prompt })).stream) parts.push(part)
  return parts
}

/** What the readings of a stream, and those of a whole answer, say of the end. */
async function endsOf(vendor: Vendor, effect?: FaultEffect): Promise<(FinishReason | undefined)[]> {
  if (effect !== undefined) world.sim.fault({ effect, times: 2 })
  const model: LanguageModelV4 = world[vendor]()
  const family = familyOf(model)
  const streamed = (await partsOf(vendor)).map(createPartReader(family))
  return [streamed.findLast(({ finish }) => finish !== undefined)?.finish, readResult(await model.doGenerate({ prompt }), family).finish]
}

test.each(vendors)('an answer of %s ends as it ends', async vendor => {
  expect(await endsOf(vendor)).toEqual(['stop', 'stop'])
})

/** Those whose package tells a refusal from an answer; the others refuse in words, and xAI's tells only of whole answers. */
const refusals: Partial<Record<Vendor, FinishReason>> = {
  openai: 'refusal',
  responses: 'refusal',
  anthropic: 'refusal',
  google: 'content-filter',
}
test.each(vendors.filter(vendor => refusals[vendor] !== undefined))('a refusal of %s is known as one', async vendor => {
  expect(await endsOf(vendor, { type: 'refusal' })).toEqual([refusals[vendor], refusals[vendor]])
})

test('a refusal of xAI is known as one where its package lets it through', async () => {
  expect(await endsOf('xai', { type: 'refusal' })).toEqual(['stop', 'refusal'])
})

test.each(vendors)('what the filter of %s stops is known as such', async vendor => {
  const expected = vendor === 'anthropic' ? 'refusal' : 'content-filter'
  expect(await endsOf(vendor, { type: 'content-filter' })).toEqual([expected, expected])
})

describe.each(vendors)('a stream of %s that stops in the middle', vendor => {
  test.each<FaultEffect>([{ type: 'silent-end' }, { type: 'stream-error', at: 'midway', kind: 'overloaded' }])(
    'has no end, whatever its package writes: %j',
    async effect => {
      world.sim.fault({ effect, times: 1 })
      const parts = await partsOf(vendor)
      const read = createPartReader(familyOf(world[vendor]()))
      expect(parts.length).toBeGreaterThan(2)
      expect(parts.filter(({ type }) => type !== 'error').flatMap(part => read(part).finish ?? [])).toEqual(endAnyway(vendor, effect))
    },
  )
})

/** The package for OpenAI's Responses has a word for a failure, which an `error` part has told before. */
const endAnyway = (vendor: Vendor, { type }: FaultEffect): FinishReason[] =>
  vendor === 'responses' && type === 'stream-error' ? ['error'] : []

test('what the packages write after a stream that broke off', async () => {
  const written: Record<string, unknown> = {}
  for (const vendor of vendors) {
    world.sim.fault({ effect: { type: 'silent-end' }, times: 1 })
    const finish = (await partsOf(vendor)).find(part => part.type === 'finish')
    written[vendor] = finish?.finishReason
  }
  const interrupted = { unified: 'interrupted', raw: undefined }
  expect(written).toEqual({
    openai: interrupted,
    responses: interrupted,
    // Nothing, where not even a word of the answer had come.
    anthropic: undefined,
    google: interrupted,
    mistral: interrupted,
    deepseek: { unified: 'other', raw: undefined },
    xai: { unified: 'other', raw: undefined },
    groq: interrupted,
    moonshot: { unified: 'error', raw: undefined },
  })
})

describe('the end of a model of unknown make is an end', () => {
  test.each([
    ['stop', 'stop'],
    ['tool-calls', 'tool-calls'],
    ['error', 'other'],
    ['interrupted', 'other'],
    ['other', 'other'],
  ] as const)('%s: %s', (unified, finish) => {
    expect(finishOf({ unified, raw: undefined }, undefined)).toBe(finish)
  })
})

describe('words that the packages do not know are read', () => {
  test.each([
    ['mistral', 'other', 'content_filter', 'content-filter'],
    ['openai-compatible', 'other', 'eos', 'stop'],
    ['deepseek', 'error', 'insufficient_system_resource', 'error'],
    ['google', 'other', 'LANGUAGE', 'content-filter'],
    ['google', 'other', 'UNEXPECTED_TOOL_CALL', 'error'],
    ['anthropic', 'other', 'compaction', 'other'],
  ] as const)('%s: %s, %s', (family, unified, raw, finish) => {
    expect(finishOf({ unified, raw }, family)).toBe(finish)
  })
})
