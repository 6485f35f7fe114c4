import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { editMembers } from './edit-members.ts'
import { readJson } from './read-json.ts'
import { JsonError, scanJson } from './scan.ts'

/** JSON as somebody may write it: with spaces anywhere, with escapes that are not needed, with a key more than once. */
const space = fc.constantFrom('', ' ', '\n', '\t ', '\r\n')
const quoted = fc.string({ unit: 'binary', maxLength: 12 }).chain(text =>
  fc.array(fc.boolean(), { minLength: text.length, maxLength: text.length }).map(escapes => {
    const units = text.split('').map((unit, at) => {
      const plain = JSON.stringify(unit).slice(1, -1)
      return escapes[at] === true ? `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}` : plain
    })
    return `"${units.join('')}"`
  }),
)
// A key of a backslash is left out: once V8 13 has seen one, JSON.parse takes "\\u0000" in its place for it.
const key = fc.oneof(
  fc.constantFrom('"model"', '"mod\\u0065l"', '"n"', '"stream"', '""', '"a\\"b"', '"\\u0000"'),
  quoted.filter(text => {
    const name = String(JSON.parse(text))
    return name !== '__proto__' && !name.includes('\\')
  }),
)
const written = fc.letrec<{ value: string; object: string }>(tie => ({
  value: fc.oneof(
    { depthSize: 'small', maxDepth: 5 },
    quoted,
    fc.constantFrom('null', 'true', 'false', '0', '-1.5e+10', '12345678901234567890', '1.0', '[]', '{}', '[ ]', '{\n}'),
    fc.array(fc.tuple(space, tie('value'), space), { maxLength: 4 }).map(items => `[${items.map(item => item.join('')).join(',')}]`),
    tie('object'),
  ),
  object: fc
    .array(fc.tuple(space, key, space, space, tie('value'), space), { maxLength: 4 })
    .map(members => `{${members.map(([a, name, b, c, value, d]) => `${a}${name}${b}:${c}${value}${d}`).join(',')}}`),
}))
const body = fc.tuple(space, written.object, space).map(parts => parts.join(''))

describe('readJson', () => {
  test('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(body, text => {
        fc.pre(!hasTwins(text))
        expect(readJson(text)).toEqual(JSON.parse(text))
      }),
      { numRuns: 2_000 },
    )
  })

  test('refuses what JSON.parse refuses, whatever is broken', () => {
    fc.assert(
      fc.property(body, fc.nat(), fc.constantFrom('', '"', '\\', '}', '{', ',', ':', ']', 'x'), (text, place, wrong) => {
        const at = place % (text.length + 1)
        const broken = text.slice(0, at) + wrong + text.slice(at + 1)
        fc.pre(!hasTwins(broken))
        expect(outcome(readJson, broken)).toEqual(outcome(parseObject, broken))
      }),
      { numRuns: 2_000 },
    )
  })

  test.each(['', '1', '"text"', 'null', '[]', '[{"model":"a"}]'])('refuses %j, which is no object', text => {
    expect(() => readJson(text)).toThrow(JsonError)
  })

  test('takes 64 levels and 10,000 items, and not one more', () => {
    const nested = (depth: number) => `${'{"a":'.repeat(depth - 1)}{}${'}'.repeat(depth - 1)}`
    const list = (length: number) => `{"input":[${Array.from({ length }, (_, at) => at).join(',')}]}`
    expect(() => readJson(nested(64))).not.toThrow()
    expect(() => readJson(nested(65))).toThrow('more than 64 levels deep')
    expect(() => readJson(list(10_000))).not.toThrow()
    expect(() => readJson(list(10_001))).toThrow('more than 10000 items')
    expect(() => readJson(nested(4), { maxDepth: 3 })).toThrow('more than 3 levels deep')
    expect(() => readJson(list(4), { maxItems: 3 })).toThrow('more than 3 items')
  })

  test('takes 50,000 objects and lists, and not one more, however they are spread', () => {
    const lists = (count: number) => `{"a":[${Array.from({ length: count / 50 }, () => `[${'[],'.repeat(48)}[]]`).join(',')}]}`
    expect(() => readJson(lists(49_950))).not.toThrow()
    expect(() => readJson(lists(50_000))).toThrow('more than 50000 objects and lists')
    expect(() => readJson('{"a":[[],{}]}', { maxNodes: 3 })).toThrow('more than 3 objects and lists')
  })

  test('a name that is there twice is refused, however it is written; within a member it is its parser’s to choose', () => {
    expect(() => readJson('{"n":1,"model":"a","n":100}')).toThrow('has the key "n" twice')
    expect(() => readJson('{"max_tokens":1,"max\\u005ftokens":2}')).toThrow('has the key "max_tokens" twice')
    expect(readJson('{"a":{"n":1,"n":2}}')).toEqual({ a: { n: 2 } })
  })

  test('brackets and commas within strings are no levels and no items', () => {
    const text = JSON.stringify({ content: '[{,'.repeat(20_000), other: '\\"[{,\\' })
    expect(readJson(text)).toEqual(JSON.parse(text))
  })

  test('a body of brackets alone is refused before it is parsed', () => {
    expect(() => readJson('['.repeat(1_000_000))).toThrow('more than 64 levels deep')
  })

  test('refuses the key __proto__ at any depth, however it is written; a tool may ask for a constructor', () => {
    const name = '__proto__'
    for (const text of [`{"${name}":1}`, `{"a":[{"${name}" : {}}]}`, '{"__pr\\u006fto__":1}']) {
      expect(() => readJson(text)).toThrow(`has a key "${name}"`)
    }
    expect(readJson(`{"a":"${name}"}`)).toEqual({ a: name })
    expect(readJson('{"properties":{"constructor":{"type":"string"}}}')).toEqual({ properties: { constructor: { type: 'string' } } })
  })
})

describe('editMembers', () => {
  const changes = fc.dictionary(
    fc.constantFrom('model', 'n', 'stream', '', 'a"b', '\0', 'new'),
    fc.oneof(fc.jsonValue({ maxDepth: 1 }), fc.constant(undefined)),
    {
      noNullPrototype: true,
    },
  )

  test('the text then means what the object with these members means', () => {
    fc.assert(
      fc.property(body, changes, (text, changes) => {
        const expected = JSON.parse(JSON.stringify({ ...(JSON.parse(text) as object), ...changes })) as object
        expect(JSON.parse(editMembers(text, changes))).toEqual(expected)
      }),
      { numRuns: 3_000 },
    )
  })

  test('without a change it is the same text', () => {
    fc.assert(
      fc.property(body, text => {
        expect(editMembers(text, {})).toBe(text)
      }),
    )
  })

  test('every byte that is not of a changed member stays as it was written', () => {
    const text = '{ "model" : "gpt", "seed":12345678901234567890,\n\t"t": 1.0 , "stream":true,"m":[{"model":"kept"}] }\n'
    expect(editMembers(text, { model: 'other' })).toBe(text.replace('"gpt"', '"other"'))
    expect(editMembers(text, { stream: undefined })).toBe(text.replace(' , "stream":true', ''))
    expect(editMembers(text, { model: undefined })).toBe(text.replace('"model" : "gpt", ', ''))
    expect(editMembers(text, { stream_options: { include_usage: true } })).toBe(
      text.replace('"kept"}]', '"kept"}],"stream_options":{"include_usage":true}'),
    )
  })

  test('a key that is there twice is changed twice, so that nobody reads the other', () => {
    expect(editMembers('{"model":"a","mod\\u0065l":"b"}', { model: 'c' })).toBe('{"model":"c","mod\\u0065l":"c"}')
    expect(editMembers('{"model":"a","n":1,"model":"b"}', { model: undefined })).toBe('{"n":1}')
  })

  test('an empty object takes a member, too', () => {
    expect(editMembers('{ }', { model: 'a' })).toBe('{ "model":"a"}')
    expect(editMembers('{"n":1}', { n: undefined })).toBe('{}')
    expect(editMembers('{"n":1}', { n: undefined, model: 'a' })).toBe('{"model":"a"}')
  })
})

/** The outermost object has a name twice. */
function hasTwins(text: string): boolean {
  try {
    const members = scanJson(text)
    return new Set(members.map(({ key }) => key)).size < members.length
  } catch {
    return false
  }
}

function outcome(read: (text: string) => unknown, text: string): unknown {
  try {
    return { value: read(text) }
  } catch {
    return 'refused'
  }
}

function parseObject(text: string): unknown {
  const value: unknown = JSON.parse(text)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw new TypeError('no object')
}
