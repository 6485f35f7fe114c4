import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createToolOrder, sortsTools } from './canonical.ts'

interface Tool {
  name: string
  description?: string
  parameters?: unknown
  cache_control?: object
}

const order = (alwaysNew = false) =>
  createToolOrder<Tool>({ nameOf: ({ name }) => name, isMarked: tool => tool.cache_control !== undefined, alwaysNew })
const text = (tools: readonly Tool[]) => JSON.stringify(tools)
class Made implements Tool {
  description = 'x'
  name = 'b'
}
const named = (...names: string[]): Tool[] => names.map(name => ({ name }))
const weather = { type: 'object', properties: { city: { type: 'string' }, day: { type: 'string' } }, required: ['city', 'day'] }

describe('the order of tools', () => {
  test('is that of their names, whatever order they come in', () => {
    expect(order()(named('write', 'read', 'find')).map(({ name }) => name)).toEqual(['find', 'read', 'write'])
  })

  test('that is canonical leaves the list as it is, the same object', () => {
    const tools: Tool[] = [{ name: 'a', description: 'A', parameters: weather }, { name: 'b' }]
    expect(order()(tools)).toBe(tools)
    expect(order(true)(tools)).toBe(tools)
  })

  test('leaves a tool that carries a marker where it is, and the others on their side of it', () => {
    const marked = { name: 'm', cache_control: { type: 'ephemeral' } }
    expect(order()([...named('z', 'a'), marked, ...named('c', 'b')]).map(({ name }) => name)).toEqual(['a', 'z', 'm', 'b', 'c'])
  })

  test('keeps tools of one name as they follow one another', () => {
    const tools = [{ name: 'a', description: '2' }, { name: 'a', description: '1' }, { name: 'A' }]
    expect(order()(tools)).toEqual([{ name: 'A' }, { name: 'a', description: '2' }, { name: 'a', description: '1' }])
  })
})

describe('a schema', () => {
  const other = { required: ['day', 'city'], properties: weather.properties, type: 'object' }

  test('has its keywords in one order, and its requirements in that of its properties', () => {
    expect(text(order()([{ parameters: other, name: 'a' }]))).toBe(text([{ name: 'a', parameters: weather }]))
  })

  test('has its properties in the order that was first seen for an equal one', () => {
    const canonical = order()
    const turned = { ...weather, properties: { day: { type: 'string' }, city: { type: 'string' } } }
    expect(text(canonical([{ name: 'a', parameters: turned }]))).toContain('"properties":{"day"')
    expect(text(canonical([{ name: 'a', parameters: weather }]))).toContain('"properties":{"day"')
    expect(text(canonical([{ name: 'other', parameters: weather }]))).toContain('"properties":{"city"')
    expect(text(canonical([{ name: 'a', parameters: weather }], 'another tenant'))).toContain('"properties":{"city"')
  })

  test('keeps values that are the author’s own as they are: defaults, examples, names that are keywords', () => {
    const data = { z: 1, a: { required: 1, description: 2, type: 3 } }
    const parameters = { type: 'object', properties: { type: { type: 'object', default: data, examples: [data] }, description: {} } }
    const [tool] = order()([{ name: 'a', parameters }])
    expect(tool!.parameters).toBe(parameters)
  })

  test('that was changed in place is taken for what it is now', () => {
    const canonical = order()
    const tool: Tool = { parameters: other, name: 'a' }
    canonical([tool])
    tool.description = 'New'
    expect(canonical([tool])[0]).toEqual({ name: 'a', description: 'New', parameters: weather })
  })

  test('of a class, one that holds itself, or one too big stays as it is', () => {
    const endless: { name: string; description: string; parameters?: unknown } = { description: 'x', name: 'a' }
    endless.parameters = endless
    const big = { parameters: Array.from({ length: 10_000 }, () => ({})), name: 'c' }
    const tools = [endless, new Made(), big]
    const result = order()(tools)
    expect(result).toBe(tools)
  })
})

test('nothing is lost, added or changed, nothing given is written to, and the order does not depend on that of the keys', () => {
  const leaf = fc.record(
    { type: fc.constantFrom('string', 'number'), description: fc.string(), enum: fc.array(fc.string()) },
    { requiredKeys: [] },
  )
  const { schema } = fc.letrec<{ schema: object }>(tie => ({
    schema: fc.oneof(
      { depthSize: 'small', maxDepth: 2 },
      leaf,
      fc.record(
        {
          type: fc.constant('object'),
          properties: fc.dictionary(fc.constantFrom('a', 'b', 'type', 'required'), tie('schema'), { noNullPrototype: true, maxKeys: 3 }),
          required: fc.uniqueArray(fc.constantFrom('a', 'b', 'type')),
          anyOf: fc.array(tie('schema'), { maxLength: 2 }),
          default: fc.jsonValue({ maxDepth: 1 }),
          $defs: fc.dictionary(fc.constantFrom('a', 'b'), leaf, { noNullPrototype: true }),
        },
        { requiredKeys: ['type'] },
      ),
    ),
  }))
  const tools = fc.array(fc.record({ name: fc.constantFrom('f', 'g', 'h'), description: fc.string(), parameters: schema }), {
    maxLength: 4,
  })
  fc.assert(
    fc.property(tools, fc.nat(), (given, seed) => {
      const before = text(given)
      const canonical = order(true)
      const first = canonical(given)
      expect(content(first)).toEqual(content(given))
      const turned = shuffled(given, chanceOf(seed)) as Tool[]
      expect(text(canonical(turned).toSorted(byText))).toBe(text(first.toSorted(byText)))
      expect(canonical(first)).toBe(first)
      expect(text(given)).toBe(before)
    }),
    { numRuns: 200 },
  )
})

test('sorting is turned off by itself, or with all the rest', () => {
  const all = { keys: true, breakpoints: true, lifetime: 'auto', sortTools: true, placement: true, stay: true, lint: false }
  expect([sortsTools(all), sortsTools({ ...all, sortTools: false }), sortsTools(false)]).toEqual([true, false, false])
})

const byText = (a: unknown, b: unknown): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)

/** What tools say, whatever order it is said in. */
const content = (tools: readonly Tool[]): unknown => tools.map(tool => sorted(tool)).toSorted(byText)

function sorted(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return key === 'required' ? value.toSorted(byText) : value.map(item => sorted(item))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, item]): [string, unknown] => [name, name === 'default' ? item : sorted(item, name)])
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  )
}

const chanceOf = (seed: number) => () => (seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff)

/** The same with the keys of its objects in another order. */
function shuffled(value: unknown, chance: () => number): unknown {
  if (Array.isArray(value)) return value.map(item => shuffled(item, chance))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, item]): [string, unknown, number] => [
    key,
    key === 'default' ? item : shuffled(item, chance),
    chance(),
  ])
  return Object.fromEntries(entries.toSorted((a, b) => a[2] - b[2]).map(([key, item]) => [key, item]))
}
