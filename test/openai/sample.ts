import { type Schema } from './schema.ts'

/** The smallest value that a definition allows: what is required, and nothing else. */
export function sampleOf(schema: Schema, $defs: Readonly<Record<string, Schema>>): unknown {
  const { $ref, anyOf, allOf, properties = {}, required = [] } = schema
  if ($ref !== undefined) return sampleOf($defs[$ref.slice('#/$defs/'.length)]!, $defs)
  if ('const' in schema) return schema.const
  if (schema.enum !== undefined) return schema.enum[0]
  // The last one: what can be null ends in it, and what refers to itself does so first.
  if (anyOf !== undefined) return sampleOf(anyOf.at(-1)!, $defs)
  if (allOf !== undefined) {
    const parts = 'if' in allOf[0]! ? [(allOf[0] as { then: Schema }).then] : (allOf as Schema[])
    return Object.assign({}, ...parts.map(part => sampleOf(part, $defs)))
  }
  if (schema.type === 'object') return Object.fromEntries(required.map(name => [name, sampleOf(properties[name]!, $defs)]))
  return scalars[schema.type ?? 'null']
}

const scalars: Readonly<Record<string, unknown>> = { string: 'text', number: 1, integer: 1, boolean: true, array: [], null: null }

/** Every member of a body, however deep, as the way to it. */
export function* pathsOf(value: unknown, path: readonly string[] = []): Generator<readonly string[]> {
  if (typeof value !== 'object' || value === null) return
  for (const [name, member] of Object.entries(value)) {
    const deeper = [...path, name]
    if (!Array.isArray(value)) yield deeper
    yield* pathsOf(member, deeper)
  }
}

/** The same without one member. */
export function without(value: unknown, path: readonly string[]): unknown {
  const copy: unknown = structuredClone(value)
  let holder = copy as Record<string, unknown>
  for (const name of path.slice(0, -1)) holder = holder[name] as Record<string, unknown>
  delete holder[path.at(-1)!]
  return copy
}
