import type { Random } from '@routewise/core'
import type { JsonSchema } from '../types.ts'
import { isObject } from '../wires/json.ts'
import { drawWord } from './words.ts'

const USUAL_ITEMS = 4
// Deeper than this, what may be left out is left out: schemas may contain themselves.
const FULL_DEPTH = 5

type SchemaObject = Readonly<Record<string, unknown>>

const objectOf = (value: unknown): SchemaObject => (isObject(value) ? value : {})
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** A JSON value that a schema accepts. */
export function drawJson(schema: JsonSchema, random: Random): unknown {
  return draw(schema, { root: typeof schema === 'boolean' ? {} : schema, random, depth: 0 })
}

interface Drawing {
  root: SchemaObject
  random: Random
  depth: number
}

function draw(given: unknown, drawing: Drawing): unknown {
  if (!isObject(given)) return drawWord(drawing.random)
  const schema = resolved(given, drawing.root)
  if ('const' in schema) return schema.const
  if (Array.isArray(schema.enum)) return schema.enum[Math.floor(drawing.random() * schema.enum.length)]
  const choices = schema.anyOf ?? schema.oneOf
  if (Array.isArray(choices)) return draw({ ...schema, anyOf: undefined, oneOf: undefined, ...preferred(choices, drawing) }, drawing)
  switch (typeOf(schema)) {
    case 'object':
      return drawObject(schema, drawing)
    case 'array':
      return drawArray(schema, drawing)
    case 'integer':
      return drawNumber(schema, drawing.random, true)
    case 'number':
      return drawNumber(schema, drawing.random, false)
    case 'boolean':
      return drawing.random() < 0.5
    case 'null':
      return null
    default:
      return drawString(schema, drawing.random)
  }
}

/** Follows `$ref`, and lays the parts of `allOf` over one another. */
function resolved(schema: SchemaObject, root: SchemaObject): SchemaObject {
  let { $ref, allOf, ...rest } = schema
  if (typeof $ref === 'string') return resolved({ ...objectOf(at(root, $ref)), ...rest }, root)
  if (!Array.isArray(allOf)) return schema
  for (const part of allOf) {
    const piece = resolved(objectOf(part), root)
    rest = { ...rest, ...piece, properties: { ...objectOf(rest['properties']), ...objectOf(piece['properties']) } }
  }
  return rest
}

const at = (root: SchemaObject, pointer: string): unknown =>
  pointer
    .replace(/^#\/?/u, '')
    .split('/')
    .filter(Boolean)
    .reduce<unknown>((value, key) => objectOf(value)[key.replaceAll('~1', '/').replaceAll('~0', '~')], root) ?? {}

/** The first choice that says something; deep inside, one that ends the recursion. */
function preferred(choices: readonly unknown[], { root, depth }: Drawing): SchemaObject {
  const schemas = choices.map(choice => resolved(objectOf(choice), root))
  const isNull = (schema: SchemaObject) => schema.type === 'null'
  const leaf = (schema: SchemaObject) => !['object', 'array'].includes(typeOf(schema) ?? '')
  return (depth >= FULL_DEPTH ? schemas.find(leaf) : schemas.find(schema => !isNull(schema))) ?? schemas[0] ?? {}
}

function typeOf(schema: SchemaObject): string | undefined {
  const { type } = schema
  if (typeof type === 'string') return type.toLowerCase()
  if (Array.isArray(type)) return String(type.find(name => name !== 'null') ?? 'null')
  if ('properties' in schema) return 'object'
  return 'items' in schema || 'prefixItems' in schema ? 'array' : undefined
}

function drawObject(schema: SchemaObject, drawing: Drawing): Record<string, unknown> {
  const required = new Set(listOf(schema['required']).map(String))
  const deeper = { ...drawing, depth: drawing.depth + 1 }
  const entries = Object.entries(objectOf(schema['properties'])).filter(([name]) => required.has(name) || drawing.depth < FULL_DEPTH)
  const drawn = entries.map(([name, property]): [string, unknown] => [name, draw(property, deeper)])
  for (const name of required) if (!drawn.some(([known]) => known === name)) drawn.push([name, drawWord(drawing.random)])
  if (drawn.length === 0 && typeof schema.additionalProperties === 'object')
    drawn.push([drawWord(drawing.random), draw(schema.additionalProperties, deeper)])
  return Object.fromEntries(drawn)
}

function drawArray(schema: SchemaObject, drawing: Drawing): unknown[] {
  const deeper = { ...drawing, depth: drawing.depth + 1 }
  const fixed = listOf(schema['prefixItems']).map(item => draw(item, deeper))
  const least = Number(schema.minItems ?? 0)
  const most = Number(schema.maxItems ?? Infinity)
  const usual = drawing.depth >= FULL_DEPTH || schema.items === false ? fixed.length : USUAL_ITEMS
  const length = Math.min(most, Math.max(least, usual))
  const items = [...fixed]
  while (items.length < length) items.push(draw(schema.items ?? {}, deeper))
  return schema.uniqueItems === true ? [...new Map(items.map(item => [JSON.stringify(item), item])).values()] : items
}

function drawNumber(schema: SchemaObject, random: Random, whole: boolean): number {
  const step = Number(schema.multipleOf ?? (whole ? 1 : 0.01))
  const above = typeof schema.exclusiveMinimum === 'number' ? schema.exclusiveMinimum + step : -Infinity
  const below = typeof schema.exclusiveMaximum === 'number' ? schema.exclusiveMaximum - step : Infinity
  const asked = [Math.max(Number(schema.minimum ?? -Infinity), above), Math.min(Number(schema.maximum ?? Infinity), below)] as const
  const least = Number.isFinite(asked[0]) ? asked[0] : Math.min(1, asked[1])
  const most = Math.min(asked[1], least + 100)
  const first = Math.ceil(least / step)
  const steps = Math.max(0, Math.floor(most / step) - first)
  // Rounded to what the step can be, not to what binary fractions make of it.
  return Number(((first + Math.floor(random() * (steps + 1))) * step).toPrecision(12))
}

const FORMATS: Readonly<Record<string, (random: Random) => string>> = {
  'date-time': random => `2026-0${1 + Math.floor(random() * 9)}-15T09:30:00Z`,
  date: random => `2026-0${1 + Math.floor(random() * 9)}-15`,
  time: () => '09:30:00Z',
  email: random => `${drawWord(random)}@example.com`,
  uri: random => `https://example.com/${drawWord(random)}`,
  url: random => `https://example.com/${drawWord(random)}`,
  uuid: random =>
    `00000000-0000-4000-8000-${Math.floor(random() * 1e12)
      .toString()
      .padStart(12, '0')}`,
  ipv4: random => `192.0.2.${Math.floor(random() * 255)}`,
}

function drawString(schema: SchemaObject, random: Random): string {
  const format = FORMATS[String(schema.format)]
  if (format !== undefined) return format(random)
  let text = `${drawWord(random)} ${drawWord(random)}`
  while (text.length < Number(schema.minLength ?? 0)) text += ` ${drawWord(random)}`
  return text.slice(0, Number(schema.maxLength ?? Infinity))
}
