import { HumanMessage } from '@langchain/core/messages'
import { tool } from '@langchain/core/tools'
import { toJsonSchema } from '@langchain/core/utils/json_schema'
import { describe, expect, test } from 'vitest'
import * as z4 from 'zod'
import * as z3 from 'zod/v3'
import { createCall, type RoutedChatModelCallOptions } from './call-options.ts'
import { createExpectations } from './expectations.ts'
import { structuredOutputSpec, type OutputSchema } from './structured-output.ts'

const expects = createExpectations()
const expected = (options: RoutedChatModelCallOptions) => expects(createCall('generate', [new HumanMessage('Hi')], options))
const asking = (schema: unknown, config = {}) => expected({ structuredOutput: structuredOutputSpec(schema as OutputSchema, config) })

const zod4 = z4.object({ name: z4.string(), age: z4.number().min(0) })
const zod3 = z3.object({ name: z3.string(), age: z3.number().min(0) })
const jsonSchema = toJsonSchema(zod4)
const right = { name: 'Ada', age: 36 }
const wrong = { name: 'Ada', age: 'thirty-six' }

describe.each([
  ['zod 4', zod4],
  ['zod 3', zod3],
  ['Standard Schema', { '~standard': { ...zod4['~standard'], jsonSchema: { input: () => jsonSchema, output: () => jsonSchema } } }],
  ['JSON Schema', jsonSchema],
  ['a function in OpenAI’s notation', { name: 'person', parameters: jsonSchema }],
])('structured output by %s', (_, schema) => {
  test('is checked, with words that a model can act on', () => {
    const { output } = asking(schema)
    expect(output!(right)).toBe(undefined)
    expect(output!(wrong)).toMatch(/^age: .*number/i)
  })

  test('is checked as well where it comes by a tool call, of whatever name it may have', () => {
    const { tools } = asking(schema, { name: 'extract_person' })
    expect(tools!.get('extract_person')!(right)).toBe(undefined)
    expect(tools!.get('extract_person')!(wrong)).toMatch(/age/)
    expect(tools!.has('weather')).toBe(false)
  })
})

test('a native schema among the call options is checked, as agents pass it', () => {
  const { output, tools } = expected({ response_format: { type: 'json_schema', json_schema: { schema: jsonSchema } } })
  expect(output!(wrong)).toMatch(/age/)
  expect(tools).toBe(undefined)
})

test('a call that asks for text expects nothing', () => {
  expect(expected({})).toEqual({})
})

describe('tools', () => {
  const ofLangChain = tool(() => '', {
    name: 'one',
    description: '',
    schema: z4.object({ at: z4.string().refine(at => at.startsWith('x')) }),
  })
  const ofOpenAI = { type: 'function', function: { name: 'two', parameters: jsonSchema } }
  const ofAnthropic = { name: 'three', input_schema: jsonSchema }
  const ofGemini = { functionDeclarations: [{ name: 'four' }] }

  test('are checked each by its own schema, in every notation', () => {
    const { tools } = expected({ tools: [ofLangChain, ofOpenAI, ofAnthropic, ofGemini] })
    expect([...tools!.keys()]).toEqual(['one', 'two', 'three', 'four'])
    expect(tools!.get('one')!({ at: 'xyz' })).toBe(undefined)
    expect(tools!.get('one')!({ at: 'abc' })).toMatch(/^at: /)
    expect(tools!.get('two')!(wrong)).toMatch(/age/)
    expect(tools!.get('three')!(right)).toBe(undefined)
    expect(tools!.get('four')!({ any: 'thing' })).toBe(undefined)
  })

  test('of a kind that is not known leave open what was offered', () => {
    expect(expected({ tools: [ofLangChain, { type: 'computer_use_preview' }] }).tools).toBe(undefined)
  })

  test('are read once for a list', () => {
    const list = [ofLangChain, ofOpenAI]
    const [first, again] = [expected({ tools: list }), expected({ tools: list })]
    expect(again.tools!.get('two')).toBe(first.tools!.get('two'))
  })
})

test('a check that fails by itself is no fault of the answer', () => {
  const failing = () => {
    throw new Error('broken')
  }
  expect(asking(z4.object({ at: z4.string().refine(failing) })).output!({ at: 'x' })).toBe(undefined)
})
