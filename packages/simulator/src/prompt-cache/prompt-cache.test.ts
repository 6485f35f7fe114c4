import type { CacheRule } from '@routewise/core'
import { expect, test } from 'vitest'
import { hashText, seededRandom } from '../seed.ts'
import type { CacheMarker, PromptBlock, SimRequest } from '../types.ts'
import { createPromptCache } from './prompt-cache.ts'
import { sequenceOf } from './sequence.ts'

const byWord = {
  encode: (text: string) =>
    text
      .split(' ')
      .filter(Boolean)
      .map(word => hashText(word)),
  count: (text: string) => text.split(' ').length,
}
const words = (name: string, count: number): string => Array.from({ length: count }, (_, index) => `${name}${index}`).join(' ')
const block = (text: string, cache?: CacheMarker): PromptBlock => ({ section: 'messages', role: 'user', text, ...(cache && { cache }) })

const openaiOld: CacheRule = {
  kind: 'auto-prefix',
  minTokens: 1024,
  stepTokens: 128,
  ttls: [{ id: '5m', seconds: 300, sliding: true }],
  key: { via: 'body:prompt_cache_key', softRequestsPerMinute: 15 },
  readableAfter: 'first-token',
  scope: 'org',
  guaranteed: false,
}
const anthropic: CacheRule = {
  kind: 'breakpoints',
  minTokens: 512,
  maxWrites: 4,
  lookback: 20,
  ttls: [
    { id: '5m', seconds: 300, sliding: true },
    { id: '1h', seconds: 3600, sliding: true },
  ],
  readableAfter: 'first-token',
  scope: 'workspace',
  guaranteed: true,
}
const deepseek: CacheRule = {
  ...openaiOld,
  kind: 'prefix-units',
  minTokens: 0,
  ttls: [{ id: '2h', seconds: 7200, sliding: true }],
  readableAfter: 'response-end',
}

interface Ask {
  account?: string
  model?: string
  mode?: SimRequest['promptCache']['mode']
  key?: string
  billsWrites?: boolean
  /** The model's answer, once it is complete. */
  output?: PromptBlock
}

/** A provider with one rule and a clock of its own; each call is a request that is answered at once. */
function provider(rule: CacheRule) {
  const cache = createPromptCache({ random: seededRandom('test') })
  const time = { ms: 0 }
  const sequence = (blocks: readonly PromptBlock[]) => sequenceOf(blocks, byWord, 1, rule.stepTokens ?? 64)
  const plan = (blocks: readonly PromptBlock[], { account = 'a', model = 'm', mode = 'automatic', key, billsWrites = false }: Ask = {}) =>
    cache.plan({
      rule,
      sequence: sequence(blocks),
      account,
      model,
      promptCache: { mode, ...(key !== undefined && { key }) },
      billsWrites,
      nowMs: time.ms,
    })
  const ask = (blocks: readonly PromptBlock[], options: Ask = {}) => {
    const { commit, ...planned } = plan(blocks, options)
    commit(options.output && sequence([...blocks, options.output]))
    return planned
  }
  return { ask, plan, time }
}

test('an automatic prefix is read in whole steps, from the minimum on, never to the last token', () => {
  const { ask } = provider(openaiOld)
  const long = block(words('a', 2006))
  expect(ask([long]).readTokens).toBe(0)
  expect(ask([long])).toEqual({ readTokens: 1920, writeTokens: 0, writeTokensByTtl: {} })
  expect(ask([long, block('more')]).readTokens).toBe(1920)
  const exact = block(words('b', 1280))
  ask([exact])
  expect(ask([exact]).readTokens).toBe(1152)
  const short = block(words('c', 1000))
  ask([short])
  expect(ask([short]).readTokens).toBe(0)
})

test('two prompts share what they have in common, also within a block', () => {
  const { ask } = provider(openaiOld)
  ask([block(`${words('a', 1500)} ${words('b', 500)}`)])
  expect(ask([block(`${words('a', 1500)} ${words('c', 500)}`)]).readTokens).toBe(1408)
})

test('a change at the beginning leaves nothing to read', () => {
  const { ask } = provider(openaiOld)
  ask([block('one'), block(words('a', 2000))])
  expect(ask([block('two'), block(words('a', 2000))]).readTokens).toBe(0)
})

test('accounts and models never share', () => {
  const { ask } = provider(openaiOld)
  const prompt = [block(words('a', 2000))]
  ask(prompt)
  expect(ask(prompt, { account: 'b' }).readTokens).toBe(0)
  expect(ask(prompt, { model: 'other' }).readTokens).toBe(0)
})

test('entries expire, and a hit starts their life anew', () => {
  const { ask, time } = provider(openaiOld)
  const prompt = [block(words('a', 2000))]
  ask(prompt)
  time.ms = 299_000
  expect(ask(prompt).readTokens).toBe(1920)
  time.ms = 598_000
  expect(ask(prompt).readTokens).toBe(1920)
  time.ms = 898_001
  expect(ask(prompt).readTokens).toBe(0)
})

test('parallel twins both miss: an entry is readable only after it is committed', () => {
  const { plan } = provider(openaiOld)
  const prompt = [block(words('a', 2000))]
  const first = plan(prompt)
  const twin = plan(prompt)
  expect([first.readTokens, twin.readTokens]).toEqual([0, 0])
  first.commit()
  expect(plan(prompt).readTokens).toBe(1920)
})

test('more than 15 requests a minute for one prefix spill to another machine', () => {
  const { ask, time } = provider(openaiOld)
  const prompt = [block(words('a', 2000))]
  const reads = Array.from({ length: 17 }, () => ask(prompt, { key: 'k' }).readTokens)
  expect(reads[0]).toBe(0)
  expect(reads.slice(1, 15).every(read => read === 1920)).toBe(true)
  expect(reads[15]).toBe(0)
  expect(reads[16]).toBe(1920)
  time.ms = 61_000
  expect(ask(prompt, { key: 'k' }).readTokens).toBe(1920)
  expect(ask(prompt, { key: 'another' }).readTokens).toBe(0)
})

test('with cache markers the rate counts for all prefixes of a key together', () => {
  const marked: CacheRule = { ...anthropic, minTokens: 1024, ...(openaiOld.key && { key: openaiOld.key }) }
  const { ask } = provider(marked)
  const mine = [block(words('a', 2000))]
  ask(mine, { key: 'k' })
  for (let other = 0; other < 14; other += 1) ask([block(words(`b${other}`, 2000))], { key: 'k' })
  expect(ask(mine, { key: 'k' }).readTokens).toBe(0)
  ask(mine, { key: 'own' })
  expect(ask(mine, { key: 'own' }).readTokens).toBe(2000)
})

test('only what ends at a breakpoint is written, and only there is it read', () => {
  const { ask } = provider(anthropic)
  const system = block(words('s', 1000), {})
  expect(ask([system, block(words('u', 600))], { mode: 'explicit' })).toEqual({ readTokens: 0, writeTokens: 1000, writeTokensByTtl: {} })
  expect(ask([system, block('other')], { mode: 'explicit' })).toEqual({ readTokens: 1000, writeTokens: 0, writeTokensByTtl: {} })
  expect(ask([block(words('s', 1000)), block('no marker')], { mode: 'explicit' })).toMatchObject({ readTokens: 0, writeTokens: 0 })
  expect(ask([system, block(words('v', 300)), block('end', {})], { mode: 'explicit' })).toMatchObject({
    readTokens: 1000,
    writeTokens: 301,
  })
})

test('a marker below the minimum is silently left alone', () => {
  const { ask } = provider(anthropic)
  const short = [block(words('s', 500), {})]
  expect(ask(short, { mode: 'explicit' })).toMatchObject({ writeTokens: 0 })
  expect(ask(short, { mode: 'explicit' })).toMatchObject({ readTokens: 0 })
})

test('a read looks back over twenty blocks, the breakpoint being the first', () => {
  const turns = (count: number) => Array.from({ length: count }, (_, index) => block(`turn${index}`))
  const found = (added: number) => {
    const { ask } = provider(anthropic)
    ask([block(words('s', 1000), {})], { mode: 'explicit' })
    return ask([block(words('s', 1000)), ...turns(added - 1), block('now', {})], { mode: 'explicit' }).readTokens
  }
  expect(found(19)).toBe(1000)
  expect(found(20)).toBe(0)
})

test('an hour costs its own rate, and outlives five minutes', () => {
  const { ask, time } = provider(anthropic)
  const prompt = [block(words('s', 1000), { ttl: '1h' }), block(words('u', 600), {})]
  expect(ask(prompt, { mode: 'explicit' })).toEqual({ readTokens: 0, writeTokens: 1600, writeTokensByTtl: { '1h': 1000 } })
  time.ms = 600_000
  expect(ask(prompt, { mode: 'explicit' })).toEqual({ readTokens: 1000, writeTokens: 600, writeTokensByTtl: {} })
})

test('in automatic mode the latest message is a breakpoint, and the next turn reads it', () => {
  const { ask } = provider({ ...anthropic, minTokens: 1024, lookback: 80 })
  const first = [block(words('s', 1200)), block('question')]
  expect(ask(first)).toMatchObject({ readTokens: 0, writeTokens: 1201 })
  expect(ask([...first, block('answer'), block('next question')])).toMatchObject({ readTokens: 1201, writeTokens: 3 })
})

test('off neither reads nor writes', () => {
  const { ask } = provider(openaiOld)
  const prompt = [block(words('a', 2000))]
  ask(prompt)
  expect(ask(prompt, { mode: 'off' })).toMatchObject({ readTokens: 0, writeTokens: 0 })
})

test('prefix units: a follow-up reads input and answer, a sibling misses until the third', () => {
  const { ask } = provider(deepseek)
  const system = block(words('s', 640))
  const answer: PromptBlock = { section: 'messages', role: 'assistant', text: words('o', 50) }
  expect(ask([system, block('first')], { output: answer }).readTokens).toBe(0)
  expect(ask([system, block('first'), answer, block('and then')], { output: answer }).readTokens).toBe(691)
  expect(ask([system, block('second')]).readTokens).toBe(0)
  expect(ask([system, block('third')]).readTokens).toBe(640)
})

test('prefix units: a hit starts a unit’s life anew', () => {
  const { ask, time } = provider(deepseek)
  const prompt = [block(words('s', 640))]
  ask(prompt)
  time.ms = 7_000_000
  expect(ask([...prompt, block('first')]).readTokens).toBe(640)
  time.ms = 14_000_000
  expect(ask([...prompt, block('second')]).readTokens).toBe(640)
})

test('where the cache belongs to a server, a key finds it again and chance may not', () => {
  const { ask } = provider({ ...openaiOld, scope: 'server', key: { via: 'header:x-grok-conv-id' }, minTokens: 128 })
  const prompt = [block(words('a', 2000))]
  ask(prompt, { key: 'conversation' })
  expect(ask(prompt, { key: 'conversation' }).readTokens).toBe(1920)
  const reads = Array.from(
    { length: 12 },
    (_, index) => ask([block(words(`b${index}`, 2000))]) && ask([block(words(`b${index}`, 2000))]).readTokens,
  )
  expect(reads).toContain(0)
  expect(reads).toContain(1920)
})

test('a provider that charges automatic writes is told how much was written', () => {
  const { ask } = provider(openaiOld)
  const prompt = [block(words('a', 2000))]
  expect(ask(prompt, { billsWrites: true })).toMatchObject({ readTokens: 0, writeTokens: 1920 })
  expect(ask(prompt, { billsWrites: true })).toMatchObject({ readTokens: 1920, writeTokens: 0 })
})

test('tokens are the model’s own: a denser tokenizer has more of them', () => {
  const sequence = sequenceOf([block(words('a', 1000))], byWord, 1.3, 128)
  expect(sequence.tokens).toBe(1300)
  expect(sequence.steps.at(-1)?.tokens).toBe(1280)
})
