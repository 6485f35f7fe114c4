import * as z from 'zod'
import type { Check } from '../types.ts'
import { describeIssues } from './faults.ts'

/** Keywords taken as they are. */
const PLAIN = new Set(
  `$schema $ref type required minLength maxLength minimum maximum exclusiveMinimum exclusiveMaximum multipleOf
   minItems maxItems uniqueItems minProperties maxProperties`.split(/\s+/),
)
/** Keywords that hold a schema or several, and those that hold schemas by name. */
const HOLD = new Set(['items', 'prefixItems', 'additionalItems', 'additionalProperties', 'anyOf', 'allOf'])
const HOLD_NAMED = new Set(['properties', '$defs', 'definitions'])

/**
 * Checks values by a JSON Schema, for dialects. Rather lenient than wrong: `pattern` and `format` are not looked at (a schema may be a
 * stranger's, and its expressions are not run), nor is what zod cannot read; a schema that makes no sense checks nothing. Never throws.
 * A schema object is read once.
 */
export function jsonSchemaCheck(schema: unknown): Check {
  return value => {
    // Most answers have nothing to check: the schema is read when the first one has.
    const type = readSchema(schema)
    try {
      // Without compiling: a check runs once or twice, and some hosts forbid it.
      const { error } = type.safeParse(value, { jitless: true })
      return error === undefined ? undefined : describeIssues(error.issues)
    } catch {
      return undefined
    }
  }
}

/** Reading takes a millisecond, and calls bring the same schema objects again and again. */
const known = new WeakMap<object, z.ZodType>()

function readSchema(schema: unknown): z.ZodType {
  if (typeof schema !== 'object' || schema === null) return schema === false ? z.never() : z.unknown()
  const type = known.get(schema) ?? toZod(schema)
  known.set(schema, type)
  return type
}

function toZod(schema: object): z.ZodType {
  try {
    // Its own registry: zod's global one would keep every schema with an id for ever.
    const registry = z.registry()
    const defaultTarget = 'definitions' in schema ? 'draft-7' : 'draft-2020-12'
    return z.fromJSONSchema(lenient(schema) as Parameters<typeof z.fromJSONSchema>[0], { defaultTarget, registry })
  } catch {
    return z.unknown()
  }
}

/** The schema without what cannot be checked safely. Each change makes it accept more, never less, so none may stand inside a `not`. */
function lenient(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(lenient)
  if (typeof schema !== 'object' || schema === null) return schema
  const kept: Record<string, unknown> = {}
  for (const [keyword, value] of Object.entries(schema) as [string, unknown][]) {
    if (PLAIN.has(keyword)) kept[keyword] = value
    else if (HOLD.has(keyword)) kept[keyword] = lenient(value)
    else if (HOLD_NAMED.has(keyword) && typeof value === 'object' && value !== null)
      kept[keyword] = Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, lenient(inner)]))
    // zod compares objects by identity.
    else if (keyword === 'enum' && Array.isArray(value) && value.every(isScalar)) kept['enum'] = value
    else if (keyword === 'const' && isScalar(value)) kept['const'] = value
  }
  if ('patternProperties' in schema) delete kept['additionalProperties']
  // Alternatives that were made lenient may overlap, and then exactly one is too few.
  const alternatives = 'oneOf' in schema && Array.isArray(schema.oneOf) ? { anyOf: schema.oneOf.map(lenient) } : undefined
  if (alternatives !== undefined) kept['allOf'] = [...(Array.isArray(kept['allOf']) ? kept['allOf'] : []), alternatives]
  return 'nullable' in schema && schema.nullable === true ? { anyOf: [kept, { type: 'null' }] } : kept
}

const isScalar = (value: unknown): boolean => typeof value !== 'object' || value === null
