import { RouterError } from '@routewise/core'
import { describe, expect, test } from 'vitest'
import { describeModel, findModel } from './index.ts'
import { qualityByTier } from './priors.ts'

describe('a model that the catalog knows', () => {
  test('only by its price can do what its class says', () => {
    const known = findModel('mistral-large-latest')!
    const otherwise = { contextTokens: 128_000, capabilities: { tools: true } }
    const card = describeModel('mistral-large-latest', { otherwise })
    expect(card).toMatchObject({ prices: known.prices, contextTokens: 128_000, capabilities: { tools: true, vision: false } })
    expect(describeModel('mistral-large-latest', { otherwise, facts: { capabilities: { tools: false } } }).capabilities.tools).toBe(false)
    expect(describeModel('gpt-6-luna', { otherwise: { capabilities: { vision: false } } }).capabilities.vision).toBe(true)
  })

  test('is described by it', () => {
    expect(describeModel('gpt-6-luna', { provider: 'openai.chat' })).toEqual(findModel('gpt-6-luna'))
  })

  test('takes what the user says over it, field by field', () => {
    const card = describeModel('gpt-6-luna', {
      facts: { input: 7, output: 9, contextTokens: 50, capabilities: { vision: false } },
      quality: { code: 0.9 },
      otherwise: { contextTokens: 1 },
    })
    const known = findModel('gpt-6-luna')!
    expect(card).toEqual({
      ...known,
      prices: [{ rates: { input: 7, output: 9 } }],
      contextTokens: 50,
      capabilities: { ...known.capabilities, vision: false },
      quality: { ...known.quality, code: 0.9 },
    })
  })

  test('takes one quality for all tasks', () => {
    expect(describeModel('gpt-6-luna', { facts: { quality: { code: 0.9 } }, quality: 0.42 }).quality).toEqual({ default: 0.42 })
  })

  test('takes the priors of a tier that the user names', () => {
    expect(describeModel('gpt-6-luna', { facts: { tier: 'frontier' } }).quality).toEqual(qualityByTier.frontier)
  })

  test('keeps the name of a deployment, or the id that a whole card says', () => {
    const card = findModel('claude-opus-5-5')!
    expect(describeModel('our-deployment', { facts: card })).toEqual(card)
    expect(describeModel('gpt-4o-2024-08-06').id).toBe('gpt-4o-2024-08-06')
  })

  test('is left as it is: a description is another card, and cannot be written to', () => {
    const before = structuredClone(findModel('gpt-6-luna'))
    const card = describeModel('gpt-6-luna', { facts: { capabilities: { tools: false } } })
    expect(findModel('gpt-6-luna')).toEqual(before)
    expect(Object.isFrozen(card)).toBe(true)
  })
})

describe('a model that it does not know', () => {
  test('is what its class says of itself, under what the user says', () => {
    const card = describeModel('of-my-own', {
      facts: { input: 1, output: 2, capabilities: { vision: true } },
      otherwise: { provider: 'me', contextTokens: 9_000, capabilities: { tools: true } },
    })
    expect(card).toMatchObject({
      id: 'of-my-own',
      provider: 'me',
      contextTokens: 9_000,
      prices: [{ rates: { input: 1, output: 2 } }],
      capabilities: { tools: true, vision: true, jsonSchema: false, streaming: true },
    })
  })

  test('has no price of which nobody has said one', () => {
    expect(describeModel('of-my-own').prices).toEqual([])
  })
})

test.each(['gpt-6-luna', 'of-my-own'])('a wrong fact about %s is refused by name', name => {
  const describing = () => describeModel(name, { facts: { contextTokens: -1 } })
  expect(describing).toThrow(RouterError)
  expect(describing).toThrow(/`contextTokens` is -1/)
})

test.each([
  ['anthropic.claude-opus-4-5', 'amazon-bedrock', 'aws'],
  ['us.anthropic.claude-sonnet-4-5-20250929-v1:0', 'bedrock', 'aws'],
  ['claude-sonnet-4-5@20250929', 'google-vertex', 'google'],
])('%s at %s has the prompt cache of its maker, with the lifetimes that have a price there', (name, provider, id) => {
  const card = describeModel(name, { provider })
  expect(card).toMatchObject({ provider: id, cache: { kind: 'breakpoints', maxWrites: 4, lookback: 20, scope: 'org' } })
  expect(card.cache.ttls[0]!.id).toBe('5m')
  for (const ttl of card.cache.ttls.slice(1)) expect(card.prices[0]!.rates.cacheWriteByTtl).toHaveProperty(ttl.id)
})
