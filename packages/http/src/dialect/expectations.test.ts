import type { Json } from '@routewise/core'
import { describe, expect, test } from 'vitest'
import { newTrace, type WireApi } from '../call.ts'
import { createExpectations } from './expectations.ts'

const expects = createExpectations()
const expected = (body: Json, api: WireApi = 'input' in body ? 'responses' : 'chat') =>
  expects({ api, body, stream: false, trace: newTrace(0) })

const schema = () => ({ type: 'object', properties: { name: { type: 'string' }, age: { type: 'number' } }, required: ['name', 'age'] })
const right = { name: 'Ada', age: 36 }
const wrong = { name: 'Ada', age: 'thirty-six' }
const inChat = { response_format: { type: 'json_schema', json_schema: { name: 'person', schema: schema() } } }
const inResponses = { input: 'Hi', text: { format: { type: 'json_schema', name: 'person', schema: schema() } } }

test('a call that asks for text, or for any JSON, expects nothing', () => {
  expect(expected({ messages: [], tools: [], response_format: { type: 'text' } })).toEqual({})
  expect(expected({ messages: [], response_format: { type: 'json_object' } })).toEqual({})
  expect(expected({ input: 'Hi', text: { format: { type: 'text' } } })).toEqual({})
})

test.each([inChat, inResponses])('structured output is checked, with words that a model can act on: %j', body => {
  const { output } = expected(body)
  expect(output!(right)).toBe(undefined)
  expect(output!(wrong)).toMatch(/^age: .*number/i)
})

describe.each([
  ['chat', { type: 'function', function: { name: 'person', parameters: schema() } }, { type: 'function', function: { name: 'any' } }],
  ['responses', { type: 'function', name: 'person', parameters: schema() }, { type: 'custom', name: 'any' }],
] as const)('tools in %s', (api, person, any) => {
  test('are checked each by its own schema', () => {
    const { tools } = expected({ tools: [person, any] }, api)
    expect([...tools!.keys()]).toEqual(['person', 'any'])
    expect(tools!.get('person')!(wrong)).toMatch(/age/)
    expect(tools!.get('any')!(wrong)).toBe(undefined)
    expect(tools!.has('weather')).toBe(false)
  })

  test('of a provider leave open what else was offered', () => {
    const { tools } = expected({ tools: [person, { type: 'web_search' }] }, api)
    for (const name of ['person', 'search']) expect(tools!.has(name)).toBe(true)
    expect(tools!.get('person')!(wrong)).toMatch(/age/)
  })
})

test('a schema is read once, though every request brings its own', () => {
  expect(expected(structuredClone(inChat)).output).toBe(expected(inResponses).output)
})

test('more schemas than are kept are checked none the less', () => {
  for (let at = 0; at < 300; at += 1) {
    const body = {
      response_format: { type: 'json_schema', json_schema: { schema: { type: 'object', properties: { name: { const: at } } } } },
    }
    expect(expected(body, 'chat').output!({ name: -1 })).toMatch(/name/)
  }
})
