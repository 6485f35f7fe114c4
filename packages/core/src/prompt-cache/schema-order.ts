import { isPlain, type Plain } from './plain-json.ts'

/** The order in which most write them, so that few have to change; what is not among them follows by name. */
const ORDER: readonly string[] = (
  '$schema $id $ref type name title description format enum const properties required additionalProperties items anyOf oneOf allOf ' +
  'function parameters inputSchema input_schema strict $defs definitions'
).split(' ')
const RANKS: ReadonlyMap<string, number> = new Map(ORDER.map((keyword, rank) => [keyword, rank]))

/** Keywords whose value is a schema, or part of a tool that is read like one. */
const SCHEMAS: ReadonlySet<string> = new Set(
  (
    'additionalItems additionalProperties contains contentSchema custom else function if inputSchema input_schema items not parameters ' +
    'parametersJsonSchema propertyNames schema then unevaluatedItems unevaluatedProperties'
  ).split(' '),
)
const LISTS: ReadonlySet<string> = new Set(['allOf', 'anyOf', 'functionDeclarations', 'items', 'oneOf', 'prefixItems'])
/** Names that somebody has chosen, each with a schema: their order says in which a model writes them. */
const NAMED: ReadonlySet<string> = new Set(['$defs', 'definitions', 'dependentSchemas', 'patternProperties', 'properties'])

/** The same schema, or tool, with its keywords in one order and `required` in that of `properties`; the same object where it is so already. */
export function canonicalSchema(schema: Plain): Plain {
  const keys = Object.keys(schema)
  let isChanged = false
  for (let at = 1; at < keys.length; at += 1) if (compareKeywords(keys[at - 1]!, keys[at]!) > 0) isChanged = true
  if (isChanged) keys.sort(compareKeywords)
  const entries = keys.map((key): [string, unknown] => {
    const value = schema[key]
    const canonical = key === 'required' ? inOrderOf(schema['properties'], value) : canonicalValue(key, value)
    if (canonical !== value) isChanged = true
    return [key, canonical]
  })
  return isChanged ? Object.fromEntries(entries) : schema
}

function canonicalValue(keyword: string, value: unknown): unknown {
  if (Array.isArray(value)) return LISTS.has(keyword) ? canonicalList(value) : value
  if (!isPlain(value)) return value
  if (SCHEMAS.has(keyword)) return canonicalSchema(value)
  if (!NAMED.has(keyword)) return value
  const entries = Object.entries(value)
  const canonical = entries.map(([name, schema]): [string, unknown] => [name, isPlain(schema) ? canonicalSchema(schema) : schema])
  return canonical.every(([, schema], at) => schema === entries[at]![1]) ? value : Object.fromEntries(canonical)
}

function canonicalList(schemas: readonly unknown[]): readonly unknown[] {
  const canonical = schemas.map(schema => (isPlain(schema) ? canonicalSchema(schema) : schema))
  return canonical.every((schema, at) => schema === schemas[at]) ? schemas : canonical
}

/** `required` is a set: programs that keep it as one write it in any order. */
function inOrderOf(properties: unknown, required: unknown): unknown {
  if (!Array.isArray(required) || !isPlain(properties)) return required
  const places = new Map(Object.keys(properties).map((name, at) => [name, at]))
  const placeOf = (name: unknown) => (typeof name === 'string' ? places.get(name) : undefined) ?? places.size
  const isInOrder = required.every((name, at) => at === 0 || placeOf(required[at - 1]) <= placeOf(name))
  return isInOrder ? required : required.toSorted((a, b) => placeOf(a) - placeOf(b))
}

function compareKeywords(a: string, b: string): number {
  const first = RANKS.get(a) ?? ORDER.length
  const second = RANKS.get(b) ?? ORDER.length
  if (first !== second) return first - second
  return a < b ? -1 : a > b ? 1 : 0
}

/** Two canonical schemas that say the same, whatever the order of the names somebody has chosen. */
export function equalSchemas(a: unknown, b: unknown, keyword = ''): boolean {
  if (a === b) return true
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false
    if (keyword === 'required') return new Set([...a, ...b]).size === new Set(a).size && new Set(b).size === new Set(a).size
    return a.every((item, at) => equalSchemas(item, b[at], ''))
  }
  if (!isPlain(a) || !isPlain(b)) return false
  const keys = Object.keys(a)
  const others = Object.keys(b)
  if (keys.length !== others.length) return false
  const inAnyOrder = NAMED.has(keyword)
  return keys.every(
    (key, at) => (inAnyOrder || key === others[at]) && Object.hasOwn(b, key) && equalSchemas(a[key], b[key], inAnyOrder ? '' : key),
  )
}
