import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chain, EMPTY_PREFIX } from '../describe/prefix.ts'
import { NO_NEEDS } from '../describe/needs.ts'
import { createManualClock, scriptedBlock, scriptedCandidate, scriptedCard } from '../testing/index.ts'
import type { Candidate, Features, TargetFacts } from '../types.ts'
import { createPlacement } from './placement.ts'

const card = scriptedCard('m')
const upstream = (at: number, facts: Partial<TargetFacts> = {}): TargetFacts => ({ id: `upstream-${at}`, card, account: `${at}`, ...facts })
const upstreams = (count: number): TargetFacts[] => Array.from({ length: count }, (_, at) => upstream(at))

/** A conversation's prompt: a system of so many tokens, and as many of its own. */
function prompt(conversation: number, { systemTokens = 0, ownTokens = 1_000 } = {}): Features {
  const system = scriptedBlock(chain(EMPTY_PREFIX, 17), systemTokens, { role: 'system' })
  const own = scriptedBlock(chain(system.hash, conversation + 1), systemTokens + ownTokens)
  return { inputTokens: own.tokens, maxOutputTokens: undefined, needs: NO_NEEDS, prefix: [system, own], task: 'chat', turn: 'user' }
}

/** A process with its own placement; what its targets hold is said by the test. */
function setUp(targets: readonly TargetFacts[]) {
  const clock = createManualClock()
  const placement = createPlacement(clock, targets)
  const candidates = (features: Features, held: Readonly<Record<string, number>>): Candidate[] =>
    targets.map(target => scriptedCandidate(target, { inputTokens: features.inputTokens, cacheReadTokens: held[target.id] ?? 0 }))
  const order = (features: Features, held: Readonly<Record<string, number>> = {}, resting: readonly string[] = []): string[] =>
    placement.place(candidates(features, held), features, new Map(resting.map(id => [id, 'cooldown']))).map(({ id }) => id)
  return { clock, order, sent: placement.sent }
}

test('two processes that know nothing of each other send a new conversation to the same target', () => {
  const [one, other] = [setUp(upstreams(4)), setUp(upstreams(4))]
  const firsts = Array.from({ length: 50 }, (_, conversation) => one.order(prompt(conversation))[0])
  expect(Array.from({ length: 50 }, (_, conversation) => other.order(prompt(conversation))[0])).toEqual(firsts)
  expect(new Set(firsts).size).toBe(4)
})

test('a process that has just started finds a conversation where another has begun it', () => {
  const begun = setUp(upstreams(4)).order(prompt(7))[0]
  const later = prompt(7)
  const grown = { ...later, inputTokens: 5_000, prefix: [...later.prefix, scriptedBlock(99, 5_000, { role: 'assistant' })] }
  expect(setUp(upstreams(4)).order(grown)[0]).toBe(begun)
})

test('a target that is added takes its share from all others, and nothing else moves', () => {
  const [four, five] = [setUp(upstreams(4)), setUp(upstreams(5))]
  const all = Array.from({ length: 1_000 }, (_, conversation) => ({
    before: four.order(prompt(conversation))[0],
    after: five.order(prompt(conversation))[0],
  }))
  const moved = all.filter(({ before, after }) => before !== after)
  expect(moved.every(({ after }) => after === 'upstream-4')).toBe(true)
  expect(moved.length).toBeGreaterThan(140)
  expect(moved.length).toBeLessThan(260)
})

test('targets come in the order of what they hold of the prompt', () => {
  const { order } = setUp(upstreams(3))
  expect(order(prompt(1), { 'upstream-0': 300, 'upstream-1': 900, 'upstream-2': 600 })).toEqual(['upstream-1', 'upstream-2', 'upstream-0'])
})

test('a conversation stays where it is warm while there is room', () => {
  const { order, sent } = setUp(upstreams(2))
  for (let turn = 0; turn < 9; turn += 1) {
    expect(order(prompt(1, { ownTokens: 10_000 }), { 'upstream-1': 9_000 })[0]).toBe('upstream-1')
    sent('upstream-1', 10_000)
  }
})

test('a conversation that has to leave goes to the target with the next most of it', () => {
  const { order, sent } = setUp(upstreams(4))
  sent('upstream-0', 200_000)
  const held = { 'upstream-0': 9_000, 'upstream-2': 4_000, 'upstream-3': 2_000 }
  expect(order(prompt(1, { ownTokens: 10_000 }), held)).toEqual(['upstream-2', 'upstream-3', 'upstream-1', 'upstream-0'])
})

test('it comes back when the load of the minute has passed', async () => {
  const { clock, order, sent } = setUp(upstreams(2))
  sent('upstream-0', 400_000)
  const call = prompt(1, { ownTokens: 10_000 })
  expect(order(call, { 'upstream-0': 9_000 })[0]).toBe('upstream-1')
  await clock.advance(61_000)
  expect(order(call, { 'upstream-0': 9_000 })[0]).toBe('upstream-0')
})

test('a new conversation leaves room for those that are at home, one that is warm does not', () => {
  const { order, sent } = setUp(upstreams(2))
  sent('upstream-0', 70_000)
  for (let conversation = 0; conversation < 20; conversation += 1) expect(order(prompt(conversation))[0]).toBe('upstream-1')
  expect(order(prompt(1, { ownTokens: 60_000 }), { 'upstream-0': 59_000 })[0]).toBe('upstream-0')
})

test('what all conversations begin with does not draw them to one target', () => {
  const { order, sent } = setUp(upstreams(2))
  const first = { systemTokens: 20_000, ownTokens: 500 }
  expect(order(prompt(1, first), { 'upstream-0': 20_000 })[0]).toBe('upstream-0')
  sent('upstream-0', 41_000)
  expect(order(prompt(2, first), { 'upstream-0': 20_000 })[0]).toBe('upstream-1')
})

test('a target that rests takes no share: the others do not count as crowded for it', () => {
  const { order, sent } = setUp(upstreams(3))
  sent('upstream-0', 300_000)
  sent('upstream-1', 300_000)
  const call = prompt(1, { ownTokens: 10_000 })
  expect(order(call, { 'upstream-0': 9_000 })[0]).toBe('upstream-2')
  expect(order(call, { 'upstream-0': 9_000 }, ['upstream-2'])).toEqual(['upstream-0', 'upstream-1', 'upstream-2'])
})

test('other places of the plan stay as the policy has set them', () => {
  const targets = [upstream(0, { group: 'g' }), upstream(1), upstream(2, { group: 'g' }), upstream(3, { group: 'h' })]
  const { order } = setUp(targets)
  expect(order(prompt(1), { 'upstream-2': 900 })).toEqual(['upstream-2', 'upstream-1', 'upstream-0', 'upstream-3'])
})

test('a plan without equal targets is passed on as it is', () => {
  const clock = createManualClock()
  const targets = ['a', 'b'].map(id => ({ id, card: scriptedCard(id) }))
  const plan = targets.map(target => scriptedCandidate(target))
  expect(createPlacement(clock, targets).place(plan, prompt(1), new Map())).toBe(plan)
})

test('whatever comes in whatever bursts, no target gets more than 1.3 times its share of a minute and 100,000 tokens', async () => {
  const call = fc.record({
    conversation: fc.nat(8),
    tokens: fc.integer({ min: 100, max: 60_000 }),
    afterMs: fc.constantFrom(0, 0, 0, 500, 5_000, 40_000),
  })
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 2, max: 5 }), fc.array(call, { minLength: 20, maxLength: 150 }), async (count, calls) => {
      const { clock, order, sent } = setUp(upstreams(count))
      const held = new Map<number, Record<string, number>>()
      const log: { at: number; id: string; tokens: number }[] = []
      for (const { conversation, tokens, afterMs } of calls) {
        await clock.advance(afterMs)
        const known = held.get(conversation) ?? {}
        const chosen = order(prompt(conversation, { ownTokens: tokens }), known)[0]!
        sent(chosen, tokens)
        held.set(conversation, { ...known, [chosen]: tokens })
        log.push({ at: clock.now(), id: chosen, tokens })
        const minute = log.filter(({ at }) => at > clock.now() - 60_000)
        const total = minute.reduce((sum, entry) => sum + entry.tokens, 0)
        const own = minute.filter(({ id }) => id === chosen).reduce((sum, entry) => sum + entry.tokens, 0)
        expect(own).toBeLessThanOrEqual((1.3 * total) / count + 100_000)
      }
    }),
    { numRuns: 60, endOnFailure: true },
  )
})

test('the same model twice on one account, or without one, is two ways of asking it: the policy’s order stands', () => {
  const one = [upstream(0, { account: 'mine' }), upstream(1, { account: 'mine' }), { id: 'bare', card }, { id: 'barer', card }]
  const { order } = setUp(one)
  for (let conversation = 0; conversation < 20; conversation += 1) {
    expect(order(prompt(conversation))).toEqual(['upstream-0', 'upstream-1', 'bare', 'barer'])
  }
})
