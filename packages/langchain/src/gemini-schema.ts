import type { BindToolsInput } from '@langchain/core/language_models/chat_models'
import { isOpenAITool } from '@langchain/core/language_models/base'
import { isLangChainTool } from '@langchain/core/utils/function_calling'
import type { CandidateOptions } from './call.ts'
import { bareSchema, type StructuredOutputMethod, type StructuredOutputSpec } from './structured-output.ts'
import { describeTool } from './tools.ts'

type Schema = Readonly<Record<string, unknown>>

/** Keywords that Gemini has as JSON Schema has them. Source: ai.google.dev/api/caching#Schema. */
const shared =
  'title nullable propertyOrdering default minItems maxItems minProperties maxProperties minLength maxLength minimum maximum'.split(' ')
const knownFormats: ReadonlySet<unknown> = new Set(['date-time', 'enum', 'int32', 'int64', 'float', 'double'])
/** What RE2 has no words for: looking around, and referring back. */
const beyondRe2 = /\(\?<?[=!]|\\[1-9]/

/**
 * A JSON Schema as Gemini takes it, and as close as Gemini can say it: what it has no keyword for becomes looser, and is described.
 * Answers are held to the caller's own schema anyway.
 */
export const toGeminiSchema = (schema: Schema): Schema => translate(schema, { root: schema, within: [] })

interface Scope {
  root: Schema
  /** References that led here. */
  within: readonly string[]
}

function translate(given: unknown, scope: Scope): Schema {
  if (!isSchema(given)) return {}
  const { $ref: reference, allOf, ...schema } = given
  if (typeof reference === 'string') {
    // Gemini has no references: what contains itself ends where it would begin again.
    if (scope.within.includes(reference)) return { type: 'object', ...only(schema, ['description']) }
    return translate({ ...resolve(reference, scope.root), ...schema }, { ...scope, within: [...scope.within, reference] })
  }
  if (Array.isArray(allOf)) return [schema, ...(allOf as unknown[])].map(part => translate(part, scope)).reduce(both)
  const choices = schema['anyOf'] ?? schema['oneOf'] ?? typesOf(schema)
  if (Array.isArray(choices) && schema['properties'] === undefined) return oneOf(choices, schema, scope)
  const values = 'const' in schema ? [schema['const']] : schema['enum']
  if (Array.isArray(values)) return oneValueOf(values, schema)
  return plain(schema, scope)
}

/** A list of types as choices of one type each. */
function typesOf(schema: Schema): readonly Schema[] | undefined {
  const { type } = schema
  return Array.isArray(type) ? (type as unknown[]).map(one => (one === 'null' ? { type: one } : { ...schema, type: one })) : undefined
}

function oneOf(choices: readonly unknown[], schema: Schema, scope: Scope): Schema {
  const said = choices.filter(choice => !isNull(choice)).map(choice => translate(choice, scope))
  const around = { ...only(schema, ['title', 'description']), ...(said.length < choices.length && { nullable: true }) }
  if (said.length > 1) return { anyOf: said, ...around }
  return said.length === 1 ? { ...said[0], ...around } : { type: 'null', ...only(schema, ['description']) }
}

/** Gemini's `enum` holds strings, and no empty one. */
function oneValueOf(values: readonly unknown[], schema: Schema): Schema {
  const said = values.filter(value => value !== null)
  const base = { ...only(schema, ['title', 'description', 'default']), ...(said.length < values.length && { nullable: true }) }
  if (said.length === 0) return { ...base, type: 'null' }
  if (said.every(value => typeof value === 'string' && value !== '')) return { ...base, type: 'string', enum: said }
  const [first] = said
  const type = schema['type'] ?? (said.every(value => typeof value === typeof first) ? typeof first : undefined)
  if (said.length === 1 && typeof first === 'number') return { ...base, type, minimum: first, maximum: first }
  const listed = said.map(value => JSON.stringify(value)).join(', ')
  return described({ ...base, ...(type !== undefined && { type }) }, [said.length === 1 ? `always ${listed}` : `one of ${listed}`])
}

function plain(schema: Schema, scope: Scope): Schema {
  const { format, pattern, multipleOf, exclusiveMinimum: over, exclusiveMaximum: under } = schema
  const type = Number.isInteger(multipleOf) ? 'integer' : schema['type']
  const notes: string[] = []
  const said: Record<string, unknown> = { ...(type !== undefined && { type }), ...only(schema, ['description', ...shared]) }
  if (typeof over === 'number') {
    said['minimum'] = Math.max(type === 'integer' ? Math.floor(over) + 1 : over, Number(schema['minimum'] ?? -Infinity))
    if (type !== 'integer') notes.push(`more than ${over}`)
  }
  if (typeof under === 'number') {
    said['maximum'] = Math.min(type === 'integer' ? Math.ceil(under) - 1 : under, Number(schema['maximum'] ?? Infinity))
    if (type !== 'integer') notes.push(`less than ${under}`)
  }
  if (typeof multipleOf === 'number' && multipleOf !== 1) notes.push(`a multiple of ${multipleOf}`)
  if (knownFormats.has(format)) said['format'] = format
  else if (typeof format === 'string') notes.push(`format: ${format}`)
  if (typeof pattern === 'string' && !beyondRe2.test(pattern)) said['pattern'] = pattern
  if (String(type).toLowerCase() === 'array') Object.assign(said, itemsOf(schema, scope, notes))
  if (String(type).toLowerCase() === 'object') Object.assign(said, propertiesOf(schema, scope, notes))
  return described(said, notes)
}

function itemsOf({ prefixItems, items, minItems, maxItems }: Schema, scope: Scope, notes: string[]): Schema {
  // The draft of JSON Schema that zod 3 writes has a tuple's items in `items`.
  const places = [prefixItems, items].find(list => Array.isArray(list)) as readonly unknown[] | undefined
  if (places === undefined) return { items: translate(items, scope) }
  const inOrder = places.map(place => JSON.stringify(translate(place, scope)))
  notes.push(`in this order: ${inOrder.join(', ')}`)
  const rest = isSchema(items) ? [JSON.stringify(translate(items, scope))] : []
  const kinds = [...new Set([...inOrder, ...rest])].map(text => JSON.parse(text) as Schema)
  return {
    items: kinds.length === 1 ? kinds[0] : { anyOf: kinds },
    minItems: minItems ?? places.length,
    ...(rest.length === 0 && { maxItems: maxItems ?? places.length }),
  }
}

function propertiesOf({ properties, required, additionalProperties: others }: Schema, scope: Scope, notes: string[]): Schema {
  const named = isSchema(properties) ? Object.entries(properties) : []
  if (isSchema(others)) notes.push(`any ${named.length > 0 ? 'other ' : ''}keys, each value: ${JSON.stringify(translate(others, scope))}`)
  const demanded = Array.isArray(required) ? required.filter(name => named.some(([known]) => known === name)) : []
  return {
    ...(named.length > 0 && { properties: Object.fromEntries(named.map(([name, value]) => [name, translate(value, scope)])) }),
    ...(demanded.length > 0 && { required: demanded }),
  }
}

/** Tools as Gemini takes them: all functions in one list, beside what Google runs by itself. */
export function geminiTools(tools: readonly BindToolsInput[]): object[] {
  const functions: unknown[] = []
  const others: object[] = []
  for (const tool of tools) {
    const { functionDeclarations: own } = tool as { functionDeclarations?: unknown }
    if (isLangChainTool(tool) || isOpenAITool(tool)) functions.push(declaration(describeTool(tool)))
    else if (Array.isArray(own)) functions.push(...(own as unknown[]))
    else others.push(tool)
  }
  return functions.length === 0 ? others : [...others, { functionDeclarations: functions }]
}

/** Call options by which Gemini gives structured output. */
export function geminiOutput({ name, jsonSchema }: StructuredOutputSpec, method: StructuredOutputMethod | undefined): CandidateOptions {
  const { description } = jsonSchema
  const schema = bareSchema(jsonSchema) as Schema
  if (method !== 'functionCalling') return { responseSchema: toGeminiSchema(schema) }
  const tool = declaration({ name, description: typeof description === 'string' ? description : '', schema })
  return { tools: [{ functionDeclarations: [tool] }], allowedFunctionNames: [name] }
}

/** Gemini refuses parameters without properties. */
function declaration({ name, description, schema }: ReturnType<typeof describeTool>): object {
  const parameters = toGeminiSchema(isSchema(schema) ? schema : {})
  return { name, description: description || 'A function available to call.', ...('properties' in parameters && { parameters }) }
}

function both(one: Schema, other: Schema): Schema {
  const [properties, required] = [
    { ...(one['properties'] as object), ...(other['properties'] as object) },
    [...((one['required'] as unknown[] | undefined) ?? []), ...((other['required'] as unknown[] | undefined) ?? [])],
  ]
  return {
    ...one,
    ...other,
    ...(Object.keys(properties).length > 0 && { properties }),
    ...(required.length > 0 && { required: [...new Set(required)] }),
  }
}

function described(schema: Schema, notes: readonly string[]): Schema {
  if (notes.length === 0) return schema
  const { description } = schema
  const note = `(${notes.join('; ')})`
  return { ...schema, description: typeof description === 'string' ? `${description} ${note}` : note }
}

const only = (schema: Schema, keywords: readonly string[]): Schema =>
  Object.fromEntries(keywords.flatMap(keyword => (schema[keyword] === undefined ? [] : [[keyword, schema[keyword]]])))

const isSchema = (value: unknown): value is Schema => typeof value === 'object' && value !== null && !Array.isArray(value)
const isNull = (value: unknown): boolean => isSchema(value) && (value['type'] === 'null' || value['const'] === null)

/** What a JSON pointer into the schema leads to. */
function resolve(reference: string, root: Schema): Schema {
  const steps = reference.replace(/^#\/?/u, '').split('/').filter(Boolean)
  const found = steps.reduce<unknown>(
    (at, step) => (isSchema(at) ? at[decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~')] : undefined),
    root,
  )
  return isSchema(found) ? found : {}
}
