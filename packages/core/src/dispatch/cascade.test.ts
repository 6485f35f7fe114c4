import { expect, test } from 'vitest'
import { costOf } from '../money/cost.ts'
import { answer, scriptedCandidate, scriptedCard, scriptedDialect, scriptedTarget, type ScriptStep } from '../testing/index.ts'
import { setUp } from '../testing/scripted-router.ts'
import type { Candidate, Judge, Rates, Verdict } from '../types.ts'
import { payingPlan } from './cascade.ts'

const pricey = { prices: [{ rates: { input: 100, output: 200 } }], quality: { default: 0.99 } }
const cheap = { quality: { default: 0.7 } }
/** Accepts what contains "good". */
const good: Judge = { name: 'good', judge: ({ text }) => ({ accepted: text.includes('good'), score: text.includes('fair') ? 0.4 : 0.1 }) }
const pair =
  (draft: readonly ScriptStep[] | readonly (readonly ScriptStep[])[], strong: readonly ScriptStep[] = answer('good, from strong')) =>
  (clock: Parameters<typeof scriptedTarget>[1]) => [
    scriptedTarget('draft', clock, draft, { card: cheap }),
    scriptedTarget('strong', clock, strong, { card: pricey }),
  ]
const ends = (receipt: ReturnType<ReturnType<typeof setUp>['start']>['result']['receipt']) =>
  receipt?.attempts.map(({ target, reason, end }) => `${target} ${reason} ${end.type}`)

test('an accepted draft is the answer, and nobody else is called', async () => {
  const { clock, start } = setUp(pair(answer('good enough')), { judge: good })
  const { result } = start()
  await clock.advance(0)
  expect(result.text).toBe('good enough')
  expect(ends(result.receipt)).toEqual(['draft first answered'])
  expect(result.receipt?.attempts[0]?.verdict).toEqual({ accepted: true, score: 0.1 })
})

test('of a rejected draft nothing is seen but its cost and the verdict', async () => {
  const { clock, start } = setUp(pair(answer('a poor one')), { judge: good })
  const { result } = start()
  await clock.advance(0)
  expect(result.text).toBe('good, from strong')
  expect(ends(result.receipt)).toEqual(['draft first rejected', 'strong escalation answered'])
  expect(result.receipt).toMatchObject({
    target: 'strong',
    estimated: false,
    attempts: [{ costNanoUsd: 20_000, verdict: { accepted: false } }, {}],
  })
})

test('a slow judge is waited for, and one that throws costs nobody an answer', async () => {
  let decide = (_: Verdict) => {}
  const slow: Judge = { name: 'slow', judge: () => new Promise<Verdict>(resolve => (decide = resolve)) }
  const first = setUp(pair(answer('draft')), { judge: slow })
  const { result } = first.start()
  await first.clock.advance(5_000)
  expect(result.text).toBe('')
  decide({ accepted: true })
  await first.clock.settle()
  expect(result.text).toBe('draft')
  for (const judge of [
    () => {
      throw new Error('no')
    },
    () => Promise.reject(new Error('no')),
    () => undefined,
  ]) {
    const second = setUp(pair(answer('draft')), { judge: { name: 'broken', judge } })
    const call = second.start()
    await second.clock.advance(0)
    expect(call.result.text).toBe('draft')
  }
})

test('a judge that watches ends a draft early and saves the rest of it', async () => {
  const watching: Judge = { ...good, watch: ({ text }) => (text.includes('bad') ? { accepted: false, reason: 'bad' } : undefined) }
  const { clock, start, targets } = setUp(pair([{ text: 'bad' }, { afterMs: 60_000, text: ' and long' }]), { judge: watching })
  const { result } = start()
  await clock.advance(0)
  expect(result.text).toBe('good, from strong')
  expect(ends(result.receipt)).toEqual(['draft first rejected', 'strong escalation answered'])
  expect(targets[0]!.signals[0]!.aborted).toBe(true)
})

test('when the better model fails, a poor answer is better than none', async () => {
  const { clock, start } = setUp(pair(answer('a poor one', { afterMs: 1 }), [{ fail: { kind: 'auth', message: '' } }]), { judge: good })
  const { result } = start()
  await clock.advance(1)
  expect(result.text).toBe('a poor one')
  expect(ends(result.receipt)).toEqual(['draft first answered', 'strong escalation failed'])
  expect(result.receipt).toMatchObject({ target: 'draft', attempts: [{ verdict: { accepted: false } }, {}] })
})

test('a draft that was cut short is asked for again, unjudged, when the better model fails', async () => {
  const watching: Judge = { ...good, watch: () => ({ accepted: false }) }
  const { clock, start } = setUp(pair(answer('a poor one'), [{ fail: { kind: 'auth', message: '' } }]), { judge: watching })
  const { result } = start()
  await clock.advance(0)
  expect(result.text).toBe('a poor one')
  expect(ends(result.receipt)).toEqual(['draft first rejected', 'strong escalation failed', 'draft fallback answered'])
})

test('a poor answer is given when time is over before a better one', async () => {
  const { clock, start } = setUp(pair(answer('a poor one'), [{ hang: true }]), { judge: good, hedge: false, timeouts: { totalMs: 5_000 } })
  const { result } = start()
  await clock.advance(5_000)
  expect(result.text).toBe('a poor one')
})

test('of several poor answers the best is given', async () => {
  const { clock, start } = setUp(
    clock => [
      scriptedTarget('a', clock, answer('fair', { afterMs: 1 }), { card: { quality: { default: 0.5 } } }),
      scriptedTarget('b', clock, answer('poor'), { card: { ...pricey, quality: { default: 0.6 } } }),
    ],
    { judge: good },
  )
  const { result } = start({ prompt: 'hi', features: { needs: { streaming: false } } })
  await clock.advance(1)
  expect(result.receipt?.target).toBe('a')
  expect(ends(result.receipt)).toEqual(['a first answered', 'b escalation rejected'])
})

test('a fault that can be mended is sent back once, before anybody dearer is asked', async () => {
  const schema: Judge = {
    name: 'schema',
    judge: ({ text }) => (text.startsWith('{') ? { accepted: true } : { accepted: false, repair: 'Answer in JSON.' }),
  }
  const mended = setUp(pair([answer('no json'), answer('{}')]), { judge: schema })
  const first = mended.start()
  await mended.clock.advance(0)
  expect(first.result.text).toBe('{}')
  expect(mended.targets[0]!.calls[1]).toEqual({ prompt: 'hello there | no json | Answer in JSON.' })
  expect(ends(first.result.receipt)).toEqual(['draft first rejected', 'draft repair answered'])
  const hopeless = setUp(pair([answer('no json'), answer('still none')], answer('{"strong":1}')), { judge: schema })
  const second = hopeless.start()
  await hopeless.clock.advance(0)
  expect(second.result.text).toBe('{"strong":1}')
  expect(ends(second.result.receipt)).toEqual(['draft first rejected', 'draft repair rejected', 'strong escalation answered'])
})

const { repair: _, ...unmending } = scriptedDialect

test('an answer that nobody could better is passed on as it comes', async () => {
  const strong: ScriptStep[] = [{ text: 'word ' }, { afterMs: 1_000, text: 'word' }, { finish: 'stop' }]
  const { clock, start } = setUp(clock => [scriptedTarget('only', clock, strong)], {
    judge: good,
    dialect: unmending,
  })
  const { result } = start()
  await clock.advance(500)
  expect(result.text).toBe('word ')
})

test('a draft that cannot pay is not made: the strong model is asked at once', async () => {
  const { clock, start } = setUp(
    clock => [
      scriptedTarget('draft', clock, answer('good'), {
        card: { quality: { default: 0.5 }, prices: [{ rates: { input: 60, output: 120 } }] },
      }),
      scriptedTarget('strong', clock, answer('good'), { card: pricey }),
    ],
    { judge: good },
  )
  const { result } = start()
  await clock.advance(0)
  expect(ends(result.receipt)).toEqual(['strong first answered'])
})

test('learns how often a draft is accepted, and stops making drafts that never are', async () => {
  const { clock, start } = setUp(pair(answer('a poor one')), { judge: good })
  let drafts = 0
  for (let call = 0; call < 400; call += 1) {
    const { result } = start()
    await clock.advance(0)
    drafts += Number(result.receipt?.attempts[0]?.target === 'draft')
  }
  expect(drafts).toBeLessThan(400)
})

test('a failing draft goes to the better model as a fallback, without a judge', async () => {
  const { clock, start } = setUp(pair([{ fail: { kind: 'overloaded', message: '' } }]), { judge: good })
  const { result } = start()
  await clock.advance(0)
  expect(ends(result.receipt)).toEqual(['draft first failed', 'strong fallback answered'])
})

test('samples and questions of a judge are on the receipt, and their cost too', async () => {
  const asking: Judge = {
    name: 'asking',
    async judge(answerGiven, { sample }) {
      const other = await sample()
      return { accepted: other.text === answerGiven.text }
    },
  }
  const { clock, start } = setUp(pair(answer('same', { afterMs: 1 })), { judge: asking })
  const { result } = start()
  await clock.advance(2)
  expect(ends(result.receipt)).toEqual(['draft first answered', 'draft sample answered'])
  expect(result.receipt).toMatchObject({ target: 'draft', costNanoUsd: 40_000 })
})

test('what a judge is still doing ends with the call', async () => {
  let signal: AbortSignal | undefined
  const hanging: Judge = {
    name: 'hanging',
    judge: (_, context) => {
      signal = context.signal
      return new Promise(() => {})
    },
  }
  const controller = new AbortController()
  const { clock, start } = setUp(pair(answer('draft')), { judge: hanging })
  const { result } = start({ prompt: 'hi' }, { signal: controller.signal })
  await clock.advance(100)
  controller.abort()
  await clock.settle()
  expect(result.error).toMatchObject({
    code: 'aborted',
    receipt: { attempts: [{ target: 'draft', end: { type: 'aborted' }, usageSource: 'provider' }] },
  })
  expect(signal?.aborted).toBe(true)
  expect(clock.pending()).toBe(0)
})

test('a judge that takes too long gives no verdict; at the end of the call its answer is given all the same', async () => {
  const silent: Judge = { name: 'silent', judge: () => new Promise(() => {}) }
  const patient = setUp(pair(answer('draft')), { judge: silent, timeouts: { judgeMs: 3_000 } })
  const first = patient.start()
  await patient.clock.advance(3_000)
  expect(first.result.text).toBe('draft')
  const short = setUp(pair(answer('draft')), { judge: silent, timeouts: { totalMs: 1_000 } })
  const second = short.start()
  await short.clock.advance(1_000)
  expect(second.result.text).toBe('draft')
  expect(short.clock.pending()).toBe(0)
})

test('when all better models fail, a worse one is still asked', async () => {
  const watching: Judge = { ...good, watch: ({ text }) => (text.includes('bad') ? { accepted: false } : undefined) }
  const server = { fail: { kind: 'bad_request' as const, message: '' } }
  const { clock, start } = setUp(
    clock => [
      scriptedTarget('a', clock, [[{ text: 'bad' }, { afterMs: 10, text: ' and long' }], [server]], {
        card: { quality: { default: 0.8 } },
      }),
      scriptedTarget('b', clock, [{ fail: { kind: 'auth', message: '' } }], { card: pricey }),
      scriptedTarget('c', clock, answer('worse'), { card: { quality: { default: 0.5 } } }),
    ],
    { judge: watching },
  )
  const { result } = start()
  await clock.advance(10)
  expect(result.text).toBe('worse')
})

test('a judge need not wait for what it has asked for', async () => {
  const hasty: Judge = {
    name: 'hasty',
    judge: (_, { sample }) => {
      void sample()
      return { accepted: true }
    },
  }
  const { clock, start } = setUp(pair([answer('draft'), [{ hang: true }]]), { judge: hasty })
  const { result } = start()
  await clock.advance(0)
  expect(result.text).toBe('draft')
  expect(ends(result.receipt)).toContain('draft sample aborted')
})

test('a draft that was cut short is asked for again once, whatever is left', async () => {
  const card = (quality: number) => ({
    card: { quality: { default: quality }, prices: [{ rates: { input: 100 ** (10 * quality), output: 0 } }] },
  })
  const failing = { fail: { kind: 'auth' as const, message: '' } }
  const watching: Judge = { ...good, watch: () => ({ accepted: false }) }
  const { clock, start, targets } = setUp(
    clock => [
      scriptedTarget('a', clock, [{ text: 'bad' }, { afterMs: 10, ...failing }], card(0.5)),
      scriptedTarget('b', clock, [{ text: 'bad' }, { afterMs: 10, ...failing }], card(0.7)),
      scriptedTarget('c', clock, answer('bad'), card(0.6)),
      scriptedTarget('d', clock, [failing], card(0.9)),
    ],
    { judge: watching },
  )
  const { result } = start()
  await clock.advance(1_000)
  expect(result.text).toBe('bad')
  expect(targets.map(({ signals }) => signals.length)).toEqual([2, 2, 1, 1])
})

const MODELS: Readonly<Record<string, Rates>> = {
  luna: { input: 0.1, cacheRead: 0.01, cacheWrite: 0.125, output: 0.5 },
  sol: { input: 2, cacheRead: 0.2, cacheWrite: 2.5, output: 10 },
  haiku: { input: 1, cacheRead: 0.1, cacheWrite: 1.25, output: 5 },
  opus: { input: 4, cacheRead: 0.2, cacheWrite: 5, output: 20 },
}
const noon = Date.parse('2026-11-21T12:00:00Z')
/** A target before a prompt of which it holds all but what is new, or nothing. */
function before(id: string, promptTokens: number, { warm, quality }: { warm: boolean; quality: number }): Candidate {
  const card = scriptedCard(id, { prices: [{ rates: MODELS[id]! }] })
  const [newTokens, outputTokens] = promptTokens > 10_000 ? [1_000, 500] : [300, 300]
  const read = warm ? promptTokens : 0
  const usage = {
    inputTokens: promptTokens + newTokens,
    cacheReadTokens: read,
    cacheWriteTokens: promptTokens - read,
    outputTokens,
    reasoningTokens: 0,
  }
  const usd = costOf(card, usage, noon)! / 1e9
  return scriptedCandidate({ id, card }, { expectedCostUsd: usd, conversationCostUsd: usd, expectedQuality: quality })
}

// Share of drafts that must be accepted: cost of the cold draft ÷ cost of the strong model. Prompts of 100,000 and of 2,000 tokens.
test.each([
  ['luna', 'sol', 100_000, 0.05, 0.5],
  ['luna', 'opus', 100_000, 0.03, 0.39],
  ['haiku', 'opus', 100_000, 0.25, 3.79],
  ['luna', 'sol', 2_000, 0.05, 0.11],
  ['haiku', 'opus', 2_000, 0.25, 0.57],
])('a cold draft of %s before %s with %i tokens pays from this share of accepted ones on', (draft, strong, tokens, cold, warm) => {
  const first = (isWarm: boolean, accepted: number) =>
    payingPlan([before(draft, tokens, { warm: false, quality: 0.8 }), before(strong, tokens, { warm: isWarm, quality: 0.95 })], 'chat', {
      expect: () => accepted,
      judgeCostUsd: 0,
    })[0]!.id
  expect(first(false, cold - 0.02)).toBe(strong)
  expect(first(false, cold + 0.02)).toBe(draft)
  // More than all of them: never.
  expect(first(true, Math.min(1, warm - 0.03))).toBe(strong)
  expect(first(true, Math.min(1, warm + 0.03))).toBe(warm < 1 ? draft : strong)
})

test('a draft is not made where the strong model would go cold over it, and is needed again', () => {
  const plan = [before('luna', 100_000, { warm: false, quality: 0.8 }), before('opus', 100_000, { warm: true, quality: 0.95 })]
  const first = (accepted: number, coolingUsd: number) =>
    payingPlan(plan, 'chat', { expect: () => accepted, judgeCostUsd: 0 }, () => coolingUsd)[0]!.id
  expect(first(0.8, 0)).toBe('luna')
  expect(first(0.8, 0.48)).toBe('opus')
  expect(first(1, 0.48)).toBe('luna')
})
