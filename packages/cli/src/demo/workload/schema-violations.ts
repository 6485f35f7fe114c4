import type { JsonSchema, JsonType } from './types.ts'

/** What in `value` breaks `schema`, as `path: reason`; empty when it satisfies it. */
export function schemaViolations(schema: JsonSchema, value: unknown, path = '$'): string[] {
  const types = [schema.type ?? []].flat()
  if (types.length > 0 && !types.some(type => isOf(type, value))) return [`${path}: not of type ${types.join(' or ')}`]
  if (schema.enum && !schema.enum.some(allowed => allowed === value)) return [`${path}: not one of ${schema.enum.join(', ')}`]
  if (typeof value === 'string' && schema.pattern !== undefined && !new RegExp(schema.pattern).test(value))
    return [`${path}: does not match ${schema.pattern}`]
  if (typeof value === 'number' && (value < (schema.minimum ?? -Infinity) || value > (schema.maximum ?? Infinity)))
    return [`${path}: out of range`]
  if (Array.isArray(value)) return value.flatMap((item, index) => schemaViolations(schema.items ?? {}, item, `${path}[${index}]`))
  if (typeof value === 'object' && value !== null) return objectViolations(schema, new Map(Object.entries(value)), path)
  return []
}

function objectViolations(schema: JsonSchema, value: ReadonlyMap<string, unknown>, path: string): string[] {
  const properties = schema.properties ?? {}
  const missing = (schema.required ?? []).filter(key => !value.has(key)).map(key => `${path}.${key}: missing`)
  const inside = [...value].flatMap(([key, part]) => {
    const known = properties[key]
    if (known) return schemaViolations(known, part, `${path}.${key}`)
    return schema.additionalProperties === false ? [`${path}.${key}: unknown`] : []
  })
  return [...missing, ...inside]
}

function isOf(type: JsonType, value: unknown): boolean {
  if (type === 'integer') return Number.isInteger(value)
  if (type === 'array') return Array.isArray(value)
  if (value === null || Array.isArray(value)) return type === 'null' && value === null
  return typeof value === type
}
