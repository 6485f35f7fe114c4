import { tool } from '@langchain/core/tools'
import { toJsonSchema } from '@langchain/core/utils/json_schema'
import { createAgent, providerStrategy } from 'langchain'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as z from 'zod'
import * as z3 from 'zod/v3'
import { geminiTools, toGeminiSchema } from './gemini-schema.ts'
import { RoutedChatModel } from './index.ts'
import { simulated, type Simulated } from './testing/simulated.ts'

let world: Simulated
beforeAll(async () => {
  world = await simulated({ providers: ['google'] })
})
afterAll(() => world.sim.close())

const refusedAsTheyAre = {
  'a literal': z.object({ kind: z.literal('city'), level: z.literal(3) }),
  'a bound that is left out': z.object({ days: z.int().positive(), share: z.number().positive().lt(1) }),
  'a record': z.object({ byCity: z.record(z.string(), z.number()) }),
  'a discriminated union': z.object({
    at: z.discriminatedUnion('kind', [z.object({ kind: z.literal('now') }), z.object({ kind: z.literal('later'), hours: z.number() })]),
  }),
  'a tuple': z.object({ range: z.tuple([z.number(), z.number()]) }),
  'what may be null': z.object({ city: z.string().nullable(), kind: z.enum(['a', 'b']).nullable() }),
  'a multiple': z.object({ pairs: z.object({ count: z.number().multipleOf(1) }) }),
  'an intersection of zod 3': z3.object({
    city: z3.object({ name: z3.string() }).and(z3.object({ size: z3.number().positive() })),
  }) as never,
  'a field called like a keyword': z.object({ strict: z.boolean(), const: z.string(), oneOf: z.string() }),
} satisfies Record<string, z.ZodObject>
const kinds = Object.keys(refusedAsTheyAre) as (keyof typeof refusedAsTheyAre)[]
const routed = () => new RoutedChatModel({ models: [world.google()] })

describe.each(kinds)('%s', kind => {
  const schema: z.ZodObject = refusedAsTheyAre[kind]
  const isAnswer = (value: unknown) => expect(schema.safeParse(value)).toMatchObject({ success: true })

  test.each(['jsonSchema', 'functionCalling'] as const)('is a schema that Gemini takes, by method %s', async method => {
    isAnswer(await routed().withStructuredOutput(schema, { method }).invoke('Where?'))
    isAnswer(await routed().withStructuredOutput(toJsonSchema(schema), { method }).invoke('Where?'))
  })

  test('is the argument of a tool that Gemini takes, in any notation', async () => {
    const parameters = toJsonSchema(schema)
    const notations = [
      tool(() => '', { name: 'find', description: 'Finds.', schema }),
      { name: 'find', description: 'Finds.', schema },
      { type: 'function', function: { name: 'find', description: 'Finds.', parameters } },
    ]
    for (const notation of notations) {
      const { tool_calls: calls } = await routed()
        .bindTools([notation as never])
        .invoke('Where?')
      isAnswer(calls![0]!.args)
    }
  })

  test('is the answer of an agent', async () => {
    const agent = createAgent({ model: routed(), tools: [], responseFormat: providerStrategy(schema) })
    isAnswer((await agent.invoke({ messages: [{ role: 'user', content: 'Where?' }] })).structuredResponse)
  })
})

describe('in Gemini’s words', () => {
  const property = (schema: z.ZodType) =>
    (toGeminiSchema(toJsonSchema(z.object({ it: schema })))['properties'] as Record<string, unknown>)['it']
  const city = { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] }

  test.each([
    ['a literal is a choice of one', z.literal('city'), { type: 'string', enum: ['city'] }],
    ['a literal number is its own bounds', z.literal(3), { type: 'number', minimum: 3, maximum: 3 }],
    ['other literals are described', z.literal(true), { type: 'boolean', description: '(always true)' }],
    ['choices among numbers are described', z.literal([1, 2]), { type: 'number', description: '(one of 1, 2)' }],
    ['an empty choice is described', z.enum(['', 'a']), { type: 'string', description: '(one of "", "a")' }],
    ['a whole number over a bound starts at the next', z.int().gt(2).lt(9), { type: 'integer', minimum: 3, maximum: 8 }],
    [
      'a number over a bound is described',
      z.number().positive().describe('Price'),
      { type: 'number', minimum: 0, description: 'Price (more than 0)' },
    ],
    ['what may be null is nullable', z.string().nullable(), { type: 'string', nullable: true }],
    ['so is an object', z.object({ name: z.string() }).nullable().describe('City'), { ...city, nullable: true, description: 'City' }],
    [
      'a union stays one',
      z.union([z.string(), z.int().min(0).max(9), z.null()]),
      { anyOf: [{ type: 'string' }, { type: 'integer', minimum: 0, maximum: 9 }], nullable: true },
    ],
    [
      'a record is an object of any keys',
      z.record(z.string(), z.number()),
      { type: 'object', description: '(any keys, each value: {"type":"number"})' },
    ],
    [
      'a tuple is a list of as many',
      z.tuple([z.string(), z.number()]),
      {
        type: 'array',
        items: { anyOf: [{ type: 'string' }, { type: 'number' }] },
        minItems: 2,
        maxItems: 2,
        description: '(in this order: {"type":"string"}, {"type":"number"})',
      },
    ],
    ['a format that it does not know is described', z.uuid(), { type: 'string', description: '(format: uuid)' }],
  ])('%s', (_what, schema, expected) => {
    expect(property(schema)).toMatchObject(expected)
    expect(JSON.stringify(property(schema))).not.toMatch(/"(const|oneOf|exclusive\w+|prefixItems|propertyNames|additionalProperties)":/)
  })

  test('references are followed, and what contains itself ends', () => {
    const node = { type: 'object', properties: { name: { $ref: '#/$defs/name' }, next: { $ref: '#/$defs/node' } }, required: ['name'] }
    const schema = { $ref: '#/$defs/node', $defs: { node, name: { type: 'string', minLength: 1 } } }
    expect(toGeminiSchema(schema)).toEqual({
      type: 'object',
      properties: { name: { type: 'string', minLength: 1 }, next: { type: 'object' } },
      required: ['name'],
    })
  })

  test('only properties that there are are required', () => {
    expect(toGeminiSchema({ type: 'object', properties: { a: true }, required: ['a', 'b'] })).toMatchObject({ required: ['a'] })
  })

  test('a schema of Gemini’s own stays as it is', () => {
    const own = { type: 'OBJECT', properties: { a: { type: 'STRING', nullable: true } }, propertyOrdering: ['a'], required: ['a'] }
    expect(toGeminiSchema(own)).toEqual(own)
  })

  test('tools that Google runs stay as they are, beside one list of functions', () => {
    const search = { googleSearch: {} }
    const own = { functionDeclarations: [{ name: 'own', description: 'Own.' }] }
    const none = { name: 'none', description: 'Takes nothing.', schema: z.object({}) }
    expect(geminiTools([search, own, none] as never)).toEqual([
      search,
      { functionDeclarations: [own.functionDeclarations[0], { name: 'none', description: 'Takes nothing.' }] },
    ])
  })
})
