import { expect, test } from 'vitest'
import { NO_NEEDS } from '../describe/needs.ts'
import { createManualClock, scriptedAttempt as attempt, scriptedBlock, scriptedCandidate, scriptedCard } from '../testing/index.ts'
import type { CacheRule, Features, PrefixBlock, TargetFacts, Usage } from '../types.ts'
import { createPromptCache } from './prompt-cache.ts'

const rule: CacheRule = {
  kind: 'auto-prefix',
  minTokens: 1_024,
  stepTokens: 128,
  ttls: [{ id: '5m', seconds: 300, sliding: true }],
  readableAfter: 'first-token',
  scope: 'org',
  guaranteed: false,
}
const usage = (inputTokens: number, cacheReadTokens = 0, cacheWriteTokens = 0): Usage => ({
  inputTokens,
  cacheReadTokens,
  cacheWriteTokens,
  outputTokens: 10,
  reasoningTokens: 0,
})
const chain = (...tokens: number[]): PrefixBlock[] => tokens.map((total, at) => scriptedBlock(100 + at, total))

function setUp(cache: Partial<CacheRule> = {}) {
  const clock = createManualClock()
  const promptCache = createPromptCache({ clock, settings: false })
  const card = scriptedCard('m', { cache: { ...rule, ...cache } })
  const at = (account: string): TargetFacts => ({ id: account, card, account })
  const call = (prefix: readonly PrefixBlock[]): Features => ({
    inputTokens: prefix.at(-1)!.tokens,
    maxOutputTokens: undefined,
    needs: NO_NEEDS,
    prefix,
    task: 'chat',
    turn: 'user',
  })
  const expectation = (prefix: readonly PrefixBlock[], account = 'mine') => {
    const features = call(prefix)
    return promptCache.expect(at(account), features, features.inputTokens, promptCache.moment(features))
  }
  const predict = (prefix: readonly PrefixBlock[], account = 'mine') => {
    const { readTokens, writeTokens } = expectation(prefix, account)
    return { read: readTokens, write: writeTokens }
  }
  const observe = (prefix: readonly PrefixBlock[], reported: Usage, account = 'mine') => {
    const target = at(account)
    const cache = expectation(prefix, account)
    promptCache.observe(target, scriptedCandidate(target, { cacheReadTokens: cache.readTokens, cache }), call(prefix), attempt(reported))
  }
  const inputTokens = (prefix: readonly PrefixBlock[]) => expectation(prefix).inputTokens
  return { clock, predict, observe, inputTokens }
}

test('a prompt nobody has sent is cold', () => {
  expect(setUp().predict(chain(2_000)).read).toBe(0)
})

test('after an answer the next turn finds its prefix, rounded down to the provider’s step', () => {
  const { predict, observe } = setUp()
  observe(chain(2_000, 3_000), usage(3_000))
  expect(predict(chain(2_000, 3_000, 3_500)).read).toBe(2_944)
})

test('another branch of the conversation finds only what it shares', () => {
  const { predict, observe } = setUp()
  observe(chain(2_000, 3_000), usage(3_000))
  expect(predict([chain(2_000)[0]!, scriptedBlock(999, 4_000)]).read).toBe(1_920)
})

test('a prefix below the provider’s minimum is never cached', () => {
  const { predict, observe } = setUp()
  observe(chain(1_000), usage(1_000))
  expect(predict(chain(1_000, 1_010)).read).toBe(0)
})

test('an entry is gone after its lifetime', async () => {
  const { clock, predict, observe } = setUp({ guaranteed: true })
  observe(chain(2_050), usage(2_050))
  await clock.advance(299_999)
  expect(predict(chain(2_050, 2_100)).read).toBe(2_048)
  await clock.advance(1)
  expect(predict(chain(2_050, 2_100)).read).toBe(0)
})

test('one account’s cache says nothing of another’s', () => {
  const { predict, observe } = setUp()
  observe(chain(2_048), usage(2_048), 'one')
  expect(predict(chain(2_048, 2_100), 'two').read).toBe(0)
})

test('where caching is opt-in, only what the provider reports is held', () => {
  const { predict, observe } = setUp({ kind: 'breakpoints' })
  observe(chain(2_048, 4_096), usage(4_096))
  expect(predict(chain(2_048, 4_096, 5_000)).read).toBe(0)
  observe(chain(2_048, 4_096), usage(4_096, 0, 2_048))
  expect(predict(chain(2_048, 4_096, 5_000)).read).toBe(2_048)
})

test('a provider that keeps missing is believed less and less', () => {
  const { predict, observe } = setUp()
  observe(chain(2_048), usage(2_048))
  const before = predict(chain(2_048, 2_100)).read
  for (let at = 0; at < 20; at += 1) observe(chain(2_048, 2_100), usage(2_100))
  expect(predict(chain(2_048, 2_100)).read).toBeLessThan(before * 0.2)
})

test('a provider that sets its own breakpoint caches the whole prompt, and charges the write', () => {
  const { predict, observe } = setUp({ kind: 'breakpoints', implicitBreakpoint: true, stepTokens: 1 })
  expect(predict(chain(2_000)).write).toBe(2_000)
  observe(chain(2_000), usage(2_000, 0, 2_000))
  expect(predict(chain(2_000, 2_500))).toEqual({ read: 2_000, write: 500 })
})

test('a provider’s count of a prompt is taken for ours, unless it cannot be one', () => {
  const counted = (reported: number, again = chain(2_000)) => {
    const { inputTokens, observe } = setUp()
    observe(chain(2_000), usage(reported))
    return inputTokens(again)
  }
  expect(counted(2_300)).toBe(2_300)
  expect(counted(90_000)).toBe(2_000)
  expect(counted(3)).toBe(2_000)
  // The same prefix by its hash, and shorter than it was: the dialect says something else of it than before.
  expect(counted(2_300, [scriptedBlock(100, 20)])).toBe(20)
})
