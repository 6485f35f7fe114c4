import type { JsonObject } from './json.ts'
import { isObject, textIn } from './json.ts'
import { refuseRequest } from './openai-rules.ts'

const notPermitted = ['oneOf', 'allOf', 'not', 'if', 'patternProperties', 'propertyNames', 'prefixItems', 'default'] as const
const saysWhatItIs = ['type', 'enum', 'const', 'anyOf', '$ref'] as const

/** How one of OpenAI's two APIs names what it refuses. */
interface Naming {
  format: string
  formatCode?: string
  parameters(at: number): string
}

const ofChat: Naming = { format: 'response_format', parameters: at => `tools[${at}].function.parameters` }
const ofResponses: Naming = {
  format: 'text.format.schema',
  formatCode: 'invalid_json_schema',
  parameters: at => `tools[${at}].parameters`,
}

/** Refuses schemas that ask to be strict and cannot be: of the answer's format, and of functions. */
export function checkStrictSchemas(api: 'chat' | 'responses', format: unknown, functions: readonly JsonObject[]): void {
  const naming = api === 'chat' ? ofChat : ofResponses
  const wrong = isObject(format) && format['strict'] === true ? strictSchemaProblem(format['schema']) : undefined
  if (isObject(format) && wrong !== undefined) {
    refuseRequest(`Invalid schema for response_format '${textIn(format['name'])}': ${wrong}`, naming.format, naming.formatCode)
  }
  for (const [at, { strict, name, parameters }] of functions.entries()) {
    const problem = strict === true ? strictSchemaProblem(parameters) : undefined
    if (problem === undefined) continue
    refuseRequest(`Invalid schema for function '${textIn(name)}': ${problem}`, naming.parameters(at), 'invalid_function_parameters')
  }
}

/**
 * Why OpenAI refuses a schema with `strict: true`, in its words; `undefined`: it does not.
 * Source: platform.openai.com/docs/guides/structured-outputs, "Supported schemas".
 */
export function strictSchemaProblem(schema: unknown): string | undefined {
  if (!isObject(schema) || schema['type'] !== 'object') {
    const type = isObject(schema) ? JSON.stringify(schema['type'] ?? 'None') : 'None'
    return `schema must be a JSON Schema of 'type: "object"', got 'type: ${type}'.`
  }
  return problemIn(schema, [])
}

function problemIn(schema: unknown, path: readonly string[]): string | undefined {
  if (!isObject(schema)) return undefined
  const problem = ownProblem(schema)
  if (problem !== undefined) return `In context=(${path.map(step => `'${step}'`).join(', ')}), ${problem}`
  for (const [step, inner] of schemasIn(schema)) {
    const found = problemIn(inner, [...path, ...step])
    if (found !== undefined) return found
  }
  return undefined
}

function ownProblem(schema: JsonObject): string | undefined {
  const foreign = notPermitted.find(keyword => keyword in schema)
  if (foreign !== undefined) return `'${foreign}' is not permitted.`
  if (!saysWhatItIs.some(keyword => keyword in schema)) return "schema must have a 'type' key."
  if (schema['type'] !== 'object') return undefined
  if (schema['additionalProperties'] !== false) return "'additionalProperties' is required to be supplied and to be false."
  const required: readonly unknown[] = Array.isArray(schema['required']) ? schema['required'] : []
  const missing = Object.keys(isObject(schema['properties']) ? schema['properties'] : {}).find(name => !required.includes(name))
  if (missing === undefined) return undefined
  return `'required' is required to be supplied and to be an array including every key in properties. Missing '${missing}'.`
}

function* schemasIn(schema: JsonObject): Generator<[step: string[], schema: unknown]> {
  for (const keyword of ['properties', '$defs', 'definitions']) {
    const named = schema[keyword]
    if (isObject(named)) for (const [name, inner] of Object.entries(named)) yield [[keyword, name], inner]
  }
  const { anyOf, items } = schema
  if (Array.isArray(anyOf)) for (const [at, inner] of anyOf.entries()) yield [['anyOf', String(at)], inner]
  if (items !== undefined) yield [['items'], items]
}
