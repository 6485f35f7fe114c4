import type { JsonSchema } from '../types.ts'
import { refuse } from './gemini-rules.ts'
import { isObject } from './json.ts'

/** Fields of the API's `Schema`, a subset of OpenAPI 3.0. Source: ai.google.dev/api/caching#Schema. */
const FIELDS = new Set(
  (
    'type format title description nullable enum maxItems minItems properties required minProperties maxProperties ' +
    'minLength maxLength pattern example anyOf propertyOrdering default items minimum maximum'
  ).split(' '),
)

/** The same as JSON Schema. Throws where `schema` is no `Schema`, naming its place in the request. */
export function fromGeminiSchema(schema: unknown, path: string): JsonSchema {
  if (!isObject(schema)) return refuse(`Invalid value at '${path}' (Schema)`)
  const converted: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(schema)) {
    if (!FIELDS.has(name)) refuse(`Invalid JSON payload received. Unknown name "${name}" at '${path}': Cannot find field.`)
    if (name === 'nullable' || name === 'propertyOrdering' || name === 'example') continue
    converted[name] = convert(name, value, path)
  }
  if (Array.isArray(converted['enum'])) {
    for (const [index, value] of converted['enum'].entries())
      if (value === '') refuse(`* GenerateContentRequest.${path}.enum[${index}]: cannot be empty`)
    // `format: 'enum'` only says that there is an enum.
    delete converted['format']
  }
  if (schema['nullable'] === true && typeof converted['type'] === 'string') converted['type'] = [converted['type'], 'null']
  return converted
}

function convert(name: string, value: unknown, path: string): unknown {
  switch (name) {
    case 'type':
      return String(value).toLowerCase()
    case 'items':
      return fromGeminiSchema(value, `${path}.items`)
    case 'anyOf':
      return Array.isArray(value) ? value.map((inner, index) => fromGeminiSchema(inner, `${path}.any_of[${index}]`)) : []
    case 'properties':
      return isObject(value)
        ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fromGeminiSchema(inner, `${path}.properties[${key}]`)]))
        : {}
    default:
      // 64-bit integers are strings in this API's JSON.
      return /^m(in|ax)(Items|Length|Properties)$/.test(name) ? Number(value) : value
  }
}
