// Random conversations against the simulator's caches: what our table expects to be read is what they report, to the token, under every rule.
import type { CacheRule, PrefixBlock, Usage } from '@routewise/core'
import { findModel } from '@routewise/catalog'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { note } from '../../packages/core/src/cache-table/note.ts'
import { markedBlocks, markersOf, mostReadable, ttlAt, ttlIndex, writable } from '../../packages/core/src/cache-table/rule.ts'
import { createCacheTable } from '../../packages/core/src/cache-table/table.ts'
import { createPromptCache } from '../../packages/simulator/src/prompt-cache/prompt-cache.ts'
import { sequenceOf } from '../../packages/simulator/src/prompt-cache/sequence.ts'
import type { PromptBlock } from '../../packages/simulator/src/types.ts'

/** Every word is a token of its own number. */
const tokenizer = {
  encode: (text: string) => text.split(' ').filter(Boolean).map(Number),
  count: (text: string) => text.split(' ').filter(Boolean).length,
}
/** No multiple of a step: where a prompt ends on one, providers differ by a token. */
const TOKENS_PER_UNIT = 137

interface Message {
  /** Which message this is among those that could stand at its place, and how many times 137 tokens it has. */
  variant: number
  units: number
  marked: boolean
}
interface Turn {
  /** Which of the prompts that were sent it goes on from, counted from the latest; 0 begins anew. */
  from: number
  /** Messages of that prompt that it keeps, from the end. */
  drops: number
  messages: readonly Message[]
  pauseMs: number
  ttl: number
}

/** What the model says, always. */
const ANSWER: Message = { variant: 0, units: 2, marked: false }

const message: fc.Arbitrary<Message> = fc.record({
  variant: fc.integer({ min: 0, max: 2 }),
  units: fc.constantFrom(1, 2, 5, 12),
  marked: fc.boolean(),
})
const turn: fc.Arbitrary<Turn> = fc.record({
  from: fc.integer({ min: 0, max: 4 }),
  drops: fc.constantFrom(0, 0, 0, 0, 1, 2),
  messages: fc.array(message, { minLength: 1, maxLength: 3 }),
  pauseMs: fc.constantFrom(1_000, 1_000, 20_000, 200_000, 400_000, 4_000_000),
  ttl: fc.integer({ min: 0, max: 1 }),
})

/** A message of the user, then one of the model, in turns; the text of one depends on its place and its variant. */
const role = (at: number): 'user' | 'assistant' => (at % 2 === 1 ? 'assistant' : 'user')
const textOf = ({ variant, units }: Message, at: number): string =>
  Array.from({ length: units * TOKENS_PER_UNIT }, (_, token) => 1 + token + 10_000 * (variant + 3 * (at + 100 * units))).join(' ')

function playAgainst(rule: CacheRule, turns: readonly Turn[], tokenFactor = 1) {
  const provider = createPromptCache({ random: () => 0, maxEntries: 20_000 })
  const table = createCacheTable()
  const cache = 0
  const stepTokens = (rule.stepTokens ?? 1) > 1 ? rule.stepTokens! : 64
  const sent: (readonly Message[])[] = []
  const seen: { predicted: number; reported: number; writes: number; written: number }[] = []
  let nowMs = 0
  for (const { from, drops, messages, pauseMs, ttl } of turns) {
    nowMs += pauseMs
    const before = from === 0 ? [] : (sent[sent.length - from] ?? [])
    const kept = before.slice(0, Math.max(0, before.length - drops))
    const prompt = [...kept, ...messages].map((one, at) => (role(at) === 'assistant' ? { ...ANSWER, marked: one.marked } : one))
    sent.push(prompt)
    const ttlId = rule.ttls[ttl]?.id
    const blocks = prompt.map((one, at): PromptBlock => ({
      section: 'messages',
      role: role(at),
      text: textOf(one, at),
      ...(one.marked && { cache: {} }),
    }))
    let tokens = 0
    const keys: string[] = []
    const prefix = prompt.map((one, at): PrefixBlock => {
      tokens += one.units * TOKENS_PER_UNIT
      keys.push(`${one.variant}/${one.units}`)
      return {
        hash: idOf(keys.join()),
        digest: 0,
        tokens,
        parts: at + 1,
        role: role(at),
        marked: one.marked && rule.kind === 'breakpoints',
      }
    })
    const sequence = sequenceOf(blocks, tokenizer, tokenFactor, stepTokens)
    const planned = provider.plan({
      rule,
      sequence,
      account: 'a',
      model: 'm',
      promptCache: {
        mode: rule.implicitBreakpoint === true ? 'automatic' : rule.kind === 'breakpoints' ? 'explicit' : 'automatic',
        key: 'k',
        ...(ttlId !== undefined && rule.kind !== 'breakpoints' && { ttl: ttlId }),
      },
      billsWrites: rule.kind === 'breakpoints',
      nowMs,
    })

    const markers = markersOf(rule, prefix, markedBlocks(prefix), undefined)
    const known = table.lookUp(prefix).of(cache)
    const counted = { prefix, inputTokens: sequence.tokens, tokensPerO200k: tokenFactor }
    const isLive = (usedAt: number, at: number) => (nowMs - usedAt < ttlAt(rule, at).seconds * 1_000 ? 1 : 0)
    const limits = { stepTokens, minTokens: rule.minTokens }
    const { tokens: held, chance } = mostReadable(rule, known, 0, counted, markers, limits, holding => isLive(holding.usedAt, holding.ttl))
    const predicted = held < rule.minTokens ? 0 : held * chance
    const { tokens: writes } = writable(rule, counted, markers, predicted, known, limits)
    seen.push({ predicted, reported: planned.readTokens, writes, written: planned.writeTokens })

    const answered = role(prompt.length) === 'assistant'
    const output: PromptBlock = { section: 'messages', role: 'assistant', text: textOf(ANSWER, prompt.length) }
    planned.commit(answered ? sequenceOf([...blocks, output], tokenizer, tokenFactor, stepTokens) : undefined)
    const usage: Usage = {
      inputTokens: sequence.tokens,
      cacheReadTokens: planned.readTokens,
      cacheWriteTokens: planned.writeTokens,
      outputTokens: 0,
      reasoningTokens: 0,
    }
    const whole = rule.kind === 'breakpoints' ? 0 : ttlIndex(rule, ttlId)
    note(table.tree, table.records, { cache, lane: 0, rule, prefix, usage, sentAt: nowMs, markers, ttl: whole, stepTokens, answered })
  }
  return seen
}

const ids = new Map<string, number>()
/** A number for each text, spread as hashes are. */
function idOf(text: string): number {
  const known = ids.get(text)
  if (known !== undefined) return known
  const id = (Math.imul(ids.size + 1, 0x9e3779b1) >>> 0) + ids.size * 0x1_0000_0000
  ids.set(text, id)
  return id
}

const ruleOf = (id: string, changes: Partial<CacheRule> = {}): CacheRule => {
  const card = findModel(id)
  if (card === undefined) throw new Error(`the catalogue has no ${id}`)
  // One machine: which of several a request lands on is another story.
  const { key, ...rule } = card.cache
  expect(key === undefined || key.via.length > 0).toBe(true)
  return { ...rule, ...changes, scope: 'org' }
}
const rules: readonly (readonly [string, CacheRule])[] = [
  ['OpenAI before 5.6', ruleOf('gpt-4.1')],
  ['OpenAI, kept for a day', ruleOf('gpt-5.5')],
  ['OpenAI from 5.6 on', ruleOf('gpt-6-luna')],
  ['Anthropic', ruleOf('claude-sonnet-5')],
  ['Gemini', ruleOf('gemini-2.5-flash')],
  ['Groq', ruleOf('openai/gpt-oss-120b')],
  ['xAI', ruleOf('grok-4.6')],
  ['Mistral', ruleOf('mistral-medium-3-5')],
  ['Qwen', ruleOf('qwen3.7-max')],
  ['Kimi', ruleOf('kimi-k3')],
  ['DeepSeek', ruleOf('deepseek-v4-pro')],
]

test.each(rules)('%s: what is expected to be read is what is read', (_, rule) => {
  let read = 0
  fc.assert(
    fc.property(fc.array(turn, { minLength: 1, maxLength: 25 }), turns => {
      const seen = playAgainst(rule, turns)
      read += seen.reduce((sum, { reported }) => sum + reported, 0)
      expect(seen.map(({ predicted }) => predicted)).toEqual(seen.map(({ reported }) => reported))
    }),
    { numRuns: 60, seed: 20_261_121 },
  )
  expect(read).toBeGreaterThan(0)
})
