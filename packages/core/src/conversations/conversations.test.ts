import { expect, test } from 'vitest'
import { chain, EMPTY_PREFIX } from '../describe/prefix.ts'
import { NO_NEEDS } from '../describe/needs.ts'
import { createManualClock, scriptedBlock } from '../testing/index.ts'
import type { CallContext, Features, PrefixBlock } from '../types.ts'
import { createConversations } from './conversations.ts'

const roles = { t: 'tools', s: 'system', u: 'user', a: 'assistant', r: 'tool' } as const

/** A prompt in letters and numbers: `s1 u1 a1 u2`. Equal words are equal blocks, of 100 tokens each. */
function promptOf(words: string, caller: CallContext = {}): Features {
  let hash = caller.tenant === undefined ? EMPTY_PREFIX : chain(EMPTY_PREFIX, caller.tenant.length)
  const prefix: PrefixBlock[] = words.split(' ').map((word, at) => {
    const digest = Number.parseInt(word, 36)
    hash = chain(hash, digest)
    return scriptedBlock(hash, 100 * (at + 1), { digest, parts: at + 1, role: roles[word[0] as keyof typeof roles] })
  })
  const turn = prefix.at(-1)!.role === 'tool' ? 'tool' : 'user'
  const needs = { ...NO_NEEDS, tools: words.startsWith('t') }
  return { inputTokens: 100 * prefix.length, maxOutputTokens: undefined, needs, prefix, task: 'chat', turn, caller }
}

function setUp() {
  const clock = createManualClock()
  const conversations = createConversations(clock)
  const answer = (words: string, target = 'one', caller?: CallContext) => conversations.remember(promptOf(words, caller), target)
  const find = (words: string, caller?: CallContext) => conversations.find(promptOf(words, caller))
  const outlook = (words: string, caller?: CallContext) => conversations.outlook(find(words, caller), promptOf(words, caller))
  return { clock, answer, find, outlook }
}

test('a prompt goes on with the conversation whose prompt it begins with', () => {
  const { answer, find } = setUp()
  expect(find('s1 u1')).toBeUndefined()
  answer('s1 u1')
  answer('s1 u1 a1 u2', 'two')
  expect(find('s1 u1 a1 u2 a2 u3')).toMatchObject({ target: 'two', calls: 2 })
  expect(find('s1 u9 a1 u2')).toBeUndefined()
})

test('a branch is a conversation of its own', () => {
  const { answer, find } = setUp()
  answer('s1 u1')
  answer('s1 u1 a1 u2')
  answer('s1 u1 a1 u2 a2 u3')
  expect(find('s1 u1 a1 u7')?.calls).toBe(1)
  const branch = answer('s1 u1 a1 u7', 'two')
  expect(branch?.calls).toBe(2)
  expect(find('s1 u1 a1 u2 a2 u3 a3 u4')).toMatchObject({ target: 'one', calls: 3 })
  expect(branch?.thread).not.toBe(find('s1 u1 a1 u2 a2 u3 a3 u4')?.thread)
})

test.each([
  ['tools', 't1 s1 u1 a1 u2', 't2 s1 u1 a1 u2 a2 u3'],
  ['system', 's1 u1 a1 u2', 's2 u1 a1 u2 a2 u3'],
  ['the first message', 's1 u1 a1 u2 a2 u3', 's1 u9 a1 u2 a2 u3 a3 u4'],
  ['a message between', 's1 u1 a1 u2 a2 u3', 's1 u1 a1 u9 a2 u3 a3 u4'],
  ['where a window begins', 's1 u1 a1 u2 a2 u3', 's1 u2 a2 u3 a3 u4'],
])('a conversation is known again though its beginning is another: %s', (_, before, after) => {
  const { answer, find } = setUp()
  answer(before)
  expect(find(after)?.calls).toBe(1)
})

test('what was changed after its first call is known by what came later', () => {
  const { answer, find } = setUp()
  answer('s1 u1')
  answer('s1 u1 a1 u2 a2 u3')
  expect(find('s1 u1 a1 u9 a2 u3 a3 u4')?.calls).toBe(2)
})

test('a few messages of many are not enough', () => {
  const { answer, find } = setUp()
  answer('s1 u1 a1 u2 a2 u3 a3 u4')
  expect(find('s2 u8 a3 u4 a8 u9')).toBeUndefined()
})

test('in a session less is asked for', () => {
  const { answer, find } = setUp()
  const mine = { session: 'mine' }
  answer('s1 u1', 'one', mine)
  expect(find('s1 u9 a1 u2', mine)?.calls).toBe(1)
  expect(find('s1 u9 a1 u2')).toBeUndefined()
  expect(find('s1 u9', mine)).toBeUndefined()
})

test('who only shares a greeting or a template with a conversation does not go on with it', () => {
  const { answer, find } = setUp()
  answer('s1 u1')
  expect(find('s2 u1')).toBeUndefined()
  answer('s1 u1 a1 u2 a2 u3')
  expect(find('s2 u1 a1 u2 a2 u9')).toBeUndefined()
})

test('an agent that works beside another in one session is known for itself', () => {
  const { answer, find } = setUp()
  const mine = { session: 'mine' }
  answer('t1 s1 u1', 'one', mine)
  answer('t1 s1 u1 a1 r1', 'one', mine)
  expect(find('s9 u9', mine)).toBeUndefined()
  answer('s9 u9', 'two', mine)
  expect(find('t1 s1 u1 a1 r1 a2 r2', mine)).toMatchObject({ target: 'one', calls: 2 })
  expect(find('s9 u9 a9 u8', mine)).toMatchObject({ target: 'two', calls: 1 })
})

test('sessions and tenants never meet', () => {
  const { answer, find } = setUp()
  answer('s1 u1 a1 u2', 'one', { session: 'mine' })
  answer('s1 u1 a1 u2', 'one', { tenant: 'acme' })
  expect(find('s1 u1 a1 u2 a2 u3', { session: 'yours' })).toBeUndefined()
  expect(find('s1 u1 a1 u2 a2 u3')).toBeUndefined()
  expect(find('s2 u1 a1 u2 a2 u3', { tenant: 'globex' })).toBeUndefined()
  expect(find('s2 u1 a1 u2 a2 u3', { tenant: 'acme' })?.calls).toBe(1)
  expect(find('s1 u1 a1 u2 a2 u3', { tenant: 'acme', session: 'mine' })).toBeUndefined()
})

test('nothing is taken for granted before it was seen, but that a tool turn goes on', () => {
  const { outlook } = setUp()
  const chat = outlook('s1 u1')
  expect([chat.calls, chat.followsWithin(Number.POSITIVE_INFINITY)]).toEqual([0, 0])
  const agent = outlook('t1 s1 u1 a1 r1')
  expect(agent.calls).toBeCloseTo(3, 1)
  expect(agent.followsWithin(Number.POSITIVE_INFINITY)).toBe(0.75)
  expect(agent.followsWithin(60_000)).toBeLessThan(0.75)
  expect(agent.followsWithin(60_000)).toBeGreaterThan(0.5)
})

test('how often conversations go on, how fast, and by how much, is learned from all of them', async () => {
  const { clock, answer, outlook } = setUp()
  for (let conversation = 10; conversation < 40; conversation += 1) {
    let prompt = `s1 u${conversation}`
    for (let call = 0; call < 5; call += 1) {
      answer(prompt)
      prompt += ` a${conversation}${call} u${conversation}${call}`
      await clock.advance(30_000)
    }
  }
  await clock.advance(24 * 3_600_000)
  const fresh = outlook('s1 u99')
  expect(fresh.calls).toBeGreaterThan(2.5)
  expect(fresh.calls).toBeLessThan(4.5)
  expect(fresh.tokensPerCall).toBeCloseTo(200, -1)
  expect(fresh.followsWithin(300_000)).toBeGreaterThan(0.85)
  expect(fresh.followsWithin(5_000)).toBeLessThan(0.1)
})

test('what follows a call is learned of its own kind of work, whatever comes next', async () => {
  const clock = createManualClock()
  const conversations = createConversations(clock)
  for (let conversation = 10; conversation < 40; conversation += 1) {
    conversations.remember({ ...promptOf(`s1 u${conversation}`), task: 'plan' }, 'one')
    await clock.advance(1_000)
    conversations.remember({ ...promptOf(`s1 u${conversation} a1 u2`), task: 'act' }, 'one')
  }
  await clock.advance(24 * 3_600_000)
  const first = { ...promptOf('s1 u99'), task: 'plan' }
  expect(conversations.outlook(undefined, first).followsWithin(60_000)).toBeGreaterThan(0.85)
})

test('what a conversation has added so far tells more than others do', async () => {
  const { clock, answer, outlook } = setUp()
  for (let conversation = 10; conversation < 40; conversation += 1) {
    answer(`s1 u${conversation}`)
    answer(`s1 u${conversation} a1 u2`)
  }
  let prompt = 's1 u1'
  for (let call = 0; call < 8; call += 1) {
    answer(prompt)
    prompt += Array.from({ length: 10 }, (_, at) => ` r${call}${at}`).join('')
    await clock.advance(1_000)
  }
  expect(outlook(prompt).tokensPerCall).toBeGreaterThan(700)
})
