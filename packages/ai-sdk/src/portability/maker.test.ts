import type { LanguageModelV4StreamPart } from '@ai-sdk/provider'
import { expect, test } from 'vitest'
import { createPartMarker, markContent, readMaker } from './maker.ts'

const maker = { provider: 'openai', model: 'gpt-6-luna', key: 'k' }
const openai = { openai: { itemId: 'msg_1' } }
const metadataOf = (part: object) => ('providerMetadata' in part ? (part.providerMetadata as Record<string, never>) : undefined)

test('parts that are bound to their maker say who it is, words do not', () => {
  const content = markContent(
    [
      { type: 'text', text: 'Hello' },
      { type: 'text', text: 'Hello', providerMetadata: openai },
      { type: 'reasoning', text: 'Hm.' },
      { type: 'tool-call', toolCallId: '1', toolName: 'look', input: '{}' },
    ],
    maker,
  )
  expect(content.map(part => readMaker(metadataOf(part)))).toEqual([undefined, maker, maker, undefined])
  expect(metadataOf(content[1]!)).toMatchObject(openai)
})

/** What the SDK keeps of a block: the metadata that came last. */
function kept(parts: readonly LanguageModelV4StreamPart[]) {
  const mark = createPartMarker(maker)
  return parts.map(mark).reduce<Record<string, never> | undefined>((last, part) => metadataOf(part) ?? last, undefined)
}

test('a streamed block says so at its end, with all that its provider has said of it', () => {
  const signed = { anthropic: { signature: 'x' } }
  const parts: LanguageModelV4StreamPart[] = [
    { type: 'reasoning-start', id: '1' },
    { type: 'reasoning-delta', id: '1', delta: 'Hm.' },
    { type: 'reasoning-delta', id: '1', delta: '', providerMetadata: signed },
    { type: 'reasoning-end', id: '1' },
  ]
  expect(kept(parts)).toMatchObject(signed)
  expect(readMaker(kept(parts))).toEqual(maker)
  expect(readMaker(kept(parts.slice(0, -1)))).toEqual({ ...maker, unfinished: true })
})

test('a block of plain words is passed on as it is', () => {
  const mark = createPartMarker(maker)
  for (const part of [
    { type: 'text-start', id: '1' },
    { type: 'text-delta', id: '1', delta: 'Hello' },
    { type: 'text-end', id: '1' },
  ] as const)
    expect(mark(part)).toBe(part)
})

test('a mark that is none of ours is no mark', () => {
  for (const madeBy of [undefined, null, 'openai', {}, { provider: 'openai', model: 1, key: 'k' }])
    expect(readMaker({ routewise: { madeBy } })).toBeUndefined()
})
