import { toJsonSchema } from '@langchain/core/utils/json_schema'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { canBeStrict } from './strict-schema.ts'

test.each([
  ['required properties', z.object({ city: z.string(), days: z.int().min(1), tags: z.array(z.enum(['a', 'b'])) })],
  ['what may be null, and choices', z.object({ city: z.string().nullable(), at: z.union([z.string(), z.object({ hour: z.number() })]) })],
])('strict mode has words for %s', (_what, schema) => {
  expect(canBeStrict(toJsonSchema(schema))).toBe(true)
})

test.each([
  ['a property that may be missing', z.object({ city: z.string().optional() })],
  ['one deep inside', z.object({ list: z.array(z.object({ city: z.string().optional() })) })],
  ['an open record', z.object({ more: z.record(z.string(), z.string()) })],
  ['anything', z.object({ more: z.unknown() })],
  ['a tuple', z.object({ pair: z.tuple([z.string(), z.number()]) })],
  ['a discriminated union', z.object({ at: z.discriminatedUnion('kind', [z.object({ kind: z.literal('now') })]) })],
  ['a default', z.object({ city: z.string().default('Oslo') })],
  ['a list at the top', z.array(z.string())],
])('strict mode has no words for %s', (_what, schema) => {
  expect(canBeStrict(toJsonSchema(schema))).toBe(false)
})

test('strict mode has words for a schema that contains itself', () => {
  const next = { anyOf: [{ $ref: '#' }, { type: 'null' }] }
  expect(canBeStrict({ type: 'object', properties: { next }, required: ['next'], additionalProperties: false })).toBe(true)
})

test('strict mode has no words for fields besides those named', () => {
  expect(canBeStrict({ type: 'object', properties: {}, additionalProperties: true })).toBe(false)
})
