import { expect, test } from 'vitest'
import { selectTargets } from './candidates.ts'
import { NO_NEEDS } from './describe/needs.ts'
import { scriptedCard } from './testing/index.ts'
import type { Capabilities, Features, ModelCard, Needs, TargetFacts } from './types.ts'

const features = (needs: Partial<Needs> = {}): Features => ({
  inputTokens: 1_000,
  maxOutputTokens: undefined,
  needs: { ...NO_NEEDS, ...needs },
  prefix: [],
  task: 'chat',
  turn: 'user',
})
const target = (
  id: string,
  { capabilities, ...card }: Partial<Omit<ModelCard, 'capabilities'>> & { capabilities?: Partial<Capabilities> } = {},
  tags: string[] = [],
): TargetFacts => {
  const base = scriptedCard(id)
  return { id, tags, card: { ...base, ...card, capabilities: { ...base.capabilities, ...capabilities } } }
}
const select = (
  targets: TargetFacts[],
  call: Features,
  options: { allow?: string[]; deny?: string[]; tokens?: number; asksLone?: boolean } = {},
) =>
  selectTargets(targets, call, {
    allow: options.allow,
    deny: options.deny,
    asksLone: options.asksLone ?? false,
    inputTokens: () => options.tokens ?? 1_000,
  })
const ids = (targets: readonly TargetFacts[]) => targets.map(({ id }) => id)

test.each([
  ['tools', { tools: true }, { tools: false }],
  ['a forced tool choice', { tools: true, forcedTool: true }, { forcedTool: false }],
  ['a JSON schema for the answer', { jsonSchema: true }, { jsonSchema: false }],
  ['images', { vision: true }, { vision: false }],
  ['PDF documents', { pdf: true }, { pdf: false }],
  ['audio', { audio: true }, { audio: false }],
  ['streaming', { streaming: true }, { streaming: false }],
  ['log probabilities', { logprobs: true }, { logprobs: 'no' as const }],
])('a call that needs %s leaves out models without it, and says so', (name, needs, capabilities) => {
  const { able, excluded } = select([target('able'), target('unable', { capabilities })], features(needs))
  expect(ids(able)).toEqual(['able'])
  expect(excluded).toEqual([{ target: 'unable', model: 'unable', excluded: `unsupported: ${name}` }])
  expect(() => select([target('unable', { capabilities })], features(needs))).toThrow(
    expect.objectContaining({ code: 'unsupported', message: expect.stringContaining(name) }),
  )
})

test('a prompt over the window of some goes to the others; over all, it is refused with the figures', () => {
  const small = target('small', { contextTokens: 8_000 })
  expect(ids(select([small, target('large', { contextTokens: 200_000 })], features(), { tokens: 50_000 }).able)).toEqual(['large'])
  expect(() => select([small], features(), { tokens: 50_000 })).toThrow(
    expect.objectContaining({
      code: 'context_overflow',
      message: expect.stringMatching(/small \(window: about 50000 tokens, it takes 8000\)/),
    }),
  )
})

test('allow and deny select by id or tag, and deny wins', () => {
  const pool = [target('a', {}, ['eu']), target('b', {}, ['us']), target('c', {}, ['eu'])]
  expect(ids(select(pool, features(), { allow: ['eu'] }).able)).toEqual(['a', 'c'])
  expect(ids(select(pool, features(), { allow: ['eu', 'b'], deny: ['c'] }).able)).toEqual(['a', 'b'])
  expect(() => select(pool, features(), { allow: ['apac'] })).toThrow(expect.objectContaining({ code: 'no_candidates' }))
})

test('where our count alone says that every window is too small, the one with most room is asked', () => {
  const targets = [target('small', { contextTokens: 1_000 }), target('large', { contextTokens: 2_000 })]
  const { able, excluded } = select(targets, features(), { tokens: 3_000 })
  expect(ids(able)).toEqual(['large'])
  expect(excluded).toMatchObject([{ target: 'small' }])
  expect(() => select(targets, features(), { tokens: 4_001 })).toThrow(expect.objectContaining({ code: 'context_overflow' }))
  const blind = [targets[0]!, target('blind', { contextTokens: 2_000, capabilities: { vision: false } })]
  expect(() => select(blind, features({ vision: true }), { tokens: 3_000 })).toThrow(expect.objectContaining({ code: 'no_candidates' }))
})

test('one target alone is asked whatever its card says, where a face wants it so', () => {
  const targets = [target('blind', { capabilities: { vision: false } }), target('other')]
  const call = features({ vision: true })
  expect(ids(select(targets, call, { asksLone: true }).able)).toEqual(['other'])
  const { able, excluded } = select(targets, call, { asksLone: true, allow: ['blind'], tokens: 1_000_000 })
  expect(ids(able)).toEqual(['blind'])
  expect(excluded).toMatchObject([{ target: 'other', excluded: 'not among those allowed' }])
  expect(() => select(targets, call, { allow: ['blind'] })).toThrow(expect.objectContaining({ code: 'no_candidates' }))
})
