import { expect, test } from 'vitest'
import { createFaultScript } from './fault-script.ts'
import type { Fault } from './fault.ts'

const overloaded = { type: 'http-error', kind: 'overloaded' } as const
const subject = { provider: 'openai', model: 'gpt-4.1', stream: false, nowMs: 0 }
/** Which of so many requests a fault strikes, counted from 1. */
const struck = (fault: Fault, requests = 10, seed = 1): number[] => {
  const script = createFaultScript([fault], seed)
  return Array.from({ length: requests }, (_, index) => index + 1).filter(() => script.strike(subject).length > 0)
}

test('a fault without conditions strikes every request', () => {
  expect(struck({ effect: overloaded }, 3)).toEqual([1, 2, 3])
})

test('it strikes only what it matches', () => {
  const script = createFaultScript(
    [{ when: { provider: 'openai', model: 'gpt-4.1', stream: true, fromMs: 100, toMs: 200 }, effect: overloaded }],
    1,
  )
  const strikes = (change: object) => script.strike({ ...subject, stream: true, nowMs: 150, ...change }).length
  expect(strikes({})).toBe(1)
  expect(strikes({ provider: 'xai' })).toBe(0)
  expect(strikes({ model: 'gpt-4o' })).toBe(0)
  expect(strikes({ stream: false })).toBe(0)
  expect(strikes({ nowMs: 99 })).toBe(0)
  expect(strikes({ nowMs: 200 })).toBe(0)
})

test('it counts the requests that match', () => {
  expect(struck({ when: { nth: 3 }, effect: overloaded })).toEqual([3])
  expect(struck({ when: { nth: { from: 2, to: 4 } }, effect: overloaded })).toEqual([2, 3, 4])
  expect(struck({ when: { nth: { every: 3 } }, effect: overloaded })).toEqual([1, 4, 7, 10])
  expect(struck({ effect: overloaded, times: 2 })).toEqual([1, 2])
})

test('a probability is drawn by seed', () => {
  const half: Fault = { when: { probability: 0.5 }, effect: overloaded }
  expect(struck(half, 1000).length / 1000).toBeCloseTo(0.5, 1)
  expect(struck(half, 100, 7)).toEqual(struck(half, 100, 7))
  expect(struck(half, 100, 7)).not.toEqual(struck(half, 100, 8))
})

test('faults come and go while it runs', () => {
  const script = createFaultScript([], 1)
  const remove = script.add({ effect: overloaded })
  expect(script.strike(subject)).toEqual([overloaded])
  remove()
  remove()
  expect(script.strike(subject)).toEqual([])
})
