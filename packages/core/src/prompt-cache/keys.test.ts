import { expect, test } from 'vitest'
import { NO_NEEDS } from '../describe/needs.ts'
import { createDescriber } from '../describe/describe.ts'
import { createManualClock, scriptedCard } from '../testing/index.ts'
import type { CacheRule, Features, TargetFacts } from '../types.ts'
import { createRoutingKeys } from './keys.ts'

const rule: CacheRule = {
  kind: 'auto-prefix',
  minTokens: 1_024,
  ttls: [],
  key: { via: 'body:prompt_cache_key', softRequestsPerMinute: 15 },
  readableAfter: 'first-token',
  scope: 'org',
  guaranteed: false,
}
const target = (facts: Partial<CacheRule> = {}, id = 'm'): TargetFacts => ({
  id,
  card: scriptedCard('m', { cache: { ...rule, ...facts } }),
})
const SYSTEM = 'Answer as a careful clerk who knows the terms of delivery by heart. '.repeat(120)
const { describe } = createDescriber<{ role: 'system' | 'user' | 'assistant'; text: string }>({
  read: ({ role, text }) => ({ role, texts: [text] }),
})

interface Asked {
  system?: string
  user?: string
  tenant?: string
  cacheKey?: string
  answers?: number
}
const prompt = ({ system = SYSTEM, user = 'Where is my order?', answers = 0, ...caller }: Asked = {}): Features =>
  describe({
    ...caller,
    messages: [
      ...(system === '' ? [] : [{ role: 'system' as const, text: system }]),
      { role: 'user', text: user },
      ...Array.from({ length: answers }, (_, at) => ({ role: 'assistant' as const, text: `answer ${at}` })),
    ],
  })

test('conversations with one beginning share a key in every process', () => {
  const clock = createManualClock()
  const key = createRoutingKeys(clock).keyFor(target(), prompt())
  expect(key).toMatch(/^rw-[0-9a-z]{1,11}$/)
  expect(createRoutingKeys(clock).keyFor(target(), prompt({ user: 'Another question' }))).toBe(key)
})

test('where too little is shared to be cached, each conversation has a key of its own', () => {
  const keys = createRoutingKeys(createManualClock())
  const short = { system: 'Be brief.' }
  expect(keys.keyFor(target(), prompt(short))).not.toBe(keys.keyFor(target(), prompt({ ...short, user: 'Another question' })))
  expect(keys.keyFor(target(), prompt({ ...short, answers: 3 }))).toBe(keys.keyFor(target(), prompt(short)))
})

test('where caches belong to servers, each conversation has a key of its own', () => {
  const keys = createRoutingKeys(createManualClock())
  const server = target({ scope: 'server', key: { via: 'header:x-grok-conv-id' } })
  expect(keys.keyFor(server, prompt())).not.toBe(keys.keyFor(server, prompt({ user: 'Another question' })))
  expect(keys.keyFor(server, prompt({ answers: 2 }))).toBe(keys.keyFor(server, prompt()))
})

test('no two tenants ever have a key in common, whatever they ask', () => {
  const keys = createRoutingKeys(createManualClock())
  const rules: Partial<CacheRule>[] = [{}, { scope: 'server', key: { via: 'x' } }, { key: { via: 'x' }, minTokens: 0 }]
  for (const [at, facts] of rules.entries()) {
    for (const system of [SYSTEM, 'Be brief.', '']) {
      const all = [undefined, 'acme', 'globex'].map(tenant =>
        keys.keyFor(target(facts, `m${at}`), prompt({ system, ...(tenant && { tenant }) })),
      )
      expect(new Set(all).size).toBe(3)
    }
  }
})

test('a provider that takes no key gets none, and neither does a caller who has set his own or wants none', () => {
  const clock = createManualClock()
  const { key: _, ...keyless } = rule
  const unkeyed: TargetFacts = { id: 'm', card: scriptedCard('m', { cache: keyless }) }
  expect(createRoutingKeys(clock).keyFor(unkeyed, prompt())).toBeUndefined()
  expect(createRoutingKeys(clock).keyFor(target(), prompt({ cacheKey: 'mine' }))).toBeUndefined()
  expect(createRoutingKeys(clock, { sets: false }).keyFor(target(), prompt())).toBeUndefined()
  expect(createRoutingKeys(clock).keyFor(target(), { ...prompt(), prefix: [], needs: NO_NEEDS })).toBeUndefined()
})

test('requests of the last minute are counted under the key in force, of each account by itself', async () => {
  const clock = createManualClock()
  const keys = createRoutingKeys(clock)
  const [mine, other] = [target(), { ...target({}, 'other'), account: 'other' }]
  keys.sent(mine, prompt())
  keys.sent(mine, prompt({ user: 'Another question' }))
  keys.sent(mine, prompt({ cacheKey: 'own' }))
  expect(keys.requestsPerMinute(mine, prompt({ user: 'A third' }))).toBe(2)
  expect(keys.requestsPerMinute(mine, prompt({ cacheKey: 'own', user: 'A fourth' }))).toBe(1)
  expect(keys.requestsPerMinute(other, prompt())).toBe(0)
  await clock.advance(60_000)
  expect(keys.requestsPerMinute(mine, prompt())).toBe(0)
})

/** Conversations of `turns` calls each, `pauseMs` apart, begun every `everyMs`; how many calls came over the soft rate, under how many keys. */
async function play({ turns, pauseMs, everyMs, minutes }: { turns: number; pauseMs: number; everyMs: number; minutes: number }) {
  const clock = createManualClock()
  const keys = createRoutingKeys(clock)
  const upstream = target()
  const calls: { at: number; conversation: number }[] = []
  for (let conversation = 0; conversation * everyMs < minutes * 60_000; conversation += 1) {
    for (let turn = 0; turn < turns; turn += 1) calls.push({ at: conversation * everyMs + turn * pauseMs, conversation })
  }
  calls.sort((a, b) => a.at - b.at)
  const keysOf = new Map<number, Set<string>>()
  const times = new Map<string, number[]>()
  let counted = 0
  let over = 0
  for (const { at, conversation } of calls) {
    await clock.advance(at - clock.now())
    const features = prompt({ user: `Question ${conversation}` })
    const key = keys.keyFor(upstream, features)!
    const recent = (times.get(key) ?? []).filter(time => time > at - 60_000)
    // The first minutes are those in which the rate is learned.
    if (at > 180_000) {
      counted += 1
      if (recent.length >= 15) over += 1
    }
    times.set(key, [...recent, at])
    keysOf.set(conversation, (keysOf.get(conversation) ?? new Set()).add(key))
    keys.sent(upstream, features)
  }
  return { over: over / counted, keys: times.size, kept: [...keysOf.values()].every(({ size }) => size === 1), conversations: keysOf.size }
}

test('short chats with one beginning share few keys, each below what a machine takes', async () => {
  const { over, keys, kept } = await play({ turns: 3, pauseMs: 30_000, everyMs: 1_000, minutes: 8 })
  expect(over).toBeLessThan(0.02)
  expect(keys).toBeGreaterThanOrEqual(12)
  expect(keys).toBeLessThanOrEqual(40)
  expect(kept).toBe(true)
})

test('a quiet beginning needs one key', async () => {
  const { over, keys } = await play({ turns: 3, pauseMs: 30_000, everyMs: 30_000, minutes: 10 })
  expect(keys).toBe(1)
  expect(over).toBe(0)
})

test('agents that ask every few seconds come to have a key each', async () => {
  const { over, keys, kept, conversations } = await play({ turns: 40, pauseMs: 5_000, everyMs: 15_000, minutes: 12 })
  expect(over).toBeLessThan(0.06)
  expect(keys).toBeGreaterThan(conversations / 2)
  expect(kept).toBe(true)
})
