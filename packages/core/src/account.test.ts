import { expect, test } from 'vitest'
import { answer, type ScriptedCall, scriptedBlock, scriptedTarget, type ScriptStep } from './testing/index.ts'
import { setUp } from './testing/scripted-router.ts'
import type { CacheRule, ModelCard, Usage } from './types.ts'

const cache: CacheRule = {
  kind: 'auto-prefix',
  minTokens: 1_024,
  stepTokens: 128,
  ttls: [{ id: '5m', seconds: 300, sliding: true }],
  readableAfter: 'first-token',
  scope: 'org',
  guaranteed: false,
}
const cheap: Partial<ModelCard> = { cache, prices: [{ rates: { input: 1, cacheRead: 0.1, output: 2 } }] }
/** Twice the price, and a third more tokens for the same text. */
const dear: Partial<ModelCard> = { cache, tokenFactor: 1.3, prices: [{ rates: { input: 2, cacheRead: 0.2, output: 4 } }] }

/** A conversation of one message, then of three. */
const turns: readonly ScriptedCall[] = [4_000, 4_500].map((inputTokens, at) => ({
  prompt: 'hello',
  features: {
    inputTokens,
    prefix: [scriptedBlock(1, 4_000), ...(at === 0 ? [] : [scriptedBlock(2, 4_200, { role: 'assistant' }), scriptedBlock(3, 4_500)])],
  },
}))
const said = (usage: Partial<Usage>): ScriptStep[] => answer('hi', { usage })
const fails: ScriptStep[] = [{ fail: { kind: 'server', message: 'Down.', status: 500 } }]

/** Two turns of a conversation with the first of these targets. */
async function converse(scripts: readonly { id: string; card: Partial<ModelCard>; script: readonly (readonly ScriptStep[])[] }[]) {
  const { clock, start } = setUp(time => scripts.map(({ id, card, script }) => scriptedTarget(id, time, script, { card })))
  const receipts = []
  for (const turn of turns) {
    const { result } = start(turn)
    await clock.advance(1_000)
    receipts.push(result.receipt!)
  }
  return receipts
}
const warm = [said({ inputTokens: 4_000, outputTokens: 100 }), said({ inputTokens: 4_500, cacheReadTokens: 3_968, outputTokens: 100 })]

test('a receipt says what was expected to be read from the cache, and what was', async () => {
  const [first, second] = await converse([{ id: 'cheap', card: cheap, script: warm }])
  expect(first!.attempts[0]).toMatchObject({ expectedCacheReadTokens: 0, usage: { cacheReadTokens: 0 } })
  expect(second!.attempts[0]).toMatchObject({ expectedCacheReadTokens: 3_968, usage: { cacheReadTokens: 3_968 } })
})

test('a receipt says what the next best would have cost for the same answer: its own tokens, its own cache', async () => {
  const [, second] = await converse([
    { id: 'cheap', card: cheap, script: warm },
    { id: 'dear', card: dear, script: [fails] },
  ])
  // 4,500 tokens of the one are 5,850 of the other, none of them cached there; 100 of the answer are 130.
  expect(second!.alternative).toEqual({ target: 'dear', model: 'dear', cacheReadTokens: 0, costUsd: (5_850 * 2 + 130 * 4) / 1e6 })
})

test('who was asked in vain is no alternative', async () => {
  const [first] = await converse([
    { id: 'down', card: cheap, script: [fails] },
    { id: 'cheap', card: cheap, script: warm },
    { id: 'dear', card: dear, script: [fails] },
  ])
  expect(first).toMatchObject({ target: 'cheap', alternative: { target: 'dear' } })
})

test('where nobody else could have answered, or at a price that nobody knows, there is no alternative', async () => {
  const [alone] = await converse([{ id: 'cheap', card: cheap, script: warm }])
  expect(alone).not.toHaveProperty('alternative')
  const [unpriced] = await converse([
    { id: 'cheap', card: cheap, script: warm },
    { id: 'unpriced', card: { prices: [] }, script: [fails] },
  ])
  expect(unpriced).not.toHaveProperty('alternative')
})
