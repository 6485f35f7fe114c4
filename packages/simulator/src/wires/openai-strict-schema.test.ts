import { describe, expect, test } from 'vitest'
import { strictSchemaProblem } from './openai-strict-schema.ts'

const object = (properties: Record<string, unknown>, more: Record<string, unknown> = {}) => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
  ...more,
})
const text = { type: 'string' }

describe('a strict schema is taken', () => {
  test.each([
    ['with all properties required and none besides', object({ city: text, days: { type: 'integer', minimum: 1 } })],
    ['with what may be null, and choices', object({ city: { type: ['string', 'null'] }, at: { anyOf: [text, object({ hour: text })] } })],
    [
      'that contains itself',
      object({ next: { anyOf: [{ $ref: '#' }, { type: 'null' }] }, of: { $ref: '#/$defs/city' } }, { $defs: { city: text } }),
    ],
  ])('%s', (_what, schema) => {
    expect(strictSchemaProblem(schema)).toBeUndefined()
  })
})

describe('a strict schema is refused', () => {
  test.each([
    ['whose root is no object', { type: 'array', items: text }, `schema must be a JSON Schema of 'type: "object"', got 'type: "array"'.`],
    [
      'with a property that may be missing',
      object({ city: text }, { required: [] }),
      "In context=(), 'required' is required to be supplied and to be an array including every key in properties. Missing 'city'.",
    ],
    [
      'with an open record, deep inside',
      object({ list: { type: 'array', items: { type: 'object', additionalProperties: text } } }),
      "In context=('properties', 'list', 'items'), 'additionalProperties' is required to be supplied and to be false.",
    ],
    [
      'with `oneOf`',
      object({ at: { oneOf: [text, object({ hour: text })] } }),
      "In context=('properties', 'at'), 'oneOf' is not permitted.",
    ],
    ['that leaves a type open', object({ anything: {} }), "In context=('properties', 'anything'), schema must have a 'type' key."],
  ])('%s', (_what, schema, problem) => {
    expect(strictSchemaProblem(schema)).toBe(problem)
  })
})
