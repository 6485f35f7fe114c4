import { RouterError } from '@routewise/core'
import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { FLAVOURS, flavourOf } from './flavour.ts'
import { openaiEmbeddingTarget, openaiTarget } from './target.ts'

const KEY = 'sk-canary-0123456789'
const good = { baseURL: 'https://api.openai.com/v1', apiKey: KEY, model: 'gpt-6-luna' }

function faultOf(options: object, make: (options: never) => unknown = openaiTarget): string {
  try {
    make(options as never)
  } catch (error) {
    if (RouterError.isInstance(error) && error.code === 'invalid_option') return error.message
    throw error
  }
  return 'no fault'
}

describe('options', () => {
  test('a target needs to know where, who and which', () => {
    const target = openaiTarget(good)
    expect(target).toMatchObject({ id: 'gpt-6-luna', kind: 'language', model: 'gpt-6-luna', terminalEvent: true })
    expect(target.card.provider).toBe('openai')
    expect(faultOf({ apiKey: KEY, model: 'm' })).toContain('`baseURL`')
    expect(faultOf({ ...good, model: '' })).toBe('openaiTarget: option `model` is "": expected the name that the provider takes')
  })

  test.each([
    ['api.openai.com/v1', 'expected a URL, such as https://api.openai.com/v1'],
    ['ftp://api.openai.com', 'expected a URL of https or http'],
    ['https://me:s3cret-word@api.openai.com', 'without a name or password'],
    ['https://api.openai.com/v1?key=s3cret-word', 'without a query or a fragment'],
    ['https://api.openai.com/v1?', 'without a query or a fragment'],
    ['https://api.openai.com/v1#s3cret-word', 'without a query or a fragment'],
  ])('the base URL %s is refused, without a word of what may be secret', (baseURL, words) => {
    const fault = faultOf({ ...good, baseURL })
    expect(fault).toContain('`baseURL`')
    expect(fault).toContain(words)
    expect(fault).not.toContain('s3cret-word')
  })

  test('a wrong key is refused without being repeated, and so is a wrong header', () => {
    for (const fault of [faultOf({ ...good, apiKey: 's3cret word' }), faultOf({ ...good, headers: { 'x-key': 's3cret\nword' } })]) {
      expect(fault).toContain('***')
      expect(fault).not.toContain('s3cret')
    }
    expect(faultOf({ ...good, apiKey: 7 })).toContain('expected a key without spaces, or a function that finds it')
  })

  test('a typo is named, with what is allowed', () => {
    expect(faultOf({ ...good, baseUrl: 'x' })).toContain('unknown option `baseUrl` (allowed: baseURL, apiKey, model,')
    expect(faultOf({ ...good, flavour: 'opena1' })).toContain('`flavour` is "opena1"')
    expect(faultOf({ ...good, quality: 0.9 }, openaiEmbeddingTarget)).toContain('unknown option `quality`')
  })

  test('a key is in nothing that can be printed of a target', () => {
    const target = openaiTarget({ ...good, headers: { 'x-api-key': KEY } })
    expect(inspect(target, { depth: 20, showHidden: true })).not.toContain(KEY)
    expect(JSON.stringify(target)).not.toContain(KEY)
  })

  test('facts of the user come over those of the catalog', () => {
    const target = openaiTarget({ ...good, id: 'mine', account: 'team', tags: ['eu'], quality: 0.5, card: { input: 1, output: 2 } })
    expect(target).toMatchObject({ id: 'mine', account: 'team', tags: ['eu'] })
    expect(target.card.quality.default).toBe(0.5)
    expect(target.card.prices[0]?.rates).toMatchObject({ input: 1, output: 2 })
  })

  test('a model that nobody knows is taken to do everything, at no price', () => {
    const { card } = openaiTarget({ baseURL: 'http://127.0.0.1:8000/v1', model: 'my-own', flavour: 'vllm' })
    expect(card).toMatchObject({ id: 'my-own', provider: 'vllm', prices: [], capabilities: { tools: true, vision: true } })
  })

  test('an embedding model has a space, and a price where one is given or known', () => {
    const own = openaiEmbeddingTarget({ baseURL: 'http://127.0.0.1:1', model: 'my-own', price: 0.5, space: 'words' })
    expect(own).toMatchObject({ kind: 'embedding', space: 'words' })
    expect(own.card.prices[0]?.rates.input).toBe(0.5)
    const known = openaiEmbeddingTarget({ ...good, model: 'text-embedding-3-small' })
    expect(known.space).toBe('text-embedding-3-small')
    expect(known.card.prices[0]?.rates.input).toBe(0.02)
  })
})

describe('flavours', () => {
  test.each([
    ['https://api.openai.com/v1', 'openai'],
    ['https://eu.api.openai.com/v1', 'openai'],
    ['https://mine.openai.azure.com/openai/v1', 'azure'],
    ['https://api.deepseek.com', 'deepseek'],
    ['https://api.mistral.ai/v1', 'mistral'],
    ['https://api.x.ai/v1', 'xai'],
    ['https://api.groq.com/openai/v1', 'groq'],
    ['https://api.together.xyz/v1', 'together'],
    ['https://api.fireworks.ai/inference/v1', 'fireworks'],
    ['https://openrouter.ai/api/v1', 'openrouter'],
    ['http://localhost:11434/v1', 'ollama'],
    ['http://localhost:8000/v1', 'compatible'],
    ['https://api.openai.com.evil.example/v1', 'compatible'],
    ['https://notapi.openai.com/v1', 'compatible'],
  ] as const)('%s speaks as %s', (url, flavour) => {
    expect(flavourOf(new URL(url))).toBe(flavour)
  })

  test('each can be named', () => {
    for (const flavour of FLAVOURS) expect(() => openaiTarget({ ...good, flavour })).not.toThrow()
  })

  test('vendors that say it all as OpenAI does have prices of their own', () => {
    expect(openaiTarget({ baseURL: 'https://api.moonshot.ai/v1', model: 'kimi-k3' }).card.provider).toBe('moonshotai')
  })
})

test('a server with a cache of its own has it, whatever model it serves, unless the user says otherwise', () => {
  const fireworks = { baseURL: 'https://api.fireworks.ai/inference/v1', model: 'accounts/fireworks/models/deepseek-v4-pro' }
  expect(openaiTarget(fireworks).card.cache).toMatchObject({ kind: 'auto-prefix', key: { via: 'header:x-session-affinity' } })
  const cache = {
    kind: 'none' as const,
    minTokens: 0,
    ttls: [],
    readableAfter: 'response-end' as const,
    scope: 'account' as const,
    guaranteed: false,
  }
  expect(openaiTarget({ ...fireworks, card: { cache } }).card.cache.kind).toBe('none')
})
