import { expect, test } from 'vitest'
import type { CacheCollapse } from './conversations/collapse.ts'
import { answer, type ScriptedCall, scriptedBlock, scriptedTarget } from './testing/index.ts'
import { setUp } from './testing/scripted-router.ts'
import type { ModelCard, PrefixBlock } from './types.ts'

const card: Partial<ModelCard> = {
  cache: {
    kind: 'auto-prefix',
    minTokens: 1_024,
    stepTokens: 128,
    ttls: [{ id: '5m', seconds: 300, sliding: true }],
    readableAfter: 'first-token',
    scope: 'org',
    guaranteed: false,
  },
  prices: [{ rates: { input: 1, cacheRead: 0.1, output: 2 } }],
}
const call = (prefix: PrefixBlock[]): ScriptedCall => ({ prompt: 'hello', features: { inputTokens: prefix.at(-1)!.tokens, prefix } })
const system = (hash: number) => scriptedBlock(hash, 3_000, { role: 'system' })
const first = [scriptedBlock(20, 3_100, { digest: 2 })]
const second = [scriptedBlock(30, 3_100, { digest: 2 }), scriptedBlock(40, 3_300, { role: 'assistant' }), scriptedBlock(50, 3_400)]

test('a collapse is an event, with the call, its caller, the cause and the money; how the cache has turned out can be asked', async () => {
  const { clock, router, start } = setUp(time => [
    scriptedTarget('one', time, [answer('hi', { usage: { inputTokens: 3_100 } }), answer('hi', { usage: { inputTokens: 3_400 } })], {
      card,
    }),
  ])
  const collapses: CacheCollapse[] = []
  router.on('cacheCollapse', collapse => collapses.push(collapse))
  const caller = { tenant: 'acme', session: 'mine' }
  start(call([system(10), ...first]), caller)
  await clock.advance(10_000)
  expect(collapses).toEqual([])
  start(call([system(11), ...second]), caller)
  await clock.advance(10_000)
  // 3,100 tokens before: 24 steps of 128.
  const costUsd = (3_072 * (1 - 0.1)) / 1e6
  expect(collapses).toEqual([
    {
      id: 'call-2',
      target: 'one',
      model: 'one',
      ...caller,
      cause: 'system-changed',
      block: 0,
      expectedTokens: 3_072,
      cachedTokens: 0,
      costUsd,
    },
  ])
  expect(router.promptCaches()).toMatchObject([{ target: 'one', observed: 2, minTokens: 1_024, hitRatio: 1 }])
})

test('a conversation that is known by its session alone stays with its target between a tool call and its result', async () => {
  const { clock, router, start } = setUp(time => ['one', 'two'].map(id => scriptedTarget(id, time, answer('hi'), { card })))
  start(call([system(10), ...first]), { session: 'mine', allow: ['two'] })
  await clock.advance(1_000)
  const edited = call([system(11), ...second])
  edited.features!.turn = 'tool'
  expect(router.decide(edited, { session: 'mine' }).plan[0]!.id).toBe('two')
  expect(router.decide(edited, { session: 'yours' }).plan[0]!.id).toBe('one')
})
