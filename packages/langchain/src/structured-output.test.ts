import { simulated, type Simulated } from './testing/simulated.ts'
import { BaseCallbackHandler } from '@langchain/core/callbacks/base'
import type { BaseChatModel } from '@langchain/core/language_models/chat_models'
import { toJsonSchema } from '@langchain/core/utils/json_schema'
import type { SerializableSchema } from '@langchain/core/utils/standard_schema'
import { afterAll, beforeAll, describe, expect, expectTypeOf, test } from 'vitest'
import * as z4 from 'zod'
import * as z3 from 'zod/v3'
import { RoutedChatModel } from './index.ts'

let world: Simulated
beforeAll(async () => {
  world = await simulated()
})
afterAll(() => world.sim.close())

const shape = { name: 'Name of the person', age: 'Age in years' }
const zod4 = z4.object({ name: z4.string().describe(shape.name), age: z4.number().describe(shape.age) })
const zod3 = z3.object({ name: z3.string().describe(shape.name), age: z3.number().describe(shape.age) })
const jsonSchema = toJsonSchema(zod4) as Record<string, unknown>
/** A schema of another library, as the Standard Schema specification has it. */
const standard = {
  '~standard': {
    version: 1,
    vendor: 'another',
    validate: (value: unknown) => ({ value: value as { name: string; age: number } }),
    jsonSchema: { input: () => jsonSchema, output: () => jsonSchema },
  },
} as unknown as SerializableSchema<{ name: string; age: number }>

const schemas = { 'zod 4': zod4, 'zod 3': zod3, 'Standard Schema': standard, 'JSON Schema': jsonSchema } as const
const person = { name: expect.any(String) as string, age: expect.any(Number) as number }

describe.each(['openai', 'responses', 'anthropic', 'google', 'mistral', 'deepseek', 'xai', 'groq'] as const)('%s', vendor => {
  const routed = () => new RoutedChatModel({ models: [world[vendor]()] })

  test.each(Object.keys(schemas) as (keyof typeof schemas)[])('gives an object of a schema of %s', async kind => {
    expect(
      await routed()
        .withStructuredOutput(schemas[kind] as typeof zod4)
        .invoke('Who is it?'),
    ).toEqual(person)
  })

  test.each(['functionCalling', 'jsonSchema'] as const)('gives one by method %s, or by the nearest it has', async method => {
    expect(await routed().withStructuredOutput(zod4, { method }).invoke('Who is it?')).toEqual(person)
  })

  test('gives the message beside the object', async () => {
    const { raw, parsed } = await routed().withStructuredOutput(zod4, { includeRaw: true }).invoke('Who is it?')
    expect(parsed).toEqual(person)
    expect(raw.response_metadata['routewise']).toMatchObject({ attempts: [{ end: { type: 'answered' } }] })
  })

  test('streams to the same object', async () => {
    let last: unknown
    for await (const part of await routed().withStructuredOutput(zod4).stream('Who is it?')) last = part
    expect(last).toEqual(person)
  })
})

describe.each([
  ['zod 4', z4.object({ city: z4.string(), days: z4.number().optional(), more: z4.record(z4.string(), z4.unknown()) })],
  ['zod 3', z3.object({ city: z3.string(), days: z3.number().optional(), more: z3.record(z3.unknown()) })],
] as const)('a schema of %s that OpenAI’s strict mode has no words for', (_kind, schema) => {
  test.each(['openai', 'responses', 'anthropic', 'deepseek', 'xai', 'groq'] as const)('is obeyed by %s all the same', async vendor => {
    const model = new RoutedChatModel({ models: [world[vendor]()] }).withStructuredOutput(schema as z4.ZodObject)
    expect(await model.invoke('Where to?')).toMatchObject({ city: expect.any(String) as string, more: expect.any(Object) as object })
  })

  test('is given by a tool call instead', async () => {
    await new RoutedChatModel({ models: [world.openai()] })
      .withStructuredOutput(schema as z4.ZodObject, { name: 'trip' })
      .invoke('Where to?')
    const { body } = world.sim.requests.at(-1)!.http
    expect(body).toMatchObject({ tool_choice: { type: 'function', function: { name: 'trip' } } })
    expect(body).not.toHaveProperty('response_format')
  })
})

test('a model that takes no forced tool gives the object by its JSON schema', async () => {
  const model = new RoutedChatModel({ models: [world.anthropic('claude-opus-5-5')] })
  await model.withStructuredOutput(zod4, { method: 'functionCalling' }).invoke('Who is it?')
  const { body } = world.sim.requests.at(-1)!.http
  expect(body).toMatchObject({ output_config: { format: { type: 'json_schema' } } })
  expect(body).not.toHaveProperty('tool_choice')
})

test('each candidate is asked in its own way, and the object is the same kind of thing', async () => {
  const structured = new RoutedChatModel({
    models: [world.anthropic('claude-haiku-4-5'), world.openai()],
    policy: candidates => candidates,
    hedge: false,
  }).withStructuredOutput(zod4, { name: 'person' })
  expect(await structured.invoke('Who is it?')).toEqual(person)
  expect(world.sim.requests.at(-1)!.http.body).toMatchObject({ tool_choice: { type: 'tool', name: 'person' } })
  const lift = world.sim.outage('anthropic')
  expect(await structured.invoke('Who is it?')).toEqual(person)
  expect(world.sim.requests.at(-1)!.http.body).toMatchObject({ response_format: { type: 'json_schema' } })
  lift()
})

test('an answer that does not fit the schema is an error, or null beside the raw message', async () => {
  const lift = world.sim.fault({ effect: { type: 'malformed', where: 'answer' } })
  const model = new RoutedChatModel({ models: [world.openai('gpt-4.1')] })
  await expect(model.withStructuredOutput(zod4).invoke('Who is it?')).rejects.toThrow(/parse|JSON/)
  expect(await model.withStructuredOutput(zod4, { includeRaw: true }).invoke('Who is it?')).toMatchObject({ parsed: null })
  lift()
})

test('traces are told the method and the schema as LangChain’s own tests want them', async () => {
  const formats: unknown[] = []
  class Tracer extends BaseCallbackHandler {
    name = 'tracer'
    override handleChatModelStart(...given: Parameters<NonNullable<BaseCallbackHandler['handleChatModelStart']>>): void {
      formats.push((given[4] as { options?: { ls_structured_output_format?: unknown } }).options?.ls_structured_output_format)
    }
  }
  const model = new RoutedChatModel({ models: [world.openai()] }).withStructuredOutput(zod4)
  await model.invoke('Who is it?', { callbacks: [new Tracer()] })
  expect(formats).toEqual([{ kwargs: { method: 'functionCalling' }, schema: toJsonSchema(zod4) }])
})

test('`strict` without a schema to be strict about is refused at once', () => {
  const model = new RoutedChatModel({ models: [world.openai()] })
  expect(() => model.withStructuredOutput(zod4, { method: 'jsonMode', strict: true })).toThrow(/strict/)
})

test('the object has the type of its schema, as with any chat model', () => {
  const model = new RoutedChatModel({ models: [world.openai()] })
  expectTypeOf(model.withStructuredOutput(zod4).invoke).returns.resolves.toEqualTypeOf<{ name: string; age: number }>()
  expectTypeOf(model).toExtend<BaseChatModel>()
})
