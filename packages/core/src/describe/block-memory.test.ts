import { expect, test } from 'vitest'
import { createBlockMemory } from './block-memory.ts'
import type { Block } from './describe.ts'
import type { Media } from './media.ts'

const user = (...texts: string[]): Block => ({ role: 'user', texts })

/** A memory that counts what it had to find, each block being found as its own JSON. */
function setUp(maxCharacters = 100_000) {
  const memory = createBlockMemory<string>(maxCharacters)
  let found = 0
  const find = (block: Block) => {
    found += 1
    return JSON.stringify(block)
  }
  return { recall: (block: Block) => memory.recall(block, find), found: () => found }
}

test('a block that says the same is found once, whoever holds it', () => {
  const { recall, found } = setUp()
  const say = (): Block => ({
    role: 'assistant',
    texts: ['Let me see.', ''],
    toolCalls: [{ name: 'weather', arguments: '{"city":"Kiel"}' }],
    media: [{ kind: 'image', reference: 'https://example.com/a.png', width: 10 }],
  })
  expect(recall(say())).toBe(recall(say()))
  expect(found()).toBe(1)
})

/** Texts that differ in one place alone, and so mostly are alike where they are looked at for a key. */
const alike = Array.from({ length: 200 }, (_, at) => `${'a'.repeat(at)}b${'a'.repeat(199 - at)}`)
const [one, other] = [alike[101]!, alike[102]!]

test('blocks that look alike are remembered beside one another', () => {
  const { recall, found } = setUp(1_000_000)
  for (let turn = 0; turn < 3; turn++) for (const text of alike.slice(98, 108)) expect(recall(user(text))).toBe(JSON.stringify(user(text)))
  expect(found()).toBe(10)
})

test('many that look alike are told apart, too', () => {
  const { recall } = setUp(1_000_000)
  for (const text of [...alike, ...alike]) expect(recall(user(text))).toBe(JSON.stringify(user(text)))
})

test('what is recalled is never that of another block, however alike', () => {
  const picture = { kind: 'image', reference: one } as const
  const [sheets, sound] = [{ kind: 'pdf', reference: one } as const, { kind: 'audio', reference: one } as const]
  const pictures: Media[] = [picture, { ...picture, reference: other }, { ...picture, width: 1 }, { ...picture, height: 1 }]
  const media: Media[] = [...pictures, { ...picture, detail: 'low' }, sheets, { ...sheets, pages: 1 }, sound, { ...sound, seconds: 1 }]
  const call = { name: one, arguments: one }
  const blocks: Block[] = [
    user(one, one),
    user(one, other),
    user(other, one),
    { role: 'assistant', texts: [one, one] },
    ...[call, { ...call, name: other }, { ...call, arguments: other }].map(toolCall => ({ ...user(one, one), toolCalls: [toolCall] })),
    ...media.map(medium => ({ ...user(one, one), media: [medium] })),
  ]
  for (const first of blocks) {
    for (const second of blocks) {
      const { recall } = setUp()
      recall(first)
      expect(recall(second)).toBe(JSON.stringify(second))
    }
  }
})

test('a list that changes after it was seen is another block', () => {
  const { recall } = setUp()
  const texts = [one]
  recall({ role: 'user', texts })
  texts[0] = other
  for (const text of [other, one, other]) expect(recall(user(text))).toBe(JSON.stringify(user(text)))
})

test('what is asked for again and again stays, what is not goes', () => {
  const { recall, found } = setUp(100_000)
  const [often, seldom] = [user('Be kind.'), user('Hi')]
  recall(often)
  recall(seldom)
  for (let turn = 0; turn < 50; turn++) {
    recall(user(`${turn}`.padStart(5_000)))
    recall(often)
  }
  expect(found()).toBe(52)
  recall(seldom)
  expect(found()).toBe(53)
})

test('a block too large for it is found each time, and pushes nothing out', () => {
  const { recall, found } = setUp(10_000)
  recall(user('Hi'))
  for (let turn = 0; turn < 3; turn++) recall(user('x'.repeat(6_000)))
  expect(found()).toBe(4)
  recall(user('Hi'))
  expect(found()).toBe(4)
})

test('a memory of no characters keeps nothing', () => {
  const { recall, found } = setUp(0)
  recall(user('Hi'))
  recall(user('Hi'))
  expect(found()).toBe(2)
})
