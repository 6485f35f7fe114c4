import { expect, test } from 'vitest'
import { z } from 'zod'
import { seededRandom } from '../seed.ts'
import type { JsonSchema } from '../types.ts'
import { drawJson } from './json-value.ts'

const draw = (schema: object, seed = 1) => drawJson(schema as JsonSchema, seededRandom(seed))

test('what is drawn is what the schema accepts', () => {
  const address = z.object({ street: z.string().min(40), zip: z.string().max(5) })
  const schema = z.object({
    id: z.uuid(),
    mail: z.email(),
    when: z.iso.datetime(),
    age: z.number().int().min(18).max(20),
    ratio: z.number().gt(0).lt(1),
    step: z.number().multipleOf(0.25),
    kind: z.enum(['a', 'b']),
    fixed: z.literal('x'),
    flags: z.array(z.boolean()).length(3),
    many: z.array(address).min(5),
    pair: z.tuple([z.string(), z.number()]),
    either: z.union([z.object({ left: z.string() }), z.object({ right: z.number() })]),
    maybe: z.string().nullable(),
    extra: z.string().optional(),
    table: z.record(z.string(), z.number()),
  })
  const json = z.toJSONSchema(schema) as object
  for (let seed = 0; seed < 50; seed += 1) {
    const result = schema.safeParse(draw(json, seed))
    expect(result.error?.issues ?? []).toEqual([])
  }
})

test('follows references and ends where a schema contains itself', () => {
  interface Tree {
    name: string
    children: Tree[]
  }
  const tree: z.ZodType<Tree> = z.object({ name: z.string(), children: z.array(z.lazy(() => tree)) })
  expect(tree.safeParse(draw(z.toJSONSchema(tree) as object)).success).toBe(true)
  const shared = {
    type: 'object',
    properties: { home: { $ref: '#/$defs/place' } },
    required: ['home'],
    $defs: { place: { enum: ['here'] } },
  }
  expect(draw(shared)).toEqual({ home: 'here' })
})

test('lists have four items unless the schema says otherwise', () => {
  expect(draw({ type: 'array', items: { type: 'integer' } })).toHaveLength(4)
  expect(draw({ type: 'array', items: { type: 'integer' }, maxItems: 2 })).toHaveLength(2)
})

test('the parts of allOf hold together', () => {
  const schema = {
    allOf: [
      { properties: { a: { const: 1 } }, required: ['a'] },
      { type: 'object', properties: { b: { const: 2 } }, required: ['b'] },
    ],
  }
  expect(draw(schema)).toEqual({ a: 1, b: 2 })
})
