import fc from 'fast-check'
import { expect, test } from 'vitest'
import { jsonSchemaCheck } from './json-schema-check.ts'

const person = {
  type: 'object',
  properties: {
    name: { type: 'string' },
    age: { type: ['integer', 'null'], minimum: 0 },
    tags: { type: 'array', items: { enum: ['a', 'b'] } },
  },
  required: ['name'],
  additionalProperties: false,
}

test.each([
  [{ name: 'Ada', age: null, tags: ['a'] }, undefined],
  [{ age: 36 }, 'name: expected string, received undefined'],
  [{ name: 'Ada', age: -1 }, 'age: Too small: expected number to be >=0'],
  [{ name: 'Ada', tags: ['a', 'c'] }, 'tags[1]: Invalid option: expected one of "a"|"b"'],
  [{ name: 'Ada', town: 'London' }, 'Unrecognized key: "town"'],
  ['Ada', 'expected object, received string'],
])('says what is wrong with %j', (value, fault) => expect(jsonSchemaCheck(person)(value)).toBe(fault))

test.each([
  [
    'a default does not make a value optional',
    { type: 'object', properties: { a: { type: 'string', default: 'x' } }, required: ['a'] },
    {},
  ],
  ['references', { $ref: '#/$defs/age', $defs: { age: { type: 'number' } } }, 'old'],
  ['references of older drafts', { $ref: '#/definitions/age', definitions: { age: { type: 'number' } } }, 'old'],
  ['one of several', { oneOf: [{ type: 'string' }, { type: 'number' }] }, true],
  ['a property that is named like a keyword', { type: 'object', properties: { pattern: { type: 'string' } } }, { pattern: 1 }],
])('checks %s', (_, schema, wrong) => expect(jsonSchemaCheck(schema)(wrong)).toBeTypeOf('string'))

test.each([
  ['an expression that would take for ever', { type: 'string', pattern: '^(a+)+$' }, `${'a'.repeat(40)}!`],
  ['a format, which is an annotation', { type: 'string', format: 'email' }, 'ada at example.com'],
  [
    'alternatives that overlap',
    {
      oneOf: [
        { type: 'string', pattern: '^a' },
        { type: 'string', pattern: '^b' },
      ],
    },
    'a',
  ],
  ['objects in an enum', { enum: [{ a: 1 }, 2] }, { a: 1 }],
  ['OpenAPI null', { type: 'object', properties: { a: { type: 'string', nullable: true } } }, { a: null }],
  ['keys by pattern', { type: 'object', patternProperties: { '^x': {} }, additionalProperties: false }, { x1: 1 }],
  ['what zod cannot read', { type: 'string', not: { type: 'number' }, unevaluatedProperties: false, if: {} }, 'a'],
  ['a type nobody knows', { type: 'OBJECT' }, 7],
  ['a reference to elsewhere', { $ref: 'https://example.com/schema' }, 7],
])('does not reject for %s', (_, schema, right) => expect(jsonSchemaCheck(schema)(right)).toBeUndefined())

test('no schema makes it throw', () => {
  const circular: Record<string, unknown> = { type: 'object' }
  circular['properties'] = { self: circular }
  expect(jsonSchemaCheck(circular)({ self: {} })).toBeUndefined()
  const keyword = fc.constantFrom(
    ...'type properties items required enum const anyOf oneOf allOf $ref $defs not pattern minimum'.split(' '),
  )
  const anything = fc.letrec(tie => ({
    schema: fc.oneof(
      { maxDepth: 4 },
      fc.anything(),
      fc.dictionary(keyword, fc.oneof(tie('schema'), fc.array(tie('schema'), { maxLength: 2 })), { maxKeys: 3 }),
    ),
  })).schema
  fc.assert(fc.property(anything, fc.jsonValue(), (schema, value) => void jsonSchemaCheck(schema)(value)))
})

test('no value makes it throw, however deep', () => {
  const list = { type: 'array', items: { $ref: '#' } }
  expect(() => jsonSchemaCheck(list)(JSON.parse('['.repeat(20_000) + ']'.repeat(20_000)))).not.toThrow()
})
