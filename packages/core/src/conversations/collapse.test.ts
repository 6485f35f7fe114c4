import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chain, EMPTY_PREFIX } from '../describe/prefix.ts'
import { NO_NEEDS } from '../describe/needs.ts'
import { createManualClock, scriptedAttempt, scriptedBlock, scriptedCandidate, scriptedCard } from '../testing/index.ts'
import type { AttemptReceipt, CacheRule, Features, PrefixBlock, TargetFacts, Usage } from '../types.ts'
import { createPromptCache } from '../prompt-cache/prompt-cache.ts'

const TTL_MS = 300_000
const auto: CacheRule = {
  kind: 'auto-prefix',
  minTokens: 1_024,
  stepTokens: 128,
  ttls: [{ id: '5m', seconds: TTL_MS / 1_000, sliding: true }],
  readableAfter: 'first-token',
  scope: 'org',
  guaranteed: false,
}
const marked: CacheRule = {
  ...auto,
  kind: 'breakpoints',
  stepTokens: 1,
  lookback: 20,
  maxWrites: 4,
  ttls: [...auto.ttls, { id: '1h', seconds: 3_600, sliding: true }, { id: '24h', seconds: 86_400, sliding: true }],
  guaranteed: true,
}
const implicit: CacheRule = { ...marked, implicitBreakpoint: true, lookback: 80 }
const rates = { input: 2, output: 10, cacheRead: 0.2, cacheWrite: 2.5, cacheWriteByTtl: { '1h': 4, '24h': 6 } }

/** A message of a conversation: what it says, in one word, and how long it is. */
type Message = readonly [role: PrefixBlock['role'], word: number, tokens: number]

function promptOf(messages: readonly Message[], facts: Partial<Features> = {}): Features {
  let hash = EMPTY_PREFIX
  let total = 0
  const prefix = messages.map(([role, word, tokens], at) => {
    hash = chain(hash, word)
    total += tokens
    return scriptedBlock(hash, total, { digest: word, parts: at + 1, role, marked: at === messages.length - 1 })
  })
  return { inputTokens: total, maxOutputTokens: undefined, needs: NO_NEEDS, prefix, task: 'chat', turn: 'user', ...facts }
}

/** Providers that keep their word, a prompt cache that watches them, and calls that are answered at once. */
function setUp(rule: CacheRule = auto) {
  const clock = createManualClock()
  const promptCache = createPromptCache({ clock, settings: false })
  const card = scriptedCard('m', { cache: rule, prices: [{ rates }] })
  const at = (account: string): TargetFacts => ({ id: account, card, account })
  const entries = new Map<string, number>()

  const keep = (account: string, { prefix }: Features) => {
    for (const { hash } of rule.kind === 'auto-prefix' ? prefix : prefix.slice(-1)) entries.set(`${account}/${hash}`, clock.now())
  }
  function usageOf(account: string, { prefix, inputTokens }: Features): Usage {
    const isLive = ({ hash, tokens }: PrefixBlock) =>
      tokens >= rule.minTokens && clock.now() - (entries.get(`${account}/${hash}`) ?? -Infinity) < TTL_MS
    const held = Math.min(prefix.findLast(isLive)?.tokens ?? 0, rule.kind === 'auto-prefix' ? inputTokens - 1 : inputTokens)
    const cacheReadTokens = rule.stepTokens === undefined ? held : Math.floor(held / rule.stepTokens) * rule.stepTokens
    const cacheWriteTokens = rule.kind === 'auto-prefix' || inputTokens < rule.minTokens ? 0 : inputTokens - cacheReadTokens
    return { inputTokens, cacheReadTokens, cacheWriteTokens, outputTokens: 10, reasoningTokens: 0 }
  }
  /** One response; the provider's own figures unless others are given. */
  function respond(account: string, features: Features, usage: Partial<Usage> = {}, facts: Partial<AttemptReceipt> = {}) {
    const target = at(account)
    const cache = promptCache.expect(target, features, features.inputTokens, promptCache.moment(features))
    const candidate = scriptedCandidate(target, { cache, cacheReadTokens: cache.readTokens, inputTokens: features.inputTokens })
    const reported = { ...usageOf(account, features), ...usage }
    promptCache.sent(target, candidate, features)
    keep(account, features)
    return promptCache.observe(target, candidate, features, scriptedAttempt(reported, facts))
  }
  function call(
    messages: readonly Message[],
    { account = 'one', usage = {}, ...facts }: Partial<Features> & { account?: string; usage?: Partial<Usage> } = {},
  ) {
    const features = promptOf(messages, facts)
    const collapse = respond(account, features, usage)
    promptCache.answered(features, account, [])
    return collapse
  }
  return { clock, promptCache, respond, call }
}

const conversation: readonly Message[] = [
  ['system', 1, 2_000],
  ['user', 2, 1_000],
  ['assistant', 3, 200],
  ['user', 4, 300],
  ['assistant', 5, 200],
  ['user', 6, 300],
]
const turns = [conversation.slice(0, 2), conversation.slice(0, 4), conversation] as const
const lost = { cacheReadTokens: 0, cacheWriteTokens: 0 }

test('what was lost is what could have been read, and costs what computing it costs over reading it', () => {
  const { call } = setUp()
  call(turns[0])
  call(turns[1])
  // 3,500 tokens before: 27 steps of 128.
  expect(call(turns[2], { usage: lost })).toEqual({
    target: 'one',
    model: 'm',
    cause: 'evicted',
    expectedTokens: 3_456,
    cachedTokens: 0,
    costUsd: (3_456 * (2 - 0.2)) / 1e6,
  })
})

test('where a lifetime is paid for, what was written again is charged at its own rate', () => {
  const { call } = setUp(marked)
  const hour = { cacheReadTokens: 0, cacheWriteTokens: 3_000, cacheWriteTokensByTtl: { '1h': 2_000 } }
  call(turns[0], { usage: hour })
  const again = { cacheReadTokens: 0, cacheWriteTokens: 3_500, cacheWriteTokensByTtl: { '1h': 2_000 } }
  const collapse = call([['system', 9, 2_000], ...turns[1].slice(1)], { usage: again })
  expect(collapse).toMatchObject({ cause: 'system-changed', block: 0, expectedTokens: 3_000 })
  expect(collapse?.costUsd).toBeCloseTo((2_000 * (4 - 0.2) + 1_000 * (2.5 - 0.2)) / 1e6, 12)
})

test('what lives longest is the beginning of a prompt, and lost first', () => {
  const { call } = setUp(marked)
  call(turns[0], { usage: { cacheReadTokens: 0, cacheWriteTokens: 3_000 } })
  const again = { cacheReadTokens: 1_400, cacheWriteTokens: 2_100, cacheWriteTokensByTtl: { '24h': 500, '1h': 1_600 } }
  const collapse = call([['system', 9, 2_000], ...turns[1].slice(1)], { usage: again })
  expect(collapse?.costUsd).toBeCloseTo((500 * (6 - 0.2) + 1_100 * (4 - 0.2)) / 1e6, 12)
})

test('a branch reads what it shares, and misses nothing of what it has left', () => {
  const { call } = setUp()
  const start: Message[] = [
    ['user', 1, 1_500],
    ['assistant', 2, 100],
  ]
  call(start.slice(0, 1))
  call([...start, ['user', 3, 6_000]])
  expect(call([...start, ['user', 4, 200]])).toBeUndefined()
})

test('a window that slides has changed its history, not its first message', () => {
  const { call } = setUp()
  const window = (from: number): Message[] => [
    ['system', 1, 100],
    ...Array.from({ length: 9 }, (_, at): Message => [(from + at) % 2 === 0 ? 'user' : 'assistant', 10 + from + at, 500]),
  ]
  call(window(0))
  expect(call(window(2))).toMatchObject({ cause: 'history-changed', block: 1 })
})

test('one event for one collapse: while it goes on for the same cause, nothing more is said', () => {
  const { call } = setUp()
  call(turns[0])
  const changed = (word: number, turn: readonly Message[]): Message[] => [['system', word, 2_000], ...turn.slice(1)]
  expect(call(changed(11, turns[1]))?.cause).toBe('system-changed')
  expect(call(changed(12, turns[2]))).toBeUndefined()
  expect(call([...changed(12, turns[2]), ['assistant', 7, 200], ['user', 8, 100]])).toBeUndefined()
  expect(call([...changed(13, turns[2]), ['assistant', 7, 200], ['user', 8, 100], ['assistant', 9, 100], ['user', 10, 9]])?.cause).toBe(
    'system-changed',
  )
})

test('the router has left a target and comes back: that was its decision', async () => {
  const { clock, call } = setUp()
  call(turns[0])
  call(turns[1], { account: 'two' })
  await clock.advance(2 * TTL_MS)
  expect(call(turns[2])).toBeUndefined()
})

test('a first call, a small prompt and half of a loss are none', () => {
  const { call } = setUp()
  expect(call(turns[2])).toBeUndefined()
  const small = (count: number, system: number): Message[] =>
    conversation.slice(0, count).map(([role, word], at) => [role, at === 0 ? system : word + 100, 120])
  call(small(4, 100))
  expect(call(small(6, 101), { usage: lost })).toBeUndefined()
  const { call: ask } = setUp()
  ask(turns[0])
  ask(turns[1])
  expect(ask(turns[2], { usage: { cacheReadTokens: 1_792 } })).toBeUndefined()
})

test('two that were on their way at once cannot have read what the other wrote', async () => {
  const { clock, promptCache, respond, call } = setUp()
  call(turns[0])
  call(turns[1])
  const first = promptOf(turns[2])
  await clock.advance(1_000)
  expect(respond('one', first, {}, { totalMs: 1_000 })).toBeUndefined()
  promptCache.answered(first, 'one', [])
  await clock.advance(100)
  expect(respond('one', promptOf(turns[2]), lost, { totalMs: 1_000 })).toBeUndefined()
})

test('the same question again after days is no conversation that was left alone', async () => {
  const { clock, call } = setUp()
  call(turns[0])
  await clock.advance(200 * TTL_MS)
  expect(call(turns[0])).toBeUndefined()
  expect(call(turns[1])).toBeUndefined()
  await clock.advance(200 * TTL_MS)
  expect(call(turns[2])?.cause).toBe('expired')
})

test('where nothing is marked nothing is missed; where more was added than a marker looks back, that is the cause', () => {
  const { promptCache, respond } = setUp(marked)
  const unmarked = (messages: readonly Message[]) => {
    const features = promptOf(messages)
    return { ...features, prefix: features.prefix.map(block => ({ ...block, marked: false })) }
  }
  const answered = (features: Features, usage: Partial<Usage> = {}) => {
    const collapse = respond('one', features, usage)
    promptCache.answered(features, 'one', [])
    return collapse
  }
  answered(promptOf(turns[0]))
  expect(answered(unmarked(turns[1]), lost)).toBeUndefined()
  answered(promptOf(turns[2]))
  const added = Array.from({ length: 20 }, (_, at): Message => ['tool', 50 + at, 20])
  expect(answered(promptOf([...turns[2], ...added]), lost)?.cause).toBe('out-of-reach')
})

test('a cache that hardly ever holds anything is not missed', () => {
  const { call } = setUp()
  for (let other = 0; other < 20; other += 1) {
    const mine = conversation.map(([role, word, tokens]): Message => [role, word + 100 * other, tokens])
    for (const length of [2, 4, 6]) call(mine.slice(0, length), { usage: lost })
  }
  expect(call(turns[0], { usage: lost })).toBeUndefined()
  expect(call([['system', 99, 2_000], ...turns[1].slice(1)], { usage: lost })).toBeUndefined()
})

test.each([
  ['auto', auto],
  ['marked', marked],
  ['implicit', implicit],
])('steady conversations never raise an event, whoever answers and however they interleave: %s', async (_, rule) => {
  const step = fc.record({
    who: fc.integer({ min: 0, max: 3 }),
    account: fc.constantFrom('one', 'two'),
    hedged: fc.boolean(),
    waitMs: fc.integer({ min: 0, max: 60_000 }),
    added: fc.array(fc.integer({ min: 1, max: 3_000 }), { minLength: 1, maxLength: 6 }),
    session: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async steps => {
      const { clock, promptCache, respond } = setUp(rule)
      const said: Message[][] = Array.from({ length: 4 }, (_each, who) => [
        ['system', 1, 1_500],
        ['user', 10 + who, 400],
      ])
      const last: { account: string; at: number }[] = []
      let word = 100
      for (const { who, account, hedged, waitMs, added, session } of steps) {
        await clock.advance(waitMs)
        // A pause beyond the lifetime is no steady conversation; the router goes elsewhere as it likes.
        if (clock.now() - (last[who]?.at ?? clock.now()) >= TTL_MS) continue
        const features = promptOf(said[who]!, session ? { caller: { session: `s${who}` } } : {})
        const asked = hedged ? [account === 'one' ? 'two' : 'one', account] : [account]
        expect(asked.map(each => respond(each, features)).filter(collapse => collapse !== undefined)).toEqual([])
        promptCache.answered(features, account, [])
        last[who] = { account, at: clock.now() }
        said[who]!.push(['assistant', (word += 1), added[0]!], ...added.map((tokens): Message => ['tool', (word += 1), tokens]))
      }
    }),
    { numRuns: 60 },
  )
})
