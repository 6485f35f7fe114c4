import { expect, test } from 'vitest'
import { scoreAnswer } from './score.ts'
import type { Answer } from './types.ts'

const said = (text: string): Answer => ({ text, toolCalls: [] })

test('gives the share of terms that are found, in any of their wordings', () => {
  const check = { type: 'contains-all', terms: ['voucher', ['10 March', 'March 10']] } as const
  expect(scoreAnswer(check, said('A Voucher, valid until **March 10**.'))).toBe(1)
  expect(scoreAnswer(check, said('A voucher.'))).toBe(0.5)
})

test('does not mind no-break spaces, typographic quotes, line breaks and emphasis', () => {
  const check = { type: 'contains-all', terms: ["don't wait", '39,90 €'] } as const
  expect(scoreAnswer(check, said('We don’t\nwait: **39,90\u202F€**'))).toBe(1)
})

test('lets one forbidden term spoil the answer', () => {
  const check = { type: 'not-contains', terms: ['card number'] } as const
  expect(scoreAnswer(check, said('Please send your card\u00A0number.'))).toBe(0)
  expect(scoreAnswer(check, said('No card needed.'))).toBe(1)
})

test('reads numbers with thousands separators and decimals', () => {
  const check = { type: 'number', value: 1311, tolerance: 0.005 } as const
  expect(scoreAnswer(check, said('€1,311.00 in total'))).toBe(1)
  expect(scoreAnswer(check, said('€1,311.01 in total'))).toBe(0)
  expect(scoreAnswer(check, said('€13,110'))).toBe(0)
})

test('accepts a label in a sentence, but not a choice of two', () => {
  const check = { type: 'label', value: 'billing', labels: ['billing', 'safety'] } as const
  expect(scoreAnswer(check, said('Label: `billing`.'))).toBe(1)
  expect(scoreAnswer(check, said('billing or safety'))).toBe(0)
  expect(scoreAnswer(check, said('billing_question'))).toBe(0)
})

test('gives the share of JSON fields that are right, missing and invented ones counted', () => {
  const check = { type: 'json-equals', value: { id: 'NL-1', lines: [{ cents: 5 }], note: null } } as const
  expect(scoreAnswer(check, said('```json\n{"note":null,"lines":[{"cents":5}],"id":" NL-1"}\n```'))).toBe(1)
  expect(scoreAnswer(check, said('{"id":"NL-1","lines":[{"cents":"5"}],"note":null}'))).toBeCloseTo(2 / 3)
  expect(scoreAnswer(check, said('{"id":"NL-1","lines":[{"cents":5}],"note":null,"extra":1}'))).toBeCloseTo(3 / 4)
  expect(scoreAnswer(check, said('{"id":'))).toBe(0)
  expect(scoreAnswer(check, said('sorry'))).toBe(0)
})

test('tells an empty list from an empty object and from nothing', () => {
  const check = { type: 'json-equals', value: { ids: [] } } as const
  expect(scoreAnswer(check, said('{"ids":[]}'))).toBe(1)
  expect(scoreAnswer(check, said('{"ids":{}}'))).toBe(0)
  expect(scoreAnswer(check, said('{"ids":null}'))).toBe(0)
})

test('wants every tool call with exactly its arguments, in any order, and no other', () => {
  const first = { name: 'look_up_order', arguments: { order_id: 'NL-1', postal_code: '9000' } }
  const second = { name: 'open_trace', arguments: { order_id: 'NL-1' } }
  const check = { type: 'tool-calls', calls: [first, second] } as const
  const reordered = { name: 'look_up_order', arguments: { postal_code: '9000', order_id: 'NL-1' } }
  expect(scoreAnswer(check, { text: '', toolCalls: [second, reordered] })).toBe(1)
  expect(scoreAnswer(check, { text: '', toolCalls: [first] })).toBe(0.5)
  expect(scoreAnswer(check, { text: '', toolCalls: [first, first] })).toBe(0.5)
  expect(scoreAnswer(check, { text: '', toolCalls: [first, second, first] })).toBeCloseTo(2 / 3)
  expect(scoreAnswer(check, said('I look up NL-1.'))).toBe(0)
})

test('counts words and takes the worst of several checks', () => {
  const check = {
    type: 'all',
    checks: [
      { type: 'words', min: 2, max: 3 },
      { type: 'matches-all', patterns: ['a', '\\bB\\b'] },
    ],
  } as const
  expect(scoreAnswer(check, said('a b'))).toBe(1)
  expect(scoreAnswer(check, said('a c'))).toBe(0.5)
  expect(scoreAnswer(check, said('a b a b'))).toBe(0)
})
