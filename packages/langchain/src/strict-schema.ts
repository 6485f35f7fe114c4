type Schema = Readonly<Record<string, unknown>>

const notPermitted = ['oneOf', 'allOf', 'not', 'if', 'patternProperties', 'propertyNames', 'prefixItems', 'default'] as const
const saysWhatItIs = ['type', 'enum', 'const', 'anyOf', '$ref'] as const

/**
 * Whether OpenAI's strict mode takes a JSON Schema: all properties required and none besides, no open types.
 * Source: platform.openai.com/docs/guides/structured-outputs, "Supported schemas".
 */
export function canBeStrict(schema: Schema): boolean {
  return schema['type'] === 'object' && isStrict(schema)
}

function isStrict(schema: unknown): boolean {
  if (!isSchema(schema)) return false
  if (notPermitted.some(keyword => keyword in schema) || !saysWhatItIs.some(keyword => keyword in schema)) return false
  const { type, items, anyOf, required, additionalProperties } = schema
  const properties = valuesOf(schema['properties'])
  if (type === 'object') {
    if (additionalProperties !== false) return false
    const names = new Set(Array.isArray(required) ? (required as readonly unknown[]) : [])
    if (properties.some(([name]) => !names.has(name))) return false
  }
  const inner = [...properties, ...valuesOf(schema['$defs']), ...valuesOf(schema['definitions'])].map(([, value]) => value)
  if (items !== undefined) inner.push(items)
  if (Array.isArray(anyOf)) inner.push(...(anyOf as readonly unknown[]))
  return inner.every(isStrict)
}

const isSchema = (value: unknown): value is Schema => typeof value === 'object' && value !== null && !Array.isArray(value)

const valuesOf = (value: unknown): (readonly [name: string, value: unknown])[] => (isSchema(value) ? Object.entries(value) : [])
