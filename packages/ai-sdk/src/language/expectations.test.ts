import type { LanguageModelV4CallOptions } from '@ai-sdk/provider'
import { describe, expect, test } from 'vitest'
import { createExpectations } from './expectations.ts'

const expects = createExpectations()
const expected = (options: Partial<LanguageModelV4CallOptions>) =>
  expects({ kind: 'generate', options: { prompt: [], ...options }, trace: { latest: undefined } })

const inputSchema = () => ({
  type: 'object' as const,
  properties: { name: { type: 'string' as const }, age: { type: 'number' as const } },
  required: ['name', 'age'],
})
const person = (name = 'person') => ({ type: 'function', name, inputSchema: inputSchema() }) as const
const right = { name: 'Ada', age: 36 }
const wrong = { name: 'Ada', age: 'thirty-six' }

test('a call that asks for text expects nothing', () => {
  expect(expected({})).toEqual({})
  expect(expected({ responseFormat: { type: 'text' }, tools: [] })).toEqual({})
})

test('JSON without a schema expects no more than that', () => {
  expect(expected({ responseFormat: { type: 'json' } })).toEqual({})
})

test('structured output is checked, with words that a model can act on', () => {
  const { output } = expected({ responseFormat: { type: 'json', schema: inputSchema() } })
  expect(output!(right)).toBe(undefined)
  expect(output!(wrong)).toMatch(/^age: .*number/i)
})

describe('tools', () => {
  test('are checked each by its own schema', () => {
    const { tools } = expected({ tools: [person(), { type: 'function', name: 'any', inputSchema: {} }] })
    expect([...tools!.keys()]).toEqual(['person', 'any'])
    expect(tools!.get('person')!(wrong)).toMatch(/age/)
    expect(tools!.get('any')!(wrong)).toBe(undefined)
    expect(tools!.has('weather')).toBe(false)
  })

  test('of a provider leave open what else was offered; functions are checked as ever', () => {
    const { tools } = expected({ tools: [person(), { type: 'provider', id: 'openai.web_search', name: 'search', args: {} }] })
    for (const name of ['person', 'search', 'some_tool_of_an_mcp_server']) expect(tools!.has(name)).toBe(true)
    expect(tools!.get('person')!(wrong)).toMatch(/age/)
    expect(tools!.get('search')).toBe(undefined)
  })
})

test('a schema is read once, though the SDK makes it anew on every step', () => {
  const checkOf = () => expected({ tools: [person()] }).tools!.get('person')
  expect(checkOf()).toBe(checkOf())
  expect(expected({ responseFormat: { type: 'json', schema: inputSchema() } }).output).toBe(checkOf())
})

test('more schemas than are kept are checked none the less', () => {
  for (let at = 0; at < 300; at += 1) {
    const schema = { type: 'object' as const, properties: { name: { const: at } } }
    expect(expected({ responseFormat: { type: 'json', schema } }).output!({ name: -1 })).toMatch(/name/)
  }
})
