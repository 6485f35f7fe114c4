import fc from 'fast-check'
import { expect, test } from 'vitest'
import { lintPrefix } from '../lint/prefix-lint.ts'
import { scriptedCard } from '../testing/index.ts'
import { compactHistory } from './compact-history.ts'
import { compactPays } from './compact-pays.ts'
import { type HistoryRole, roleOfMessage, tokensOfMessage } from './message.ts'
import { trimHistory } from './trim-history.ts'

interface Message {
  role: HistoryRole
  id: number
  tokens: number
  /** Of a tool's result: the message that has called it. */
  call?: number
}
const reader = { roleOf: ({ role }: Message) => role, tokensOf: ({ tokens }: Message) => tokens }

/** Conversations of user's turns, each with some rounds of tool calls before its answer. */
const conversations = fc
  .array(
    fc.record({
      size: fc.integer({ min: 1, max: 300 }),
      rounds: fc.array(fc.record({ results: fc.integer({ min: 1, max: 3 }), size: fc.integer({ min: 1, max: 200 }) }), { maxLength: 6 }),
    }),
    {
      minLength: 1,
      maxLength: 40,
    },
  )
  .map(turns => {
    const messages: Message[] = [{ role: 'system', id: 0, tokens: 100 }]
    const push = (message: Omit<Message, 'id'>) => messages.push({ ...message, id: messages.length })
    for (const { size, rounds } of turns) {
      push({ role: 'user', tokens: size })
      for (const { results, size: each } of rounds) {
        push({ role: 'assistant', tokens: 20 })
        const call = messages.length - 1
        for (let result = 0; result < results; result += 1) push({ role: 'tool', tokens: each, call })
      }
      push({ role: 'assistant', tokens: 50 })
    }
    return messages
  })

/** What is sent on each call: all up to a user's message or a tool's last result. */
const prompts = (messages: readonly Message[]): Message[][] =>
  messages.flatMap(({ role }, at) =>
    (role === 'user' || role === 'tool') && messages[at + 1]?.role === 'assistant' ? [messages.slice(0, at + 1)] : [],
  )

test('for all conversations: within the size, pairs kept, no orphan first, order kept, and the same again', () => {
  fc.assert(
    fc.property(conversations, fc.boolean(), fc.integer({ min: 2_500, max: 6_000 }), (messages, keepFirstUser, maxTokens) => {
      for (const prompt of prompts(messages)) {
        const trimmed = trimHistory(prompt, { ...reader, maxTokens, keepFirstUser })
        const ids = trimmed.map(({ id }) => id)
        expect(trimmed.reduce((sum, { tokens }) => sum + tokens, 0)).toBeLessThanOrEqual(maxTokens)
        expect(ids).toEqual(ids.toSorted((a, b) => a - b))
        expect(ids[0]).toBe(0)
        expect(trimmed[1]!.role).toBe('user')
        expect(ids.slice(0, 2)).toEqual(keepFirstUser ? [0, 1] : ids.slice(0, 2))
        expect(trimmed.at(-1)).toBe(prompt.at(-1))
        // A result is there if, and only if, its call is.
        expect(trimmed.filter(({ call }) => call !== undefined)).toEqual(
          prompt.filter(({ call }) => call !== undefined && ids.includes(call)),
        )
        expect(trimHistory([...prompt], { ...reader, maxTokens, keepFirstUser })).toEqual(trimmed)
      }
    }),
    { numRuns: 20 },
  )
})

const begins = (now: readonly Message[], before: readonly Message[]) => before.every(({ id }, at) => now[at]?.id === id)

test('for all conversations: the cut moves once in a step, not with every call', () => {
  fc.assert(
    fc.property(conversations, fc.integer({ min: 3_000, max: 6_000 }), (messages, maxTokens) => {
      const trimmed = prompts(messages).map(prompt => trimHistory(prompt, { ...reader, maxTokens }))
      const moves = trimmed.filter((now, at) => at > 0 && !begins(now, trimmed[at - 1]!)).length
      const total = messages.reduce((sum, { tokens }) => sum + tokens, 0)
      expect(moves).toBeLessThanOrEqual(Math.ceil(Math.max(0, total - maxTokens) / (maxTokens / 4)) + 1)
    }),
    { numRuns: 100 },
  )
})

test('over 100 turns the prefix changes a few times, where that of a sliding window changes on nearly every one', () => {
  const turns = Array.from({ length: 100 }, (_, turn) => turn)
  const messages = turns.flatMap((turn): Message[] => [
    { role: 'user', id: 2 * turn, tokens: 120 },
    { role: 'assistant', id: 2 * turn + 1, tokens: 180 },
  ])
  const asked = turns.map(turn => messages.slice(0, 2 * turn + 1))
  const changes = (list: readonly (readonly Message[])[]) => list.filter((now, at) => at > 0 && !begins(now, list[at - 1]!)).length
  const maxTokens = 4_000
  const sliding = asked.map(prompt => {
    let from = 0
    while (prompt.slice(from).reduce((sum, { tokens }) => sum + tokens, 0) > maxTokens) from += 2
    return prompt.slice(from)
  })
  expect(changes(sliding)).toBe(87)
  expect(changes(asked.map(prompt => trimHistory(prompt, { ...reader, maxTokens })))).toBeLessThanOrEqual(27)
  expect(changes(asked.map(prompt => trimHistory(prompt, { ...reader, maxTokens, stepTokens: 2_000 })))).toBeLessThanOrEqual(14)
})

test('what the lint calls a sliding window it has nothing to say of when it is cut in steps', () => {
  const text = (name: string) => Array.from({ length: 12 }, (_, at) => `${name}, sentence ${at}, says something of its own.`).join(' ')
  const messages = Array.from(
    { length: 120 },
    (_, at) => ({ role: at % 2 === 0 ? 'user' : 'assistant', content: text(`Message ${at}`) }) as const,
  )
  const asked = Array.from({ length: 60 }, (_, turn) => messages.slice(0, 2 * turn + 1))
  const lint = (list: readonly (readonly { role: 'user' | 'assistant'; content: string }[])[]) =>
    lintPrefix(list.map(prompt => ({ session: 's', blocks: prompt.map(({ role, content }) => ({ role, texts: [content] })) })))
  const sliding = lint(asked.map(prompt => prompt.slice(-31)))
  const stepped = lint(asked.map(prompt => trimHistory(prompt, { maxTokens: 6_000 })))
  expect(sliding.findings[0]?.reason.type).toBe('sliding-window')
  expect(stepped.findings).toEqual([])
  expect(stepped.readableTokens / stepped.inputTokens).toBeGreaterThan(0.7)
  expect(sliding.readableTokens / sliding.inputTokens).toBeLessThan(0.4)
})

test('what is under way stays, even where it is too long by itself, and so does the question it answers', () => {
  const messages: Message[] = [
    { role: 'user', id: 0, tokens: 10 },
    { role: 'assistant', id: 1, tokens: 10 },
    { role: 'user', id: 2, tokens: 10 },
    { role: 'assistant', id: 3, tokens: 10 },
    { role: 'tool', id: 4, tokens: 5_000, call: 3 },
  ]
  expect(trimHistory(messages, { ...reader, maxTokens: 100 }).map(({ id }) => id)).toEqual([2, 3, 4])
})

test('results whose call was cut off by somebody else are left out', () => {
  const messages: Message[] = [
    { role: 'system', id: 0, tokens: 5 },
    { role: 'tool', id: 1, tokens: 5 },
    { role: 'user', id: 2, tokens: 5 },
  ]
  expect(trimHistory(messages, { ...reader, maxTokens: 100 }).map(({ id }) => id)).toEqual([0, 2])
})

test('reads messages of LangChain, the AI SDK and OpenAI without being told how', () => {
  const call = { city: 'Bonn', days: 3 }
  const asOpenAI = {
    role: 'assistant',
    content: 'Let me see.',
    tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'weather', arguments: JSON.stringify(call) } }],
  }
  const asSdk = {
    role: 'assistant',
    content: [
      { type: 'text', text: 'Let me see.' },
      { type: 'tool-call', toolCallId: 'call_1', toolName: 'weather', input: call },
    ],
  }
  const asLangChain = { type: 'ai', content: 'Let me see.', tool_calls: [{ id: 'call_1', name: 'weather', args: call }] }
  for (const message of [asOpenAI, asSdk, asLangChain]) {
    expect(roleOfMessage(message)).toBe('assistant')
    expect(tokensOfMessage(message)).toBeGreaterThanOrEqual(12)
    expect(tokensOfMessage(message)).toBeLessThanOrEqual(26)
  }
  expect(roleOfMessage({ type: 'human' })).toBe('user')
  expect(roleOfMessage({ role: 'developer' })).toBe('system')
  const image = { role: 'user', content: [{ type: 'image_url', image_url: { url: `data:image/png;base64,${'A'.repeat(1_000_000)}` } }] }
  expect(tokensOfMessage(image)).toBeLessThan(5_000)
  expect(() => roleOfMessage({ role: 'narrator' })).toThrow('give `roleOf`')
})

test('wrong options are refused by name, value and remedy', () => {
  expect(() => trimHistory([], { maxTokens: 0 })).toThrow('`maxTokens` is 0')
  expect(() => trimHistory([], { maxTokens: 100, stepTokens: 80 })).toThrow('at most half')
  expect(() => compactPays({ replacedTokens: -1, summaryTokens: 1, remainingCalls: 1, prices: { rates } })).toThrow(
    '`replacedTokens` is -1',
  )
  expect(() =>
    compactPays({
      replacedTokens: 1,
      summaryTokens: 1,
      remainingCalls: 1,
      prices: { card: scriptedCard('free', { prices: [] }), wallMs: 0 },
    }),
  ).toThrow('price of free')
})

const rates = { input: 2, output: 10, cacheRead: 0.2, cacheWrite: 2.5 }

test('a summary pays when enough calls follow; the sum is told', () => {
  const offer = { headTokens: 5_000, replacedTokens: 40_000, summaryTokens: 500, tailTokens: 4_000, prices: { rates } }
  const few = compactPays({ ...offer, remainingCalls: 2 })
  // 45,000 read and 500 said; 4,500 written where they could have been read; 39,500 less to read, twice.
  expect(few.summaryUsd).toBeCloseTo((45_000 * 0.2 + 500 * 10) / 1e6, 12)
  expect(few.rewriteUsd).toBeCloseTo((4_500 * 2.3) / 1e6, 12)
  expect(few.savedUsd).toBeCloseTo((2 * 39_500 * 0.2) / 1e6, 12)
  expect(few.netUsd).toBeCloseTo(few.savedUsd - few.summaryUsd - few.rewriteUsd, 12)
  expect(few).toMatchObject({ pays: false, breakEvenCalls: 4 })
  expect(compactPays({ ...offer, remainingCalls: 3 }).pays).toBe(false)
  expect(compactPays({ ...offer, remainingCalls: 4 }).pays).toBe(true)
  // What is cold is to be read anew in any case: then it is the sooner.
  expect(compactPays({ ...offer, remainingCalls: 2, warmShare: 0 }).pays).toBe(true)
})

test('a context cliff makes a summary pay at once', () => {
  const tiers = [{ thresholdTokens: 200_000, inclusive: false, rates: { ...rates, input: 4, cacheRead: 0.4, cacheWrite: 5 } }]
  const prices = { card: scriptedCard('m', { prices: [{ rates, tiers }] }), wallMs: 0 }
  const offer = { replacedTokens: 30_000, summaryTokens: 500, tailTokens: 180_000, remainingCalls: 20 }
  expect(compactPays({ ...offer, prices: { rates } }).pays).toBe(false)
  expect(compactPays({ ...offer, prices }).pays).toBe(true)
})

test('a conversation is compacted only when that pays, its pairs kept, and the summary asked for once', async () => {
  const messages: Message[] = [{ role: 'system', id: 0, tokens: 1_000 }]
  for (let turn = 0; turn < 20; turn += 1) {
    messages.push({ role: 'user', id: messages.length, tokens: 200 }, { role: 'assistant', id: messages.length + 1, tokens: 100 })
    messages.push(
      { role: 'tool', id: messages.length, tokens: 1_500, call: messages.length - 1 },
      { role: 'assistant', id: messages.length + 1, tokens: 300 },
    )
  }
  const asked: number[] = []
  const options = {
    ...reader,
    keepTokens: 5_000,
    prices: { rates },
    summarise: async (replaced: readonly Message[]): Promise<Message> => {
      asked.push(replaced.length)
      return { role: 'user', id: 1_000, tokens: 500 }
    },
  }
  const early = await compactHistory(messages, { ...options, remainingCalls: 1 })
  expect(early).toMatchObject({ compacted: false, messages, compaction: { pays: false } })
  const late = await compactHistory(messages, { ...options, remainingCalls: 30 })
  expect(asked).toEqual([72])
  expect(late).toMatchObject({ compacted: true, compaction: { pays: true } })
  expect(late.messages.slice(0, 3).map(({ role, id }) => `${role} ${id}`)).toEqual(['system 0', 'user 1000', 'user 73'])
  expect(late.messages.at(-1)).toBe(messages.at(-1))
  expect(await compactHistory(late.messages, { ...options, remainingCalls: 30 })).toMatchObject({ compacted: false })
})
