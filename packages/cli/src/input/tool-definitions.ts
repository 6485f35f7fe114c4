import * as z from 'zod'
import type { ToolDefinition } from './row.ts'

type JsonSchema = Record<string, unknown>

const definition = z.looseObject({
  name: z.string().min(1),
  description: z.string().optional(),
  parameters: z.record(z.string(), z.unknown()).optional(),
})
const wrapped = z.looseObject({ type: z.literal('function'), function: definition })
/** Tools as OpenAI's `tools`, its older `functions`, or one function alone. */
export const toolList = z.union([z.array(z.union([wrapped, definition])), definition.transform(one => [one])])

/** Providers take these characters only, and at most 64 of them. */
const FORBIDDEN = /[^a-zA-Z0-9_-]/g
const LONGEST_NAME = 64

/** Type names of Python and Java that tool collections use, in JSON Schema's words; `undefined` is any type. */
const TYPES: Readonly<Record<string, string | undefined>> = {
  dict: 'object',
  hashmap: 'object',
  float: 'number',
  double: 'number',
  long: 'integer',
  int: 'integer',
  bool: 'boolean',
  str: 'string',
  char: 'string',
  list: 'array',
  tuple: 'array',
  arraylist: 'array',
  any: undefined,
}

/** Tools with names and schemas that every provider accepts. */
export function toolDefinitions(list: z.output<typeof toolList>): ToolDefinition[] {
  const taken = new Set<string>()
  return list.map(entry => {
    const { name, description = '', parameters } = definition.parse('function' in entry && entry.function ? entry.function : entry)
    return {
      name: unused(name.replaceAll(FORBIDDEN, '_').slice(0, LONGEST_NAME), taken),
      description,
      parameters: { properties: {}, ...schemaOf(parameters ?? {}), type: 'object' },
    }
  })
}

function unused(name: string, taken: Set<string>): string {
  let free = name
  for (let count = 2; taken.has(free); count += 1) free = `${name.slice(0, LONGEST_NAME - 4)}_${count}`
  taken.add(free)
  return free
}

function schemaOf(schema: Readonly<Record<string, unknown>>): JsonSchema {
  const clean: JsonSchema = {}
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'type' && typeof value === 'string') {
      const type = value.toLowerCase() in TYPES ? TYPES[value.toLowerCase()] : value.toLowerCase()
      if (type !== undefined) clean.type = type
    } else if (key === 'properties' && isObject(value)) {
      clean.properties = Object.fromEntries(Object.entries(value).map(([name, part]) => [name, isObject(part) ? schemaOf(part) : part]))
    } else if ((key === 'items' || key === 'additionalProperties') && isObject(value)) {
      clean[key] = schemaOf(value)
    } else if ((key === 'anyOf' || key === 'oneOf' || key === 'allOf') && Array.isArray(value)) {
      clean[key] = value.map(part => (isObject(part) ? schemaOf(part) : part))
    } else if (key !== 'optional' && !(key === 'required' && !Array.isArray(value))) {
      clean[key] = value
    }
  }
  // Gemini refuses an array without items.
  if (clean.type === 'array' && clean.items === undefined) clean.items = { type: 'string' }
  return clean
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
